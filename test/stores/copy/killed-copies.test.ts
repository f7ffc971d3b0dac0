import { expect, test } from 'vitest'
import type { CopyPolicy } from '../../../src-main/contract/copy-calls'
import { CoffretError } from '../../../src-main/contract/errors'
import type { SecretStore } from '../../../src-main/kv/secret-store'
import {
  contents,
  newCopies,
  newStore,
  newWork,
  orderOf,
  path,
  put,
  type StoreKind,
} from './copy-stores'
import { Life, mortal, type Death } from './life'

/** A source with several versions, and a target that has something at one of the paths. */
async function prepare(from: SecretStore, to: SecretStore, at: string) {
  const words = { settings: { customMetadata: [['team', 'blue']] as const } }
  for (const n of [1, 2, 3]) await put(from, `${at}/a/one`, `{"n":${n}}`)
  await put(from, `${at}/a/two`, '{"n":4}')
  await put(from, `${at}/three`, '{"n":5}')
  if (from.capabilities().includes('metadata')) {
    await from.write(path(`${at}/a/one`), { mode: 'update', ...words })
  }
  await put(to, `${at}/three`, '{"n":"other"}')
}

/** What a copy of {@link prepare} leaves at the target. */
function expected(at: string, policy: Partial<CopyPolicy>, isVersioned: boolean) {
  const isNew = policy.conflicts === 'newVersion' && isVersioned
  return {
    [`${at}/a/one`]: { n: 3 },
    [`${at}/a/two`]: { n: 4 },
    [`${at}/three`]: isNew ? { n: 5 } : { n: 'other' },
    ...(policy.conflicts === 'rename' ? { [`${at}/three-copy`]: { n: 5 } } : {}),
  }
}

async function versionsOf(store: SecretStore, at: string) {
  const metadata = await store.readMetadata(path(at))
  const found = metadata.versions.map(({ version }) => store.readVersion(path(at), version))
  return (await Promise.all(found)).map(({ data }) => data)
}

const cases: readonly (readonly [StoreKind, StoreKind, Partial<CopyPolicy>])[] = [
  ['local', 'local', { versions: 'all', conflicts: 'newVersion', move: true, acceptLoss: true }],
  ['local', 'KV2', { versions: 'all', conflicts: 'rename' }],
  ['local', 'OKMS REST', { versions: 'all', conflicts: 'newVersion', move: true }],
  ['local', 'KV1', { conflicts: 'rename', move: true }],
  ['KV2', 'local', { versions: 'all', conflicts: 'newVersion', move: true, acceptLoss: true }],
]

test.each(cases)(
  'from %s to %s, killed at any step, it goes on and does nothing twice (%j)',
  async (fromKind, toKind, policy) => {
    const life = new Life()
    const [from, to] = [await newStore(fromKind, life), await newStore(toKind, life)]
    const { make, vault, keeper } = await newCopies(() => [from, to])
    const isVersioned = to.capabilities().includes('versions')
    const copy = async (at: string, before: () => void) => {
      await prepare(from, to, at)
      const source = await contents(from, at)
      const copies = make(mortal(vault.copies, life))
      const work = newWork()
      const order = orderOf(from, to, policy, { from: at, to: at })
      await copies.plan(work, { order, readsValues: true, keeper })
      before()
      await copies.run(work).catch(() => undefined)
      const wasHit = life.wasHit
      life.goOn()
      const pending = await make().pending()
      expect(pending.length).toBeLessThanOrEqual(1)
      for (const { work: id } of pending) {
        const report = await make().resume(keeper, id)
        expect(report.counts).toMatchObject({ failed: 0, changed: 0 })
      }
      // Killed before anything was written down, it is simply done anew.
      if (pending.length === 0) {
        await copies.plan(work, { order, readsValues: true, keeper })
        await copies.run(work)
      }
      expect(await make().pending()).toEqual([])
      return { wasHit, source }
    }
    for (const how of ['before', 'after'] satisfies Death[]) {
      let wasHit = true
      let step = 1
      for (; wasHit; step += 1) {
        const at = `${how}${step}`
        const done = await copy(at, () => life.endAt(step, how))
        wasHit = done.wasHit
        expect(await contents(to, at)).toEqual(expected(at, policy, isVersioned))
        if (isVersioned && policy.versions === 'all') {
          expect(await versionsOf(to, `${at}/a/one`)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}'])
          const { customMetadata } = await to.readMetadata(path(`${at}/a/one`))
          expect(customMetadata).toEqual([['team', 'blue']])
        }
        if (isVersioned && policy.conflicts === 'newVersion') {
          expect(await versionsOf(to, `${at}/three`)).toEqual(['{"n":"other"}', '{"n":5}'])
        }
        if (policy.move === true) expect(await contents(from, at)).toEqual({})
        else expect(await contents(from, at)).toEqual(done.source)
      }
      expect(step).toBeGreaterThan(6)
    }
  },
)

test.each(['local', 'KV2', 'OKMS REST', 'KV1'] as const)(
  'a reply of %s that is lost is looked for, and nothing is written twice',
  async (toKind) => {
    const life = new Life()
    const from = await newStore('local')
    const to = await newStore(toKind, life)
    const { make, keeper } = await newCopies(() => [from, to])
    for (const step of [1, 2, 3]) {
      const at = `s${step}`
      for (const name of ['a', 'b', 'c']) await put(from, `${at}/${name}`, '{"x":1}')
      const copies = make()
      const work = newWork()
      const order = orderOf(from, to, {}, { from: at, to: at })
      await copies.plan(work, { order, readsValues: false, keeper })
      life.failAt(step, 'after', new CoffretError('busy', 'no reply'))
      expect((await copies.run(work)).counts).toMatchObject({ copied: 3, failed: 0 })
      expect(life.wasHit).toBe(true)
      life.goOn()
      if (!to.capabilities().includes('versions')) continue
      for (const name of ['a', 'b', 'c']) {
        expect(await versionsOf(to, `${at}/${name}`)).toEqual(['{"x":1}'])
      }
    }
  },
)
