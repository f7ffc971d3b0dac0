import { expect, test } from 'vitest'
import {
  characters,
  crackTime,
  passphraseBytes,
  type CrackTime,
} from '../../src-renderer/state/strength'

test.each<[text: string, count: number]>([
  ['', 0],
  ['twelve signs', 12],
  ['été', 3],
  // The same word, its accents written as signs of their own.
  ['e\u0301te\u0301', 3],
  ['🔑🔑', 2],
])('%j has %d characters', (text, count) => {
  expect(characters(text)).toBe(count)
})

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const year = 365 * day

test.each<[seconds: number, time: CrackTime]>([
  [0, 'instant'],
  [0.99, 'instant'],
  [1, 'seconds'],
  [minute - 1, 'seconds'],
  [minute, 'minutes'],
  [hour, 'hours'],
  [day, 'days'],
  [30 * day - 1, 'days'],
  [30 * day, 'months'],
  [year, 'years'],
  [100 * year - 1, 'years'],
  [100 * year, 'centuries'],
  [Infinity, 'centuries'],
])('%d seconds are a matter of %s', (seconds, time) => {
  expect(crackTime(seconds)).toBe(time)
})

test('V-18: a passphrase is the same bytes however its accents were typed', () => {
  const composed = passphraseBytes('\u00e9t\u00e9')
  expect([...composed]).toEqual([0xc3, 0xa9, 0x74, 0xc3, 0xa9])
  expect(passphraseBytes('e\u0301te\u0301')).toEqual(composed)
})

test('nothing else of a passphrase is changed', () => {
  const text = '  Two  spaces, ﬁ and ＡＢＣ '
  expect(new TextDecoder().decode(passphraseBytes(text))).toBe(text)
})
