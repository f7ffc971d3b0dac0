import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  explain,
  fold,
  maxSearchWords,
  nameIn,
  rankOf,
  searchRanks,
  searchTextOf,
  searchWords,
} from '../../src-main/kv/search-rules'

/** A secret as the rules see it. */
interface Sample {
  readonly mount: string
  readonly path: string
  readonly keys: readonly string[]
  readonly metadata: readonly (readonly [string, string])[]
}

const mysql: Sample = {
  mount: 'secret',
  path: 'prod/database/MySQL',
  keys: ['login', 'password'],
  metadata: [['owner', 'Zoé']],
}

/** The rank of one word, as the index asks for it. */
function rank(word: string, { mount, path, keys, metadata }: Sample): number {
  const at = path.lastIndexOf('/')
  const folder = at < 0 ? '' : fold(path.slice(0, at))
  const text = searchTextOf(path.slice(at + 1), keys, metadata)
  const place = folder === '' ? fold(mount) : `${fold(mount)}/${folder}`
  return rankOf(word, text, place, folder.includes(word))
}

describe('folding', () => {
  test.each([
    ['MySQL', 'mysql'],
    ['Été', 'ete'],
    ['E\u0301te\u0301', 'ete'],
    ['ÎLE-DE-FRANCE', 'ile-de-france'],
    ['Ångström', 'angstrom'],
    ['İstanbul', 'istanbul'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['οδος', 'οδοσ'],
    ['密码', '密码'],
    ['🔑', '🔑'],
  ])('%s is compared as %s', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  test('a text folds as its characters do, and once is enough', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fold(text)).toBe([...text].map(fold).join(''))
        expect(fold(fold(text))).toBe(fold(text))
      }),
    )
  })
})

describe('words', () => {
  test.each([
    ['', []],
    ['  \t ', []],
    ['Prod  MySQL', ['prod', 'mysql']],
    ['prod PROD próđ', ['prod', 'prođ']],
    ['a\u0001b', ['a', 'b']],
    ['\u0301', []],
  ])('of %j are %j', (text, words) => {
    expect(searchWords(text)).toEqual(words)
  })

  test(`are at most ${maxSearchWords}`, () => {
    const text = Array.from({ length: maxSearchWords + 1 }, (_, at) => `w${at}`).join(' ')
    expect(searchWords(text)).toHaveLength(maxSearchWords)
  })
})

describe('ranks', () => {
  test.each<[string, keyof typeof searchRanks]>([
    ['mysql', 'prefix'],
    ['my', 'prefix'],
    ['sql', 'name'],
    ['prod', 'path'],
    ['data', 'path'],
    ['prod/data', 'path'],
    ['base/my', 'path'],
    ['secret/prod', 'path'],
    ['password', 'key'],
    ['owner', 'metadata'],
    ['zoe', 'metadata'],
    ['owner=zoe', 'metadata'],
  ])('%s is found as %s', (word, expected) => {
    expect(rank(word, mysql)).toBe(searchRanks[expected])
  })

  test.each(['mysqlx', 'secret', 'loginpassword', 'mysqllogin', 'sql/login'])(
    '%s is not found',
    (word) => {
      expect(rank(word, mysql)).toBe(-1)
    },
  )

  test('a word counts where it ranks best', () => {
    const sample = { ...mysql, path: 'token/token', keys: ['token'] }
    expect(rank('token', sample)).toBe(searchRanks.prefix)
    expect(rank('token', { ...sample, path: 'token/x' })).toBe(searchRanks.path)
    expect(rank('token', { ...sample, path: 'x/y' })).toBe(searchRanks.key)
  })

  test('control characters in keys count as spaces, so that no key ends early', () => {
    const text = searchTextOf('n', ['a\u0001b\u0000c\nd'], [['k', '\u0002v']])
    expect(text.shown).toBe('n\u0001a b c d\u0002k= v')
    expect(nameIn(text)).toBe('n')
  })
})

describe('explanations', () => {
  const explained = (words: string, { mount, path, keys, metadata }: Sample) =>
    explain(
      searchWords(words),
      mount,
      path,
      searchTextOf(path.slice(path.lastIndexOf('/') + 1), keys, metadata),
    )

  test('mark the path, in the name where they can', () => {
    expect(explained('d', { ...mysql, path: 'd/d' }).ranges).toEqual([[2, 3]])
    expect(explained('prod sql', mysql).ranges).toEqual([
      [0, 4],
      [16, 19],
    ])
    expect(explained('mysql my', mysql).ranges).toEqual([[14, 19]])
  })

  test('leave out what is of the mount', () => {
    expect(explained('ret/prod', mysql).ranges).toEqual([[0, 4]])
  })

  test('name keys and metadata', () => {
    expect(explained('zoe pass word', mysql)).toEqual({
      ranges: [],
      parts: [
        { kind: 'metadata', text: 'owner=Zoé', ranges: [[6, 9]] },
        { kind: 'key', text: 'password', ranges: [[0, 8]] },
      ],
      missing: [],
    })
    expect(explained('prod nothing', mysql).missing).toEqual(['nothing'])
  })

  test('marks lie on what was typed, whatever folding does to lengths', () => {
    const path = 'e\u0301te\u0301/Ĳ한국/É'
    const { ranges } = explained('ete é 국', { ...mysql, path })
    expect(ranges.map(([start, end]) => path.slice(start, end))).toEqual([
      'e\u0301te\u0301',
      '국',
      'É',
    ])
  })
})

describe('against a plain model', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abAÉe=-'), minLength: 1, maxLength: 5 })
  const sample: fc.Arbitrary<Sample> = fc.record({
    mount: fc.constantFrom('ab', 'kv'),
    path: fc.array(text, { minLength: 1, maxLength: 3 }).map((all) => all.join('/')),
    keys: fc.array(text, { maxLength: 3 }),
    metadata: fc.array(fc.tuple(text, text), { maxLength: 2 }),
  })
  const word = fc.string({ unit: fc.constantFrom(...'abe=-/'), minLength: 1, maxLength: 3 })

  const isFound = (one: string, { mount, path, keys, metadata }: Sample) =>
    fold(path).includes(one) ||
    (one.includes('/') && fold(`${mount}/${path}`).includes(one)) ||
    keys.some((key) => fold(key).includes(one)) ||
    metadata.some(([key, value]) => fold(`${key}=${value}`).includes(one))

  test('a word matches exactly where it occurs, and is explained there', () => {
    fc.assert(
      fc.property(word, sample, (one, some) => {
        const found = rank(one, some)
        expect(found >= 0).toBe(isFound(one, some))
        const name = some.path.slice(some.path.lastIndexOf('/') + 1)
        expect(found === searchRanks.prefix).toBe(fold(name).startsWith(one))
        if (found > searchRanks.prefix) {
          expect(found === searchRanks.name).toBe(fold(name).includes(one))
        }
        const { ranges, parts, missing } = explain(
          [one],
          some.mount,
          some.path,
          searchTextOf(name, some.keys, some.metadata),
        )
        expect(missing).toEqual(found < 0 ? [one] : [])
        expect(ranges.length + parts.length).toBe(found < 0 ? 0 : 1)
        expect(parts[0]?.kind).toBe(
          { [searchRanks.key]: 'key', [searchRanks.metadata]: 'metadata' }[found],
        )
        for (const [start, end] of ranges) {
          expect(one).toContain(fold(some.path.slice(start, end)))
        }
        for (const { text: shown, ranges: marked } of parts) {
          expect(marked.map(([start, end]) => fold(shown.slice(start, end)))).toEqual([one])
        }
      }),
      { numRuns: 1000 },
    )
  })
})
