import { describe, expect, test } from 'vitest'
import { calls } from '../../src-main/contract/calls'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { handlersOverVault } from './handlers-over-vault'

const failing = (code: string) => expect.objectContaining({ code })
const path = SecretPath.parse('app/db')
const other = SecretPath.parse('app/old')
const data = SecretData.parse('{"password":"one"}')

/** With `app/db` in the bin. */
async function withBinned() {
  const parts = await handlersOverVault()
  const { handlers, store } = parts
  await handlers['secret.create']({ store, path, data })
  const [id] = await handlers['bin.discard']({ store, path, kind: 'secret' })
  parts.events.length = 0
  return { ...parts, id: id! }
}

test('what is in the bin is told without values, and without the name of a key', async () => {
  const { handlers, store, id } = await withBinned()
  const list = await handlers['bin.list']({ store })
  expect(list).toEqual([
    { id, path, currentVersion: 1, deletedAt: expect.any(Number), endsAt: expect.any(Number) },
  ])
  expect(JSON.stringify(calls['bin.list'].output.parse(list))).not.toMatch(/password|one/)
})

test('a secret is restored to its place, or to another when that is taken', async () => {
  const { handlers, store, id } = await withBinned()
  await handlers['secret.create']({ store, path, data })
  const restore = handlers['bin.restore']
  await expect(restore({ store, items: [{ id }] })).rejects.toThrow(failing('exists'))
  expect(await restore({ store, items: [{ id, to: other }] })).toEqual([other])
  expect(await handlers['bin.list']({ store })).toEqual([])
  expect(await handlers['secret.reveal']({ store, path: other })).toMatchObject({ data })
})

describe('erasing from backups too', () => {
  test('is refused where the store cannot, and then nothing is erased', async () => {
    const { handlers, ports, store, id } = await withBinned()
    await handlers['secret.create']({ store, path, data })
    const refused = failing('unsupported')
    const purge = handlers['bin.purge']({ store, items: [id], fromBackups: true })
    await expect(purge).rejects.toThrow(refused)
    const remove = handlers['secret.remove']({ store, path, fromBackups: true })
    await expect(remove).rejects.toThrow(refused)
    expect(await handlers['bin.list']({ store })).toHaveLength(1)
    expect((await ports.stores.get(store).listAll()).items).toHaveLength(1)
  })

  test.each([undefined, false])('is not asked for with %s', async (fromBackups) => {
    const { handlers, store, id } = await withBinned()
    await handlers['bin.purge']({ store, items: [id], fromBackups })
    expect(await handlers['bin.list']({ store })).toEqual([])
  })
})

test('the window is told of each change once it has happened, and of nothing else', async () => {
  const { handlers, store, id, events } = await withBinned()
  const changed = { name: 'secrets.changed', store }
  await handlers['bin.list']({ store })
  const purge = handlers['bin.purge']({ store, items: [id], fromBackups: true })
  await expect(purge).rejects.toThrow()
  expect(events).toEqual([])
  await handlers['bin.restore']({ store, items: [{ id }] })
  await handlers['bin.discard']({ store, path, kind: 'secret' })
  await handlers['bin.purge']({ store, items: 'all' })
  expect(events).toEqual([changed, changed, changed])
})

test.each([
  ['no secret at all', { items: [] }],
  ['something that is no id', { items: ['../x'] }],
  ['a word that is not "all"', { items: 'some' }],
])('erasing %s is refused before it reaches the vault', async (_, input) => {
  const { store } = await withBinned()
  expect(calls['bin.purge'].input.safeParse({ store, ...input }).success).toBe(false)
  expect(calls['bin.purge'].input.safeParse({ store, items: 'all' }).success).toBe(true)
})
