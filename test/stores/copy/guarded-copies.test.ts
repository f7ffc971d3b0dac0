import { describe, expect, test } from 'vitest'
import type { CopyPolicy } from '../../../src-main/contract/copy-calls'
import { CoffretError, type FailureCode } from '../../../src-main/contract/errors'
import type { SecretPath } from '../../../src-main/contract/model'
import type { SecretStore } from '../../../src-main/kv/secret-store'
import { contents, newCopies, newStore, newWork, orderOf, path, put } from './copy-stores'

const failing = (code: string) => expect.objectContaining({ code })

/** Both stores, and what it takes to plan and run. */
async function between(from: SecretStore, to: SecretStore) {
  const { copies, keeper, make, vault } = await newCopies(() => [from, to])
  const plan = async (policy: Partial<CopyPolicy> = {}, readsValues = true) => {
    const work = newWork()
    const order = orderOf(from, to, policy)
    const report = await copies.plan(work, { order, readsValues, keeper })
    return { ...report, work }
  }
  return { copies, keeper, make, vault, plan }
}

/** A store with something that happens before one of its methods. */
function hooked(
  store: SecretStore,
  method: 'readVersion' | 'addVersion' | 'listAll',
  before: (path: SecretPath) => void | Promise<void>,
): SecretStore {
  return new Proxy(store, {
    get(target, key) {
      const found: unknown = Reflect.get(target, key, target)
      if (typeof found !== 'function') return found
      if (key !== method)
        return (...args: unknown[]) => Reflect.apply(found, target, args) as unknown
      return async (...args: unknown[]) => {
        await before(args[0] as SecretPath)
        return Reflect.apply(found, target, args) as unknown
      }
    },
  })
}

/** A store of which a method fails for some paths. */
function refusing(
  store: SecretStore,
  method: 'readVersion' | 'addVersion' | 'listAll',
  code: FailureCode,
  isRefused: (path: SecretPath) => boolean = () => true,
): SecretStore {
  return hooked(store, method, (at) => {
    if (isRefused(at)) throw new CoffretError(code, 'refused by the test')
  })
}

describe('what others do in between', () => {
  test.each(['local', 'KV2', 'OKMS REST', 'KV1'] as const)(
    'a path of %s that was taken since the plan stays as it is',
    async (kind) => {
      const [from, to] = [await newStore('local'), await newStore(kind)]
      await put(from, 'a', '{"v":"mine"}')
      await put(from, 'b', '{"v":"mine"}')
      const { copies, plan } = await between(from, to)
      const { work } = await plan({ move: true })
      await put(to, 'a', '{"v":"theirs"}')
      const report = await copies.run(work)
      expect(report.counts).toMatchObject({ changed: 1, moved: 1 })
      expect(report.rows).toEqual([{ from: 'a', to: 'a', outcome: 'changed' }])
      expect(await contents(to)).toEqual({ a: { v: 'theirs' }, b: { v: 'mine' } })
      expect(await contents(from)).toEqual({ a: { v: 'mine' } })
    },
  )

  test.each(['local', 'KV2', 'OKMS REST'] as const)(
    'a version that was added to %s since the plan is not followed by another',
    async (kind) => {
      const [from, to] = [await newStore('local'), await newStore(kind)]
      await put(from, 'a', '{"v":"mine"}')
      await put(to, 'a', '{"v":"theirs"}')
      const { copies, plan } = await between(from, to)
      const { work } = await plan({ conflicts: 'newVersion' })
      await put(to, 'a', '{"v":"theirs again"}')
      expect((await copies.run(work)).counts).toMatchObject({ changed: 1, copied: 0 })
      expect(await contents(to)).toEqual({ a: { v: 'theirs again' } })
    },
  )

  test.each(['local', 'local KV1', 'KV2', 'OKMS REST'] as const)(
    'a source in %s that was changed since the plan is not deleted',
    async (kind) => {
      const [from, to] = [await newStore(kind), await newStore('local')]
      await put(from, 'a', '{"v":1}')
      await put(to, 'b', '{"v":2}')
      await put(from, 'b', '{"v":2}')
      const { copies, plan } = await between(from, to)
      const { work, counts } = await plan({ move: true })
      expect(counts).toMatchObject({ create: 1, identical: 1 })
      await put(from, 'a', '{"v":"newer"}')
      await put(from, 'b', '{"v":"newer"}')
      const report = await copies.run(work)
      expect(report.counts.moved).toBe(0)
      expect(await contents(from)).toEqual({ a: { v: 'newer' }, b: { v: 'newer' } })
    },
  )
})

