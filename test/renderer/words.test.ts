import { describe, expect, test } from 'vitest'
import { CoffretError, failureCodes } from '../../src-main/contract/errors'
import {
  failureWords,
  languageOf,
  relativeTime,
  wordsOf,
  type Language,
} from '../../src-renderer/words'
import { counted } from '../../src-renderer/words-format'

const languages: readonly Language[] = ['en', 'fr']
const minute = 60_000

/** Every sentence with the way to it; those that take something are given numbers that read as text too. */
function sentences(value: unknown, way = ''): [way: string, text: string][] {
  if (typeof value === 'string') return [[way, value]]
  if (typeof value === 'function') return [[`${way}()`, String(value(2, 3, 4))]]
  return Object.entries(value as object).flatMap(([key, inner]) =>
    sentences(inner, way === '' ? key : `${way}.${key}`),
  )
}

/** Sentences that take a text, where a number would not do. */
function said(language: Language): [way: string, text: string][] {
  const words = wordsOf(language)
  const { editor, conflict, versions } = words
  const taking = {
    ...words,
    editor: { ...editor, startNotActive: editor.startNotActive(2, 'Active') },
    conflict: { ...conflict, theirsUnreadable: conflict.theirsUnreadable(2, 'Active') },
    versions: { ...versions, unreadable: versions.unreadable(2, 'Active') },
  }
  return sentences(taking)
}

test('both languages say the same things', () => {
  const ways = (language: Language) => said(language).map(([way]) => way)
  expect(ways('fr').sort()).toEqual(ways('en').sort())
  expect(ways('en').length).toBeGreaterThan(400)
})

describe.each(languages)('%s', (language) => {
  test('no sentence is empty, padded or unfinished', () => {
    for (const [way, text] of said(language)) {
      expect(text.trim(), way).toBe(text)
      expect(text, way).not.toMatch(/^$|undefined|NaN|\[object/)
    }
  })

  test('every failure has its own sentence', () => {
    const words = wordsOf(language)
    const texts = failureCodes.map((code) => failureWords(words, new CoffretError(code, 'x')).text)
    expect(new Set(texts).size).toBe(failureCodes.length)
  })
})

test('French keeps its punctuation with the word before, and has no straight apostrophe', () => {
  for (const [way, text] of said('fr')) {
    expect(text, way).not.toMatch(/[ \u00a0][:;?!»]|«[ \u00a0]|[\p{L}]'[\p{L}]/u)
    expect(text, way).not.toMatch(/[\p{L}\d)][;?!»]/u)
  }
})

test.each<[Language, number, string]>([
  ['en', 0, '0 versions'],
  ['en', 1, '1 version'],
  ['en', 2, '2 versions'],
  ['en', 24_000, '24,000 versions'],
  // Zero is singular in French.
  ['fr', 0, '0 version'],
  ['fr', 1, '1 version'],
  ['fr', 2, '2 versions'],
  ['fr', 24_000, '24\u202f000 versions'],
])('%s counts %d as %s', (locale, n, text) => {
  expect(counted(locale)(n, { one: 'version', other: 'versions' })).toBe(text)
  expect(wordsOf(locale).secret.keepsVersions(n)).toBe(text)
})

test('a form that a language asks for and nobody gave is the other one', () => {
  expect(counted('fr')(1_000_000, { one: 'octet', other: 'octets' })).toMatch(/octets$/)
})

test.each<['system' | Language, string, Language]>([
  ['system', 'fr', 'fr'],
  ['system', 'fr-CA', 'fr'],
  ['system', 'FR-be', 'fr'],
  ['system', 'en-GB', 'en'],
  ['system', 'de', 'en'],
  ['en', 'fr-FR', 'en'],
  ['fr', 'en-US', 'fr'],
])('preference %s on a system in %s shows %s', (preference, system, language) => {
  expect(languageOf(preference, system)).toBe(language)
})

describe('a failure in words', () => {
  const words = wordsOf('en')

  test('is the sentence of its code', () => {
    const error = new CoffretError('busy', 'database is locked')
    expect(failureWords(words, error)).toEqual({ code: 'busy', text: words.failures.busy })
  })

  test('prefers what fits in its place, for its own code only', () => {
    const here = { exists: 'Taken.' }
    expect(failureWords(words, new CoffretError('exists', 'x'), here).text).toBe('Taken.')
    expect(failureWords(words, new CoffretError('busy', 'x'), here).text).toBe(words.failures.busy)
  })

  test.each([new TypeError('secret-in-a-message'), 'secret-in-a-message', undefined])(
    'is ours when it is unknown, and its message is never shown: %s',
    (error) => {
      const failure = failureWords(words, error)
      expect(failure).toEqual({ code: 'internal', text: words.failures.internal })
    },
  )
})

test.each<[offset: number, en: string, fr: string]>([
  [0, 'just now', 'à l’instant'],
  [-20_000, 'just now', 'à l’instant'],
  [-minute, '1 min ago', 'il y a 1 min'],
  [59 * minute, 'in 59 min', 'dans 59 min'],
  [-60 * minute, '1 h ago', 'il y a 1 h'],
  [23 * 60 * minute, 'in 23 h', 'dans 23 h'],
  [-24 * 60 * minute, '1 day ago', 'il y a 1 jour'],
  [3 * 24 * 60 * minute, 'in 3 days', 'dans 3 jours'],
])('%d ms from now is "%s", "%s"', (offset, en, fr) => {
  const now = 1_800_000_000_000
  expect(relativeTime(wordsOf('en'), now + offset, now)).toBe(en)
  expect(relativeTime(wordsOf('fr'), now + offset, now)).toBe(fr)
})
