import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CopyPolicy } from '../../../src-main/contract/copy-calls'
import { FolderPath } from '../../../src-main/contract/model'
import type { SecretStore } from '../../../src-main/kv/secret-store'
import { contents, newCopies, newStore, newWork, orderOf, put, type StoreKind } from './copy-stores'
import { pathsBelow } from '../../../src-main/stores/copy/subtree'

const name = fc.constantFrom('a', 'b', 'a-copy', 'x/a', 'x/b', 'x/y/a')
const value = fc.constantFrom('{"v":1}', '{"v":2}', '{"v":{"w":3}}')
/** Secrets with one to three versions. */
const tree = fc.dictionary(name, fc.array(value, { minLength: 1, maxLength: 3 }), { maxKeys: 6 })
const policy = fc.record({
  versions: fc.constantFrom(...CopyPolicy.shape.versions.options),
  conflicts: fc.constantFrom(...CopyPolicy.shape.conflicts.options),
  move: fc.boolean(),
  acceptLoss: fc.boolean(),
})

async function fill(store: SecretStore, at: string, secrets: Record<string, readonly string[]>) {
  for (const [below, versions] of Object.entries(secrets)) {
    for (const text of versions) await put(store, `${at}/${below}`, text)
  }
}

/** Every value that a store has below a folder, versions and the bin included, by path. */
async function history(store: SecretStore, at: string): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>()
  const isVersioned = store.capabilities().includes('versions')
  for (const one of await pathsBelow(store, FolderPath.parse(at))) {
    const numbers = isVersioned
      ? (await store.readMetadata(one)).versions.map(({ version }) => version)
      : [undefined]
    const versions = numbers.map((number) => store.readVersion(one, number))
    const texts = (await Promise.all(versions)).flatMap(({ data = [] }) => data)
    found.set(one.slice(at.length + 1), new Set(texts))
  }
  return found
}

const pairs: readonly (readonly [StoreKind, StoreKind])[] = [
  ['local', 'local'],
  ['local', 'KV1'],
  ['OKMS REST', 'local'],
]

test.each(pairs)('from %s to %s nothing is lost, whatever the trees', async (fromKind, toKind) => {
  const [from, to] = [await newStore(fromKind), await newStore(toKind)]
  const { copies, keeper } = await newCopies(() => [from, to])
  let runs = 0
  const property = fc.asyncProperty(tree, tree, policy, async (own, other, how) => {
    const at = `run${(runs += 1)}`
    await fill(from, at, own)
    await fill(to, at, other)
    const sourceBefore = await history(from, at)
    const targetBefore = await history(to, at)
    const isVersioned = to.capabilities().includes('versions')
    const work = newWork()
    const order = orderOf(from, to, how, { from: at, to: at })
    const plan = await copies.plan(work, { order, readsValues: true, keeper })
    const report = await copies.run(work)
    expect(report.counts).toMatchObject({ changed: 0, failed: 0 })
    const source = await history(from, at)
    const target = await history(to, at)

    // What the target had it has, and what changed there is what the plan said.
    for (const [one, texts] of targetBefore) {
      expect([...texts].every((text) => target.get(one)?.has(text))).toBe(true)
    }
    const written = new Set(
      plan.rows
        .filter(({ action }) => ['create', 'newVersion', 'rename'].includes(action))
        .map(({ to: one }) => one.slice(at.length + 1)),
    )
    for (const one of target.keys()) {
      const isSame =
        String([...(target.get(one) ?? [])]) === String([...(targetBefore.get(one) ?? [])])
      if (!isSame) expect(written.has(one)).toBe(true)
    }
    const now = await contents(to, at)
    for (const row of plan.rows) {
      const last = own[row.from.slice(at.length + 1)]?.at(-1) ?? ''
      if (row.action !== 'conflict') expect(now[row.to]).toEqual(JSON.parse(last))
      // Every version is carried, into a store that keeps them.
      const isNew = row.action === 'create' || row.action === 'rename'
      if (!isNew || !isVersioned || how.versions === 'latest') continue
      expect(target.get(row.to.slice(at.length + 1))).toEqual(
        sourceBefore.get(row.from.slice(at.length + 1)),
      )
    }

    // The source is as it was; of a move what was carried over is gone, or in the bin.
    for (const row of plan.rows) {
      const below = row.from.slice(at.length + 1)
      const mayGo = how.move && row.action !== 'conflict'
      const isLossless =
        row.leftBehind === 0 || how.acceptLoss || from.capabilities().includes('bin')
      expect(source.has(below)).toBe(!(mayGo && isLossless))
      if (source.has(below)) expect(source.get(below)).toEqual(sourceBefore.get(below))
    }
    if (how.move && from.capabilities().includes('bin')) {
      for (const row of plan.rows.filter(({ action }) => action !== 'conflict')) {
        const binned = (await from.bin().list()).filter((one) => one.path === row.from)
        expect(binned).toHaveLength(1)
      }
    }

    // The same again has nothing to do but conflicts that were skipped.
    const again = await copies.plan(newWork(), {
      ...{ order: { ...order, policy: { ...order.policy, conflicts: 'skip' } }, keeper },
      readsValues: true,
    })
    expect(again.counts.create).toBe(0)
  })
  await fc.assert(property, { numRuns: 15 })
})
