import { expect, test } from 'vitest'
import { CoffretError } from '../../../src-main/contract/errors'
import type { SecretStore } from '../../../src-main/kv/secret-store'
import { contents, newCopies, newStore, newWork, orderOf, path, put } from './copy-stores'
import { Life, mortal } from './life'

async function withSnapshot(from: SecretStore, life = new Life()) {
  const made = await newCopies(() => [from])
  const { vault, make, keeper } = made
  const id = vault.storeSnapshots.create(from.id, 'domain')
  const store = () => vault.stores().find((one) => one.id === id)!
  const order = { ...orderOf(from, from, { conflicts: 'newVersion' }), to: { store: id, path: '' } }
  const copies = () => make(mortal(vault.copies, life))
  const refresh = () => copies().mirror(newWork(), order as ReturnType<typeof orderOf>)
  return { ...made, id, store, refresh, keeper, life }
}

test.each(['local', 'KV2', 'OKMS REST', 'KV1'] as const)(
  'a snapshot of %s holds what it held, is only read, and follows it',
  async (kind) => {
    const from = await newStore(kind)
    await put(from, 'app/db', '{"v":1}')
    await put(from, 'app/api', '{"v":2}')
    const { vault, clock, id, store, refresh } = await withSnapshot(from)
    expect(vault.storeSnapshots.list()).toEqual([{ id, of: from.id, label: 'domain' }])
    const takenAt = clock.now()
    await refresh()
    expect(await contents(store())).toEqual({ 'app/api': { v: 2 }, 'app/db': { v: 1 } })
    expect(store().capabilities()).not.toContain('write')
    await expect(put(store(), 'x', '{"v":1}')).rejects.toThrow(CoffretError)
    expect(vault.storeSnapshots.list()).toMatchObject([{ takenAt, missing: 0 }])

    clock.advance(1_000)
    await put(from, 'app/db', '{"v":3}')
    await from.remove(path('app/api'))
    await put(from, 'new', '{"v":4}')
    await refresh()
    expect(await contents(store())).toEqual({ 'app/db': { v: 3 }, new: { v: 4 } })
    // What was before does not live on here.
    expect((await store().readMetadata(path('app/db'))).versions).toHaveLength(1)
    expect(vault.storeSnapshots.list()).toMatchObject([{ takenAt: takenAt + 1_000 }])

    // Programs do not see it, and cannot change it.
    const [{ name }] = [{ name: id.slice(id.indexOf('/') + 1) as never }]
    expect((await vault.mounts.list()).map((mount) => mount.name)).toEqual(['kv', 'secret'])
    await expect(vault.mounts.disable(name)).rejects.toThrow(CoffretError)
    await expect(vault.mounts.tune(name, {})).rejects.toThrow(CoffretError)
    vault.storeSnapshots.remove(id)
    expect(vault.storeSnapshots.list()).toEqual([])
    expect(() => vault.storeSnapshots.remove(id)).toThrow(CoffretError)
    const report = await vault.run('verify', undefined)
    expect(report).toMatchObject({ secrets: 0, problemCount: 0 })
  },
)

test('words of the source follow, its settings do not, and what is deactivated there goes', async () => {
  const from = await newStore('local')
  await put(from, 'a', '{"v":1}')
  await put(from, 'b', '{"v":2}')
  const { store, refresh } = await withSnapshot(from)
  await refresh()
  const customMetadata = [['team', 'blue']] as const
  const settings = { maxVersions: 9, casRequired: true, customMetadata }
  await from.write(path('a'), { mode: 'update', settings })
  await from.setState(path('b'), 'current', 'deactivated')
  const report = await refresh()
  expect(report.counts).toMatchObject({ copied: 1, skipped: 1 })
  expect(await store().readMetadata(path('a'))).toMatchObject({
    ...{ customMetadata, currentVersion: 1, settings: { maxVersions: 0, casRequired: false } },
  })
  expect(await contents(store())).toEqual({ a: { v: 1 } })
})

test('one that was stopped has no age, and is gone on with', async () => {
  const from = await newStore('local')
  for (const name of ['a', 'b', 'c']) await put(from, name, '{"v":1}')
  const { vault, make, keeper, store, refresh, life } = await withSnapshot(from)
  // The journal is begun, and nothing announced.
  life.endAt(2, 'before')
  await expect(refresh()).rejects.toThrow()
  expect(vault.storeSnapshots.list()[0]?.takenAt).toBeUndefined()
  life.goOn()
  const [pending] = await make().pending()
  await make().resume(keeper, pending!.work)
  expect(Object.keys(await contents(store()))).toEqual(['a', 'b', 'c'])
  expect(vault.storeSnapshots.list()[0]?.takenAt).toBeDefined()
  expect(await make().pending()).toEqual([])
})
