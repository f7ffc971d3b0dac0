import { expect, test } from 'vitest'
import { MountName, SecretPath, StoreId, type SecretSummary } from '../../src-main/contract/model'
import { listedTexts, searchLists } from '../../src-main/kv/list-search'

const mount = MountName.parse('secret')
const store = StoreId.parse('00000000-0000-4000-8000-000000000001/secret')
const rows = (...paths: string[]): SecretSummary[] =>
  paths.map((path) => ({ path: SecretPath.parse(path) }))
const list = (...paths: string[]) => ({ store, mount, texts: listedTexts(rows(...paths)) })
const found = (text: string, ...paths: string[]) =>
  searchLists([list(...paths)], { text, limit: 10 }).hits.map(({ path }) => path)

test('all words must be in the path, without case and accents', () => {
  const paths = ['équipe/Base', 'equipe/web', 'base/x'] as const
  expect(found('EQUIPE base', ...paths)).toEqual(['équipe/Base'])
  expect(found('equipe', ...paths)).toEqual(['equipe/web', 'équipe/Base'])
  expect(found('equipe nothing', ...paths)).toEqual([])
})

test('the name comes before the folders, the start of the name before its middle, then the path', () => {
  expect(found('db', 'db/x', 'a/my-db', 'z/db-1', 'b/my-db')).toEqual([
    'z/db-1',
    'a/my-db',
    'b/my-db',
    'db/x',
  ])
})

test('the name of the mount alone is no find, and begins a word with a slash', () => {
  expect(found('secret', 'a/x', 'top-secret')).toEqual(['top-secret'])
  expect(found('secret/a', 'a/x', 'b/x')).toEqual(['a/x'])
})

test('what matched is told by its place, and what was counted by its number', () => {
  const answer = searchLists([list('a/db', 'b/db', 'c')], { text: 'db', limit: 1 })
  expect(answer).toEqual({
    hits: [{ path: 'a/db', store, ranges: [[2, 4]], parts: [] }],
    ...{ total: 2, searched: 3, unreadable: 0 },
  })
})

test('without words everything matches, by path', () => {
  expect(found('', 'b', 'a')).toEqual(['a', 'b'])
})
