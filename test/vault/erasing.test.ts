import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SecretData, SecretPath, StoreId } from '../../src-main/contract/model'
import type { SecretStore } from '../../src-main/kv/secret-store'
import { Database } from '../../src-main/vault/database'
import { kvMount, newVault, secretMount } from './new-vault'

const path = SecretPath.parse('folder/secret')
const data = (text: string) => SecretData.parse(JSON.stringify({ value: text.repeat(12_000) }))

/** The sealed bodies of a table, as they lie in the file. */
function bodies(file: string, from: string): Buffer[] {
  const database = Database.open(file, 50)
  const rows = database.all(`SELECT body FROM ${from}`)
  database.close()
  return rows.map((row) => Buffer.from(row['body'] as Uint8Array))
}

/** Some bytes out of the middle of each body: long ones lie in several pages. */
function pieces(sealed: Buffer[]): Buffer[] {
  return sealed.flatMap((body) =>
    Array.from({ length: Math.ceil(body.length / 500) }, (_, at) =>
      body.subarray(at * 500, at * 500 + 24),
    ).filter((piece) => piece.length === 24),
  )
}

test.each([
  ['destroying a version', (store: SecretStore) => store.setState(path, 'current', 'deleted')],
  ['removing the secret', (store: SecretStore) => store.remove(path)],
  [
    'pruning it',
    async (store: SecretStore) => {
      for (let n = 0; n < 10; n += 1) await store.write(path, { mode: 'update', data: data('y') })
    },
  ],
])('%s takes its sealed data out of the file', async (_, erase) => {
  const { vault, file } = await newVault()
  const store = vault.store(secretMount)
  await store.write(path, { mode: 'create', data: data('x') })
  const before = pieces(bodies(file, 'records WHERE kind = 4'))
  expect(before.length).toBeGreaterThan(15)
  const content = () => readFileSync(file)
  // Overflow pages begin with a pointer, so that a few pieces lie across two pages.
  expect(before.filter((piece) => content().includes(piece)).length).toBeGreaterThan(12)
  await erase(store)
  expect(before.filter((piece) => content().includes(piece))).toEqual([])
})

test('writing a plain secret erases the value before', async () => {
  const { vault, file } = await newVault()
  const store = vault.store(kvMount)
  await store.write(path, { mode: 'create', data: data('x') })
  const before = pieces(bodies(file, 'records WHERE kind = 4'))
  await store.write(path, { mode: 'update', data: data('y') })
  expect(bodies(file, 'records WHERE kind = 4')).toHaveLength(1)
  const after = readFileSync(file)
  expect(before.filter((piece) => after.includes(piece))).toEqual([])
})

test('a removed secret leaves no row', async () => {
  const { vault, file } = await newVault()
  const count = () => [bodies(file, 'names').length, bodies(file, 'records').length]
  const before = count()
  const store = vault.store(secretMount)
  await store.write(path, { mode: 'create', data: data('x') })
  await store.write(path, { mode: 'update', data: data('y') })
  expect(count()).toEqual([2, before[1]! + 3])
  await store.remove(path)
  expect(count()).toEqual(before)
})

test('destroying the current version takes its key names out of the name row', async () => {
  const { vault, file } = await newVault()
  const store = vault.store(secretMount)
  const keys = Array.from({ length: 40 }, (_, at) => `long-key-name-${at}`)
  const wide = SecretData.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, 1]))))
  await store.write(path, { mode: 'create', data: wide })
  const size = () => Math.max(...bodies(file, 'names').map((body) => body.length))
  const before = size()
  await store.setState(path, 'current', 'deleted')
  expect(size()).toBeLessThan(before - 500)
})

test('renaming a folder changes one row, whatever lies below', async () => {
  const { vault, file } = await newVault()
  const store = vault.store(secretMount)
  for (let n = 0; n < 30; n += 1) {
    const at = SecretPath.parse(`old/deep/er/secret-${n}`)
    await store.write(at, { mode: 'create', data: SecretData.parse('{}') })
  }
  const rows = () => new Set(bodies(file, 'names').map((body) => body.toString('hex')))
  const records = () => bodies(file, 'records').map((body) => body.toString('hex'))
  const [names, before] = [rows(), records()]
  const folder = {
    from: SecretPath.parse('old'),
    to: SecretPath.parse('new'),
    kind: 'folder',
  } as const
  await store.transfer({ ...folder, keepSource: false })
  expect([...rows()].filter((row) => !names.has(row))).toHaveLength(1)
  expect(records()).toEqual(before)
})

test('a discarded draft is erased', async () => {
  const { vault, file } = await newVault()
  const store = StoreId.parse(`${vault.id}/secret`)
  vault.drafts.keep({ store, path: 'x', baseVersion: 0, text: 'y'.repeat(3000) })
  const before = pieces(bodies(file, 'records WHERE kind = 5'))
  vault.drafts.discard(store, 'x')
  const after = readFileSync(file)
  expect(before.filter((piece) => after.includes(piece))).toEqual([])
})
