import { describe, expect, test } from 'vitest'
import type { CopyPolicy } from '../../../src-main/contract/copy-calls'
import type { SecretStore } from '../../../src-main/kv/secret-store'
import {
  contents,
  newCopies,
  newStore,
  newWork,
  orderOf,
  put,
  storeKinds,
  type StoreKind,
} from './copy-stores'

async function copyAll(
  from: SecretStore,
  to: SecretStore,
  policy: Partial<CopyPolicy> = {},
  folders: { from?: string; to?: string } = {},
) {
  const { copies, vault, keeper } = await newCopies(() => [from, to])
  const work = newWork()
  const order = orderOf(from, to, policy, folders)
  const plan = await copies.plan(work, { order, readsValues: true, keeper })
  const report = await copies.run(work)
  expect(await vault.copies.list()).toEqual([])
  return { plan, report }
}

const pairs: readonly (readonly [StoreKind, StoreKind])[] = [
  ...storeKinds.map((to) => ['local', to] as const),
  ...storeKinds.slice(1).map((from) => [from, 'local'] as const),
  ['KV2', 'OKMS REST'],
  ['OKMS REST', 'KV1'],
  ['KV1', 'KV2'],
  ['local KV1', 'KV1'],
]

describe.each(pairs)('from %s to %s', (fromKind, toKind) => {
  const both = async () => [await newStore(fromKind), await newStore(toKind)] as const

  test('everything is copied, verified, and identical the next time', async () => {
    const [from, to] = await both()
    await put(from, 'app/db', '{"user":"me","password":"one"}')
    await put(from, 'app/api', '{"key":1.5}')
    await put(from, 'top', '{"a":{"b":[1,2]}}')
    const before = await contents(from)
    const { plan, report } = await copyAll(from, to, {}, {})
    expect(plan.counts.create).toBe(3)
    expect(plan.bytes).toBe(30 + 11 + 17)
    expect(report.counts).toMatchObject({ copied: 3, failed: 0, changed: 0 })
    expect(await contents(to)).toEqual(before)
    expect(await contents(from)).toEqual(before)
    const again = await copyAll(from, to)
    expect(again.plan.counts).toMatchObject({ identical: 3, create: 0 })
    expect(again.report.counts).toMatchObject({ skipped: 3, copied: 0 })
  })

  test('a conflict is skipped, copied beside, or a new version', async () => {
    const [from, to] = await both()
    await put(from, 'a', '{"v":"source"}')
    await put(to, 'a', '{"v":"target"}')
    expect((await copyAll(from, to)).plan.counts.conflict).toBe(1)
    expect(await contents(to)).toEqual({ a: { v: 'target' } })
    const renamed = await copyAll(from, to, { conflicts: 'rename' })
    expect(renamed.plan.rows).toMatchObject([{ from: 'a', to: 'a-copy', action: 'rename' }])
    expect(await contents(to)).toEqual({ a: { v: 'target' }, 'a-copy': { v: 'source' } })
    const isVersioned = to.capabilities().includes('versions')
    const { plan } = await copyAll(from, to, { conflicts: 'newVersion' })
    if (!isVersioned) {
      expect(plan.rows).toMatchObject([{ action: 'conflict', reason: 'noVersions' }])
      return
    }
    expect((await contents(to))['a']).toEqual({ v: 'source' })
    const [first] = (await to.readMetadata(plan.rows[0]!.to)).versions
    expect((await to.readVersion(plan.rows[0]!.to, first!.version)).data).toBe('{"v":"target"}')
  })

  test('a move leaves nothing at the source', async () => {
    const [from, to] = await both()
    await put(from, 'app/one', '{"n":1}')
    await put(from, 'app/two', '{"n":2}')
    await put(from, 'other', '{"n":3}')
    await put(to, 'new/two', '{"n":2}')
    const { report } = await copyAll(from, to, { move: true }, { from: 'app', to: 'new' })
    expect(report.counts).toMatchObject({ moved: 2 })
    expect(await contents(from)).toEqual({ other: { n: 3 } })
    expect(await contents(to)).toEqual({ 'new/one': { n: 1 }, 'new/two': { n: 2 } })
  })
})
