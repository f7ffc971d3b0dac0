import { expect, test } from 'vitest'
import { rowsNearby, type Row } from '../../src-renderer/state/tree'

/** Rows from an indented text, each called by its own name. */
const rows = (text: string): Row[] =>
  text.split('\n').map((line) => {
    const name = line.trim()
    const level = (line.length - name.length) / 2 + 1
    return { id: name, name, level, kind: 'secret', store: '', path: '', position: 1, siblings: 1 }
  })

const tree = rows(`secret
  prod
    db
      one
      two
    key
  stage
    token
kv`)

test.each([
  // The brother after, the one before, then the folders above: of those the first that is left.
  ['one', ['two', 'db', 'prod', 'secret']],
  ['two', ['one', 'db', 'prod', 'secret']],
  ['key', ['db', 'prod', 'secret']],
  ['db', ['key', 'prod', 'secret']],
  ['prod', ['stage', 'secret']],
  // Never into another mount.
  ['token', ['stage', 'secret']],
  ['nobody', []],
])('when %s goes, the cursor may go to %j', (id, nearby) => {
  expect(rowsNearby(tree, id)).toEqual(nearby)
})

test('in a flat list it goes on to the next, or back from the last', () => {
  const flat = rows('a\nb\nc')
  expect(rowsNearby(flat, 'b')).toEqual(['c', 'a'])
  expect(rowsNearby(flat, 'c')).toEqual(['b'])
})
