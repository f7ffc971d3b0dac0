import { describe, expect, test } from 'vitest'
import { isJsonObject, parseJson, type JsonObject } from '../../src-main/contract/json'
import {
  customMetadataMap,
  readCustomMetadata,
  readCustomMetadataPatch,
} from '../../src-main/wire/custom-metadata'

function object(text: string): JsonObject {
  const value = parseJson(text)
  if (!isJsonObject(value)) throw new Error('not an object')
  return value
}

const of = (entries: Record<string, unknown>) => object(JSON.stringify(entries))
const message = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return undefined
}

describe('custom metadata', () => {
  test('makes scalars into text', () => {
    expect(
      readCustomMetadata(
        object('{"a":5,"b":1.50,"c":true,"d":false,"e":"x","f":1e3,"g":9007199254740993}'),
      ),
    ).toEqual([
      ['a', '5'],
      ['b', '1.50'],
      ['c', '1'],
      ['d', '0'],
      ['e', 'x'],
      ['f', '1e3'],
      ['g', '9007199254740993'],
    ])
    expect(readCustomMetadata(null)).toEqual([])
  })

  test('keeps a key named __proto__', () => {
    const pairs = readCustomMetadata(object('{"__proto__":"x"}'))
    expect([...customMetadataMap(pairs)]).toEqual([['__proto__', 'x']])
  })

  test.each([
    ['64 keys', Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`k${n}`, 'v']))],
    ['a key of 128 bytes', { ['k'.repeat(128)]: 'v' }],
    ['a value of 512 bytes', { k: 'v'.repeat(512) }],
    ['é counted in bytes', { ['é'.repeat(64)]: 'é'.repeat(256) }],
    ['blanks and signs', { 'a b': 'Jean Dupont €' }],
  ])('takes %s', (_name, entries) => {
    expect(message(() => readCustomMetadata(of(entries)))).toBeUndefined()
  })

  test.each([
    [
      'payload must contain at most 64 keys, provided 65',
      Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, ''])),
    ],
    ['length of key "" is 0 but must be 0 < len(key) <= 128', { '': 'v' }],
    [
      `length of key "${'k'.repeat(129)}" is 129 but must be 0 < len(key) <= 128`,
      { ['k'.repeat(129)]: 'v' },
    ],
    [
      'length of value for key "k" is 513 but must be 0 < len(value) <= 512',
      { k: 'v'.repeat(513) },
    ],
    [
      'length of value for key "k" is 514 but must be 0 < len(value) <= 512',
      { k: 'é'.repeat(257) },
    ],
    ['length of value for key "k" is 0 but must be 0 < len(value) <= 512', { k: null }],
    ['value for key "k" contains unprintable characters', { k: 'a\nb' }],
    ['value for key "k" contains unprintable characters', { k: 'a\u00a0b' }],
  ])('refuses: %s', (problem, entries) => {
    expect(message(() => readCustomMetadata(of(entries)))).toBe(
      `1 error occurred:\n\t* custom_metadata validation failed: ${problem}\n\n`,
    )
  })

  test.each([[[]], [{}]])('refuses the value %j before anything else', (value) => {
    expect(message(() => readCustomMetadata(of({ '': 'v', k: value })))).toBe(
      'custom_metadata validation failed: value for key "k" is not a text',
    )
  })

  test('tells every problem at once', () => {
    expect(message(() => readCustomMetadata(of({ 'a\tb': 'c\td' })))).toMatch(
      /^2 errors occurred:\n\t\* .*: key .* unprintable characters\n\t\* .*: value for key .*\n\n$/,
    )
  })

  test('of a patch removes by null, and counts what stays', () => {
    const nulls = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`k${n}`, null]))
    expect(readCustomMetadataPatch(of({ a: 1, b: null }))).toEqual([
      ['a', '1'],
      ['b', null],
    ])
    expect(readCustomMetadataPatch(of(nulls))).toHaveLength(80)
    expect(message(() => readCustomMetadataPatch(of({ a: '' })))).toContain('length of value')
  })
})
