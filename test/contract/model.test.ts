import { describe, expect, test } from 'vitest'
import {
  CustomMetadata,
  FolderPath,
  SecretData,
  SecretPath,
  StoreId,
  maxDataBytes,
} from '../../src-main/contract/model'

const accepts = (schema: { safeParse(input: unknown): { success: boolean } }, input: unknown) =>
  schema.safeParse(input).success

describe('a secret path', () => {
  test.each([
    'a',
    'prod/database/MySQL',
    '__proto__/constructor',
    'clé/🔑',
    'a b',
    '...',
    '.hidden',
    'a..b',
    'x:*?\\',
    'a'.repeat(1024),
  ])('may be %j', (path) => expect(accepts(SecretPath, path)).toBe(true))

  test.each([
    '',
    '/a',
    'a/',
    'a//b',
    '.',
    'a/../b',
    'a/./b',
    'a\u0000b',
    'a\nb',
    'a\u00a0b',
    'a\u202eb',
    '\ud800',
    'a'.repeat(1025),
    'é'.repeat(513),
    7,
  ])('is never %j', (path) => expect(accepts(SecretPath, path)).toBe(false))

  test('is a folder too, and so is the root', () => {
    expect(accepts(FolderPath, '')).toBe(true)
    expect(accepts(FolderPath, 'prod/database')).toBe(true)
    expect(accepts(FolderPath, 'prod/')).toBe(false)
  })
})

describe('secret data', () => {
  test('is stored compact and otherwise as it came', () => {
    expect(SecretData.parse(' { "b" : 1.0 , "a" : [ ] } ')).toBe('{"b":1.0,"a":[]}')
  })

  test.each(['[]', '"text"', '7', 'null', '', '{', '{"a":1,"a":2}'])('is never %s', (text) => {
    expect(accepts(SecretData, text)).toBe(false)
  })

  test('holds 1 MiB of UTF-8 and not a byte more', () => {
    const frame = '{"k":""}'.length
    const value = 'x'.repeat(maxDataBytes - frame)
    expect(accepts(SecretData, `{"k":"${value}"}`)).toBe(true)
    expect(accepts(SecretData, `{"k":"${value}x"}`)).toBe(false)
  })
})

describe('custom metadata', () => {
  const pairs = (count: number) => Array.from({ length: count }, (_, i) => [`k${i}`, 'v'])

  test.each([
    ['64 pairs', pairs(64), true],
    ['65 pairs', pairs(65), false],
    ['a key of 128 bytes', [['k'.repeat(128), 'v']], true],
    ['a key of 129 bytes', [['k'.repeat(129), 'v']], false],
    ['a value of 512 bytes', [['k', 'v'.repeat(512)]], true],
    ['a value of 513 bytes', [['k', 'v'.repeat(513)]], false],
    ['a value of 257 two-byte letters', [['k', 'é'.repeat(257)]], false],
    ['an empty key', [['', 'v']], false],
    ['an empty value', [['k', '']], false],
    ['a line break', [['k', 'a\nb']], false],
    [
      'a key twice',
      [
        ['k', '1'],
        ['k', '2'],
      ],
      false,
    ],
    ['a key named __proto__', [['__proto__', 'v']], true],
  ])('with %s', (_, input, fits) => expect(accepts(CustomMetadata, input)).toBe(fits))
})

test('a store id is a vault id and a mount', () => {
  expect(accepts(StoreId, '123e4567-e89b-42d3-a456-426614174000/secret')).toBe(true)
  expect(accepts(StoreId, '123e4567-e89b-42d3-a456-426614174000/../x')).toBe(false)
  expect(accepts(StoreId, 'secret')).toBe(false)
})
