import fc from 'fast-check'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Database } from '../../src-main/vault/database'
import { HashTree, emptyHash, itemKey } from '../../src-main/vault/hash-tree'
import { createTables } from '../../src-main/vault/layout'
import { createVaultFile } from '../../src-main/vault/vault-file'
import { temporaryFolder } from './new-vault'

const corrupt = expect.objectContaining({ code: 'corrupt' })
const bytes = (...parts: number[]) => new Uint8Array(16).map((_, at) => parts[at % parts.length]!)

function emptyDatabase(): Database {
  const file = join(temporaryFolder(), 'tree.coffret')
  createVaultFile(file)
  const database = Database.onEmptyFile(file, 50)
  onTestFinished(() => database.close())
  database.write(() => createTables(database))
  return database
}

/** One transaction on a tree that has forgotten everything. */
function changed(database: Database, root: Uint8Array, work: (tree: HashTree) => void): Uint8Array {
  return database.write(() => {
    const tree = new HashTree(database)
    tree.begin(root)
    work(tree)
    return tree.finish()
  })
}

// Few groups and items, so that they meet; 64 apart they share a node or bucket.
const id = fc.constantFrom(0, 1, 64, 65, 128, 255).map((first) => bytes(first, 7, 9))
const change = fc.record({
  group: id,
  item: id,
  tag: fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }), { nil: undefined }),
})

test('a tree knows what was noted last, whatever came before, and forgets what was removed', () => {
  const database = emptyDatabase()
  let root: Uint8Array = emptyHash
  const model = new Map<string, Map<string, Uint8Array>>()
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
      root = changed(database, root, (tree) => {
        for (const { group, item, tag } of changes) {
          tree.set(group, item, tag)
          const items = model.get(itemKey(group)) ?? new Map<string, Uint8Array>()
          model.set(itemKey(group), items)
          if (tag === undefined) items.delete(itemKey(item))
          else items.set(itemKey(item), tag)
          expect(tree.find(group, item)).toEqual(tag === undefined ? undefined : Buffer.from(tag))
        }
      })
      const tree = new HashTree(database)
      tree.begin(root)
      tree.prove()
      for (const { group } of changes) {
        const expected = model.get(itemKey(group)) ?? new Map<string, Uint8Array>()
        const found = tree.group(group)
        expect([...found.keys()].sort()).toEqual([...expected.keys()].sort())
        for (const [key, tag] of expected) expect(found.get(key)).toEqual(Buffer.from(tag))
      }
    }),
    { numRuns: 60 },
  )
})

test('a tree from which everything was removed has no rows and the empty root', () => {
  const database = emptyDatabase()
  const root = changed(database, emptyHash, (tree) => tree.set(bytes(1), bytes(2), bytes(3)))
  expect(database.all('SELECT 1 FROM tree')).toHaveLength(3)
  const after = changed(database, root, (tree) => tree.set(bytes(1), bytes(2), undefined))
  expect(after).toEqual(emptyHash)
  expect(database.all('SELECT 1 FROM tree')).toEqual([])
})

test.each([
  ['changed', 'UPDATE tree SET body = zeroblob(32) WHERE id > 64'],
  ['removed', 'DELETE FROM tree WHERE id > 64'],
  ['removed with its node', 'DELETE FROM tree WHERE id > 0'],
  ['removed with the whole tree', 'DELETE FROM tree'],
  ['cut', 'UPDATE tree SET body = substr(body, 1, 16) WHERE id > 64'],
])('a bucket that was %s is corrupt, for what it held and for what it did not', (_, sql) => {
  const database = emptyDatabase()
  const root = changed(database, emptyHash, (tree) => tree.set(bytes(1), bytes(2), bytes(3)))
  database.write(() => database.run(sql))
  const tree = new HashTree(database)
  tree.begin(root)
  expect(() => tree.find(bytes(1), bytes(2))).toThrow(corrupt)
  expect(() => tree.find(bytes(1), bytes(2 + 64))).toThrow(corrupt)
  expect(() => tree.group(bytes(1))).toThrow(corrupt)
})

test('the tree of an earlier state is corrupt under the state of today', () => {
  const database = emptyDatabase()
  const first = changed(database, emptyHash, (tree) => tree.set(bytes(1), bytes(2), bytes(3)))
  const rows = database.all('SELECT id, body FROM tree')
  const second = changed(database, first, (tree) => tree.set(bytes(1), bytes(2), bytes(4)))
  database.write(() => {
    for (const { id: row, body } of rows) {
      database.run('UPDATE tree SET body = ? WHERE id = ?', body as Uint8Array, row as number)
    }
  })
  const tree = new HashTree(database)
  tree.begin(second)
  expect(() => tree.find(bytes(1), bytes(2))).toThrow(corrupt)
  // The failing twin: under its own root it is right.
  tree.begin(first)
  expect(tree.find(bytes(1), bytes(2))).toEqual(Buffer.from(bytes(3)))
})

test('a transaction that did not end well leaves nothing behind', () => {
  const database = emptyDatabase()
  const root = changed(database, emptyHash, (tree) => tree.set(bytes(1), bytes(2), bytes(3)))
  const tree = new HashTree(database)
  const failing = () =>
    database.write(() => {
      tree.begin(root)
      tree.set(bytes(1), bytes(2), bytes(9))
      tree.finish()
      throw new Error('no')
    })
  expect(failing).toThrow('no')
  tree.begin(root)
  expect(tree.find(bytes(1), bytes(2))).toEqual(Buffer.from(bytes(3)))
})
