import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FolderPath, SecretData, SecretPath, VersionNumber } from '../../src-main/contract/model'
import { recordKinds } from '../../src-main/vault/records'
import { newVault, passphrase, secretMount } from './new-vault'
import { changing, reading } from './raw-file'

const corrupt = (subject = '') =>
  expect.objectContaining({ code: 'corrupt', message: expect.stringContaining(subject) })
const path = (text: string) => SecretPath.parse(text)
const data = (n: number) => SecretData.parse(`{"n":${n}}`)
const root = FolderPath.parse('')

/** A vault with secrets `a/one` (versions 1 and 2) and `two`, and a second connection to its file. */
async function written() {
  const made = await newVault()
  const store = made.vault.store(secretMount)
  await store.write(path('a/one'), { mode: 'create', data: data(1) })
  await store.write(path('a/one'), { mode: 'update', data: data(2) })
  await store.write(path('two'), { mode: 'create', data: data(3) })
  return { ...made, store, change: changing(made.file), rows: reading(made.file) }
}

const { secret, version } = recordKinds

test('V-04: a version put in the place of another does not open', async () => {
  const { store, change } = await written()
  change(
    `UPDATE records SET body = (SELECT body FROM records AS other WHERE other.kind = ${version}
      AND other.id = records.id AND other.version = 1) WHERE kind = ${version} AND version = 2`,
  )
  await expect(store.readVersion(path('a/one'))).rejects.toThrow(corrupt('a/one'))
  expect((await store.readVersion(path('a/one'), VersionNumber.parse(1))).data).toBe(data(1))
})

test.each([secret, version])(
  'V-04: secrets whose records of kind %i were exchanged',
  async (kind) => {
    const { store, change, rows } = await written()
    const [a, b] = rows(`SELECT id, body FROM records WHERE kind = ${kind} AND version <= 1`)
    const put = `UPDATE records SET body = ? WHERE kind = ${kind} AND version <= 1 AND id = ?`
    change(put, a!['body']!, b!['id']!)
    change(put, b!['body']!, a!['id']!)
    const first = kind === version ? VersionNumber.parse(1) : undefined
    await expect(store.readVersion(path('a/one'), first)).rejects.toThrow(corrupt('a/one'))
    await expect(store.readVersion(path('two'))).rejects.toThrow(corrupt('two'))
  },
)

test('V-04: records that lie under the id of another secret do not open', async () => {
  const { store, change } = await written()
  change(`UPDATE records SET id = randomblob(16) WHERE kind = ${secret}`)
  await expect(store.readMetadata(path('two'))).rejects.toThrow(corrupt('two'))
})

test('V-04: a record of another kind does not open', async () => {
  const { store, change } = await written()
  change(`DELETE FROM records WHERE kind = ${version} AND version = 2`)
  change(`UPDATE records SET kind = ${version}, version = 2 WHERE kind = ${secret}`)
  await expect(store.readVersion(path('a/one'))).rejects.toThrow(corrupt('a/one'))
})

test('V-04: records of another vault with the same passphrase do not open', async () => {
  const { store, change } = await written()
  const { rows } = await written()
  const foreign = rows(`SELECT version, body FROM records WHERE kind = ${version}`)
  for (const row of foreign) {
    const put = `UPDATE records SET body = ? WHERE kind = ${version} AND version = ?`
    change(put, row['body']!, row['version']!)
  }
  await expect(store.readVersion(path('a/one'))).rejects.toThrow(corrupt('a/one'))
  await expect(store.readVersion(path('two'))).rejects.toThrow(corrupt('two'))
})

test.each([
  ['moved to another folder', 'UPDATE names SET parent = randomblob(16) WHERE parent = ?'],
  ['given another name', 'UPDATE names SET name = randomblob(16) WHERE parent = ?'],
])('a name row %s does not open', async (_, sql) => {
  const { store, change, rows } = await written()
  for (const row of rows('SELECT DISTINCT parent FROM names')) change(sql, row['parent']!)
  await expect(store.list(root)).rejects.toThrow(corrupt())
})

test('V-04: name rows that were exchanged do not open', async () => {
  const { store, change, rows } = await written()
  await store.write(path('three'), { mode: 'create', data: data(4) })
  const all = rows('SELECT rowid, body FROM names')
  all.forEach((row, at) => {
    const next = all[(at + 1) % all.length]!
    change('UPDATE names SET body = ? WHERE rowid = ?', next['body']!, row['rowid']!)
  })
  await expect(store.list(root)).rejects.toThrow(corrupt('folder ""'))
  await expect(store.listAll()).rejects.toThrow(corrupt('folder'))
  for (const name of ['two', 'three', 'a/one']) {
    await expect(store.readVersion(path(name))).rejects.toThrow(corrupt(name))
  }
})

describe('what the metadata says is there must be there', () => {
  test.each([
    ['data', version],
    ['metadata', secret],
  ])('missing %s is damage, not absence', async (_, kind) => {
    const { store, change } = await written()
    change(`DELETE FROM records WHERE kind = ${kind}`)
    await expect(store.readVersion(path('two'))).rejects.toThrow(corrupt('secret "two"'))
  })

  test('metadata that is older than its name row is damage', async () => {
    const { store, change, rows } = await written()
    const old = rows(`SELECT id, body FROM records WHERE kind = ${secret}`)
    await store.write(path('two'), { mode: 'update', data: data(5) })
    for (const row of old) {
      const put = `UPDATE records SET body = ? WHERE kind = ${secret} AND id = ?`
      change(put, row['body']!, row['id']!)
    }
    await expect(store.readMetadata(path('two'))).rejects.toThrow(corrupt('two'))
  })

  test('without its state the vault does not open', async () => {
    const { vault, unlock, change } = await written()
    change('DELETE FROM state')
    expect(() => vault.stores()).toThrow(corrupt())
    await expect(unlock()).rejects.toThrow(corrupt())
  })
})

test('a write that meets damage changes nothing', async () => {
  const { store, change, file } = await written()
  change(`UPDATE records SET body = zeroblob(92) WHERE kind = ${secret}`)
  const before = readFileSync(file)
  for (const attempt of [
    () => store.write(path('two'), { mode: 'update', data: data(9) }),
    () => store.setState(path('two'), 'current', 'deleted'),
    () => store.transfer({ from: path('two'), to: path('b/c'), kind: 'secret', keepSource: true }),
  ]) {
    await expect(attempt()).rejects.toThrow(corrupt('two'))
  }
  expect(readFileSync(file)).toEqual(before)
})

test('another key epoch means that the keys were replaced: open again', async () => {
  const { store, vault, change } = await written()
  change('UPDATE state SET epoch = 2')
  await expect(store.listAll()).rejects.toThrow(expect.objectContaining({ code: 'locked' }))
  vault.lock()
  await expect(vault.unlockWithPassphrase(passphrase)).rejects.toThrow()
})

test.each([
  'CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM names; END',
  'CREATE TABLE extra (a)',
  'CREATE VIEW extra AS SELECT 1',
  'CREATE INDEX extra ON records (body)',
  'DROP TABLE tree',
])('a file with foreign tables is refused: %s', async (sql) => {
  const { vault, open, change } = await written()
  vault.close()
  change(sql)
  expect(open).toThrow(corrupt())
})