test('without versions what is there now is moved, unless it changes while it is', async () => {
  const [plain, to] = [await newStore('KV1'), await newStore('local')]
  for (const name of ['a', 'b']) await put(plain, name, '{"v":1}')
  // Somebody writes to the second one as soon as its copy is read back.
  const watched = hooked(to, 'readVersion', async (at) => {
    if (at === 'b') await put(plain, 'b', '{"v":3}')
  })
  const { copies, plan } = await between(plain, watched)
  const { work } = await plan({ move: true })
  await put(plain, 'a', '{"v":2}')
  expect((await copies.run(work)).counts).toMatchObject({ moved: 1, changed: 1 })
  expect(await contents(plain)).toEqual({ b: { v: 3 } })
  expect(await contents(to)).toEqual({ a: { v: 2 }, b: { v: 1 } })
})

describe('what cannot be copied', () => {
  test('a value that may not be read is named, and the others are copied', async () => {
    const [plain, to] = [await newStore('local'), await newStore('local')]
    await put(plain, 'a', '{"v":1}')
    await put(plain, 'b', '{"v":2}')
    const from = refusing(plain, 'readVersion', 'forbidden', (at) => at === 'a')
    const { copies, plan } = await between(from, to)
    const { counts, rows, work } = await plan()
    expect(counts).toMatchObject({ notAllowed: 1, create: 1 })
    expect(rows[0]).toMatchObject({ from: 'a', action: 'notAllowed' })
    expect((await copies.run(work)).counts).toMatchObject({ skipped: 1, copied: 1 })
    // Where values were not looked at before, it is found while copying.
    const late = await between(from, await newStore('local'))
    const planned = await late.plan({}, false)
    expect(planned.counts.create).toBe(2)
    expect(planned.bytes).toBe(0)
    const report = await late.copies.run(planned.work)
    expect(report.rows).toEqual([{ from: 'a', to: 'a', outcome: 'failed', failure: 'forbidden' }])
  })

  test('what may not be listed is no plan, and a target that may not be is asked for each path', async () => {
    const [from, to] = [await newStore('local'), await newStore('local')]
    await put(from, 'a', '{"v":1}')
    await put(to, 'a', '{"v":1}')
    const blind = await between(refusing(from, 'listAll', 'forbidden'), to)
    await expect(blind.plan()).rejects.toThrow(failing('forbidden'))
    const half = await between(from, refusing(to, 'listAll', 'forbidden'))
    expect((await half.plan()).counts.identical).toBe(1)
  })

  test('what is deactivated or deleted stays where it is, also in a move', async () => {
    const [from, to] = [await newStore('KV2'), await newStore('local')]
    for (const name of ['a', 'b', 'c']) {
      await put(from, name, '{"v":1}')
      await put(from, name, '{"v":2}')
    }
    await from.setState(path('a'), 'current', 'deactivated')
    await from.setState(path('b'), 'current', 'deleted')
    const [first] = (await from.readMetadata(path('c'))).versions
    await from.setState(path('c'), [first!.version], 'deactivated')
    const { copies, plan } = await between(from, to)
    const { counts, incomplete, work, deletesForGood } = await plan({ move: true, versions: 'all' })
    expect(counts).toMatchObject({ inactive: 2, create: 1 })
    expect(deletesForGood).toBe(true)
    // Its first version could be made active again: deleting the source would lose it.
    expect(incomplete).toBe(1)
    expect((await copies.run(work)).counts).toMatchObject({ kept: 1, skipped: 2, moved: 0 })
    expect(await contents(to)).toEqual({ c: { v: 2 } })
    const accepted = await plan({ move: true, versions: 'all', acceptLoss: true })
    expect((await copies.run(accepted.work)).counts).toMatchObject({ moved: 1 })
    expect(Object.keys(await contents(from))).toEqual(['a', 'b'])
  })

  test('what a target has no words for is said in the plan', async () => {
    const [from, to] = [await newStore('local'), await newStore('OKMS REST')]
    await put(from, 'with space', '{"v":1}')
    await put(from, `${'long/'.repeat(51)}x`, '{"v":1}')
    await put(from, 'key', '{"a":{"":1}}')
    await put(from, 'large', `{"v":"${'x'.repeat(65_600)}"}`)
    await put(from, 'fits', `{"v":"${'x'.repeat(65_528)}"}`)
    await from.write(path('settings'), { mode: 'create', settings: { maxVersions: 3 } })
    const { copies, plan } = await between(from, to)
    const { counts, rows, work } = await plan()
    expect(counts).toMatchObject({ notExpressible: 4, tooLarge: 1, create: 1 })
    const reasons = Object.fromEntries(rows.map((row) => [row.from, row.reason]))
    expect(reasons).toMatchObject({ 'with space': 'path', key: 'emptyKey', settings: 'noData' })
    expect((await copies.run(work)).counts).toMatchObject({ copied: 1, failed: 0 })
  })

  test('a number that would lose digits is not written, nor an empty object', async () => {
    const from = await newStore('local')
    await put(from, 'wide', '{"n":12345678901234567890}')
    await put(from, 'narrow', '{"n":1.0,"m":1e3,"z":-0.0}')
    await put(from, 'empty', '{}')
    const toKv2 = await between(from, await newStore('KV2'))
    const { counts, rows, work } = await toKv2.plan({ move: true })
    expect(counts).toMatchObject({ notExpressible: 1, create: 2 })
    expect(rows[0]).toMatchObject({ from: 'wide', reason: 'numbers' })
    expect((await toKv2.copies.run(work)).counts).toMatchObject({ moved: 2 })
    await put(from, 'empty', '{}')
    const toKv1 = await between(from, await newStore('KV1'))
    expect((await toKv1.plan()).rows).toMatchObject([
      { from: 'empty', reason: 'emptyData' },
      { from: 'wide', reason: 'numbers' },
    ])
  })

  test('settings and words go along where they can, and only those of a plan that takes them', async () => {
    const from = await newStore('local')
    const words = [
      ['team', 'blue'],
      ['note', 'two words'],
    ] as const
    await put(from, 'a', '{"v":1}')
    const change = { maxVersions: 7, customMetadata: words }
    await from.write(path('a'), { mode: 'update', settings: change })
    const okms = await newStore('OKMS REST')
    const toOkms = await between(from, okms)
    const planned = await toOkms.plan()
    expect(planned.rows).toMatchObject([{ action: 'create', leftBehind: 1 }])
    await toOkms.copies.run(planned.work)
    expect(await okms.readMetadata(path('a'))).toMatchObject({
      ...{ customMetadata: [['team', 'blue']], settings: { maxVersions: 7 } },
    })
    const local = await newStore('local')
    const toLocal = await between(from, local)
    const without = await toLocal.plan({ settings: false })
    expect(without.rows).toMatchObject([{ leftBehind: 3 }])
    await toLocal.copies.run(without.work)
    expect((await local.readMetadata(path('a'))).customMetadata).toEqual([])
  })
})

