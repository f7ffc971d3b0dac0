import { describe, expect, test } from 'vitest'
import { VersionNumber } from '../../src-main/contract/model'
import type { Cell } from '../../src-main/vault/database'
import type { LocalVault } from '../../src-main/vault/local-vault'
import { kvMount, newVault, secretMount } from './new-vault'
import { changing, reading } from './raw-file'
import { at, put } from './two-copies'

/** A vault with something of every kind in it. */
async function filled() {
  const made = await newVault()
  const { vault } = made
  for (const path of ['a/one', 'a/one', 'a/two', 'b/c/three', 'four']) await put(vault, path, path)
  await put(vault, 'plain', 'x', kvMount)
  const store = vault.store(secretMount)
  await store.setState(at('a/one'), [VersionNumber.parse(1)], 'deleted')
  await put(vault, 'binned', 'x')
  await store.bin().discard({ path: at('binned'), kind: 'secret' })
  vault.drafts.keep({ store: store.id, path: 'd', baseVersion: 0, text: 'x' })
  return { ...made, change: changing(made.file), read: reading(made.file) }
}

const verify = (vault: LocalVault) => vault.run('verify', undefined)

/** The number of the only version of a secret that has one: the row whose body is of this kind. */
const lastVersion = 'rowid = (SELECT max(rowid) FROM records WHERE kind = 4)'

describe('verifying', () => {
  test('says nothing of a vault that is whole, and counts what is in it', async () => {
    const { vault } = await filled()
    expect(await verify(vault)).toEqual({
      ...{ secrets: 6, versions: 6, drafts: 1 },
      ...{ problemCount: 0, problems: [] },
    })
  })

  test('changes nothing', async () => {
    const { vault, read } = await filled()
    const state = read('SELECT hex(body) AS body FROM state')
    await verify(vault)
    expect(read('SELECT hex(body) AS body FROM state')).toEqual(state)
  })

  test.each([
    [
      'data that is damaged',
      `UPDATE records SET body = zeroblob(92) WHERE ${lastVersion}`,
      'version',
    ],
    ['data that is missing', `DELETE FROM records WHERE ${lastVersion}`, 'version'],
    [
      'metadata that is missing',
      'DELETE FROM records WHERE rowid = (SELECT max(rowid) FROM records WHERE kind = 3)',
      'metadata',
    ],
    ['a draft that is missing', 'DELETE FROM records WHERE kind = 5', 'draft'],
    [
      'a list of mounts that is damaged',
      'UPDATE records SET body = zeroblob(92) WHERE kind = 2',
      'mounts',
    ],
    [
      'a name that is damaged',
      'UPDATE names SET body = zeroblob(92) WHERE rowid = (SELECT max(rowid) FROM names)',
      'name',
    ],
    [
      'a name that is missing',
      'DELETE FROM names WHERE rowid = (SELECT max(rowid) FROM names)',
      'name',
    ],
    [
      'a bucket of the tree that is damaged',
      'UPDATE tree SET body = zeroblob(32) WHERE id > 64',
      'tree',
    ],
    ['a tree that is gone', 'DELETE FROM tree', 'tree'],
    [
      'a record that no name leads to',
      'INSERT INTO records VALUES (4, zeroblob(16), 1, zeroblob(92))',
      'orphan',
    ],
    [
      'a record of no kind',
      'INSERT INTO records VALUES (10, zeroblob(16), 1, zeroblob(92))',
      'orphan',
    ],
  ])('names %s', async (_, damage, what) => {
    const { vault, change } = await filled()
    expect(change(damage)).toBeGreaterThan(0)
    const { problems, problemCount } = await verify(vault)
    expect(problems.map((one) => one.what)).toContain(what)
    expect(problemCount).toBeGreaterThan(0)
  })

  test('says which version of which secret is damaged, and of no other', async () => {
    const { vault, change, read } = await filled()
    const [id] = read('SELECT id FROM records WHERE kind = 4 AND version = 2')
    change('UPDATE records SET body = zeroblob(92) WHERE kind = 4 AND id = ?', id!['id']!)
    const { problems } = await verify(vault)
    expect(problems).toEqual([{ what: 'version', mount: 'secret', path: 'a/one', version: 2 }])
  })

  test('says which name is older than the vault', async () => {
    const { vault, change, read } = await filled()
    const rows = read('SELECT parent, name, body FROM names')
    await put(vault, 'four', 'newer')
    const now = read('SELECT body FROM names').map((row) => hexOf(row['body']))
    const older = rows.find((row) => !now.includes(hexOf(row['body'])))!
    const sql = 'UPDATE names SET body = ? WHERE parent = ? AND name = ?'
    change(sql, older['body']!, older['parent']!, older['name']!)
    const { problems } = await verify(vault)
    expect(problems.filter(({ what }) => what === 'name')).toEqual([
      { what: 'name', mount: 'secret', path: 'four' },
    ])
  })

  test('can be cancelled', async () => {
    const { vault } = await filled()
    const stop = new AbortController()
    stop.abort()
    await expect(vault.run('verify', undefined, { signal: stop.signal })).rejects.toThrow(
      expect.objectContaining({ code: 'cancelled' }),
    )
  })
})

function hexOf(cell: Cell | undefined): string {
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : ''
}
