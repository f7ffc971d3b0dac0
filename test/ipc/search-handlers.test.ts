import { expect, test } from 'vitest'
import { FolderPath, SecretData, SecretPath, type StoreId } from '../../src-main/contract/model'
import { handlersOverVault } from './handlers-over-vault'

type Vault = Awaited<ReturnType<typeof handlersOverVault>>

const data = SecretData.parse('{"password":"canary-value"}')

async function create({ handlers, store }: Vault, path: string, to: StoreId = store) {
  await handlers['secret.create']({ store: to, path: SecretPath.parse(path), data })
}

test('a search tells what matched, and never a value', async () => {
  const vault = await handlersOverVault()
  const { handlers, store } = vault
  await create(vault, 'prod/api')
  const found = await handlers['search.query']({ text: 'API pass', limit: 9 })
  expect(found.hits).toEqual([
    expect.objectContaining({
      ...{ store, path: 'prod/api', ranges: [[5, 8]] },
      parts: [{ kind: 'key', text: 'password', ranges: [[0, 4]] }],
    }),
  ])
  const opened = await handlers['search.query']({ text: 'canary', values: true, limit: 9 })
  expect(opened.total).toBe(1)
  expect(JSON.stringify([found, opened])).not.toContain('canary-value')
})

test('a search in some stores leaves out the others', async () => {
  const vault = await handlersOverVault()
  const { handlers } = vault
  const [first, second] = vault.vault.stores
  await create(vault, 'one', first?.id)
  await create(vault, 'two', second?.id)
  const pathsIn = async (stores?: StoreId[]) => {
    const { hits } = await handlers['search.query']({ text: '', limit: 9, stores })
    return hits.map(({ path }) => path)
  }
  expect((await pathsIn()).sort()).toEqual(['one', 'two'])
  expect(await pathsIn([second!.id])).toEqual(['two'])
  expect(await pathsIn([first!.id, second!.id])).toHaveLength(2)
  expect(await pathsIn([])).toEqual([])
})

test('several vaults are searched one after the other, and counted together', async () => {
  const vault = await handlersOverVault()
  const { ports, handlers, folder } = vault
  const passphrase = new TextEncoder().encode('another long passphrase')
  const other = await ports.stores.create(`${folder}/other`, passphrase)
  await create(vault, 'mine')
  await create(vault, 'theirs', other.vault.stores[0]?.id)
  const { hits, total, searched } = await handlers['search.query']({ text: '', limit: 1 })
  expect([hits.map(({ path }) => path), total, searched]).toEqual([['mine'], 2, 2])
})

test('a search of values tells its progress, and ends when it is told to or another begins', async () => {
  const vault = await handlersOverVault()
  const { handlers, events } = vault
  await create(vault, 'one')
  const search = () => handlers['search.query']({ text: 'canary', values: true, limit: 9 })
  await search()
  const of = { vault: vault.vault.id, of: 'values', done: 1, total: 1 }
  expect(events).toContainEqual({ name: 'search.progress', ...of })
  const cancelled = expect.objectContaining({ code: 'cancelled' })
  const first = search()
  const second = search()
  await expect(first).rejects.toThrow(cancelled)
  await expect(second).resolves.toMatchObject({ total: 1 })
  const third = search()
  await handlers['search.cancel']()
  await expect(third).rejects.toThrow(cancelled)
})

test('folders are listed for completing a path, and what lies below one is counted', async () => {
  const vault = await handlersOverVault()
  const { handlers, store } = vault
  for (const path of ['a/b/one', 'a/b/two', 'a/c/three', 'ab/four', 'five'])
    await create(vault, path)
  expect(await handlers['search.folders']({ store })).toEqual(['a', 'a/b', 'a/c', 'ab'])
  const below = (folder: string) =>
    handlers['search.countBelow']({ store, folder: FolderPath.parse(folder) })
  expect(await Promise.all(['a', 'a/b', 'ab', 'x', ''].map(below))).toEqual([3, 2, 1, 0, 5])
})

test('a locked vault is not searched', async () => {
  const vault = await handlersOverVault()
  const { ports, handlers, store } = vault
  ports.stores.lockAll()
  expect(await handlers['search.query']({ text: '', limit: 9 })).toMatchObject({ searched: 0 })
  const locked = expect.objectContaining({ code: 'locked' })
  await expect(handlers['search.query']({ text: '', limit: 9, stores: [store] })).rejects.toThrow(
    locked,
  )
})