describe('how a copy ends', () => {
  test('five failures of a store in a row end it, and it is gone on with', async () => {
    const [from, to] = [await newStore('local'), await newStore('local')]
    for (let n = 0; n < 30; n += 1) await put(from, `s${n}`, '{"v":1}')
    let isAway = true
    const away = refusing(to, 'addVersion', 'busy', () => isAway)
    const { copies, make, keeper, plan } = await between(from, away)
    const { work } = await plan()
    await expect(copies.run(work)).rejects.toThrow(failing('busy'))
    expect(await copies.pending()).toMatchObject([{ work, vault: keeper, done: 0, underWay: 30 }])
    isAway = false
    expect((await make().resume(keeper, work)).counts).toMatchObject({ copied: 30 })
    expect(await copies.pending()).toEqual([])
  })

  test('it is cancelled between two secrets, and pending until it is discarded', async () => {
    const [from, to] = [await newStore('local'), await newStore('local')]
    for (let n = 0; n < 150; n += 1) await put(from, `s${n}`, '{"v":1}')
    const { copies, keeper, plan } = await between(from, to)
    const { work } = await plan()
    const onProgress = ({ done }: { done: number }) => {
      if (done === 120) copies.cancel(work)
    }
    const running = copies.run(work, { onProgress })
    await expect(copies.discard(keeper, work)).rejects.toThrow(failing('busy'))
    await expect(running).rejects.toThrow(failing('cancelled'))
    const [pending] = await copies.pending()
    expect(pending?.done).toBeGreaterThanOrEqual(120)
    expect(pending?.done).toBeLessThan(130)
    await copies.discard(keeper, work)
    expect(await copies.pending()).toEqual([])
    await expect(copies.resume(keeper, work)).rejects.toThrow(failing('not_found'))
    expect((await plan()).counts.identical).toBe(pending?.done)
  })

  test('a plan runs once, and nothing goes into itself or into what is only read', async () => {
    const [from, to] = [await newStore('local'), await newStore('local')]
    await put(from, 'a/b', '{"v":1}')
    const { copies, keeper, plan } = await between(from, to)
    const { work } = await plan()
    await copies.run(work)
    await expect(copies.run(work)).rejects.toThrow(failing('not_found'))
    const planOf = (order: ReturnType<typeof orderOf>) =>
      copies.plan(newWork(), { order, readsValues: true, keeper })
    const inside = orderOf(from, from, {}, { from: 'a', to: 'a/c' })
    await expect(planOf(inside)).rejects.toThrow(failing('invalid'))
    await expect(planOf(orderOf(from, from))).rejects.toThrow(failing('invalid'))
    const beside = await planOf(orderOf(from, from, {}, { from: 'a', to: 'ab' }))
    expect(beside.rows).toMatchObject([{ from: 'a/b', to: 'ab/b', action: 'create' }])
    const order = { ...orderOf(from, to, {}, { from: 'none', to: 'x' }), kind: 'secret' as const }
    await expect(planOf(order)).rejects.toThrow(failing('not_found'))
  })
})
