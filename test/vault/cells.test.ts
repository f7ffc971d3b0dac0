import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  blob,
  decodeJson,
  decodeText,
  encodeJson,
  encodeMade,
  integer,
} from '../../src-main/vault/cells'

const corrupt = expect.objectContaining({ code: 'corrupt' })
const bytes = (text: string) => new TextEncoder().encode(text)
const Schema = z.strictObject({ n: z.number() })

test.each([undefined, null, 1, 'text', 1n])('%s is no byte string', (cell) => {
  expect(() => blob(cell)).toThrow(corrupt)
})

test.each([undefined, null, 1.5, 2 ** 53, '1', 1n])('%s is no whole number', (cell) => {
  expect(() => integer(cell)).toThrow(corrupt)
})

test.each([
  ['no JSON', bytes('{')],
  ['another form', bytes('{"n":"1"}')],
  ['a field too many', bytes('{"n":1,"m":2}')],
  ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
])('a record with %s is damage', (_, record) => {
  expect(() => decodeJson(Schema, record)).toThrow(corrupt)
})

test('what a record holds is not repeated by the refusal', () => {
  let failure: unknown
  try {
    decodeJson(Schema, bytes('{"n":"canary"}'))
  } catch (error) {
    failure = error
  }
  expect(String(failure)).not.toContain('canary')
  expect((failure as Error).cause).toBeUndefined()
})

test('text keeps a byte order mark and every character', () => {
  const text = '\ufeff{"a":"é🔑\\u0000"}'
  expect(decodeText(bytes(text))).toBe(text)
})

test('a record that could not be read again is not written', () => {
  expect(decodeJson(Schema, encodeJson(Schema, { n: 1 }))).toEqual({ n: 1 })
  expect(() => encodeJson(Schema, { n: Number.NaN })).toThrow()
})

test('a record that is put together of proved parts is written as any other', () => {
  expect(encodeMade<typeof Schema>({ n: 7 }, 7, undefined)).toEqual(encodeJson(Schema, { n: 7 }))
})

test.each([NaN, Infinity, 0.5, 2 ** 53])('it is not written with the number %s', (n) => {
  expect(() => encodeMade<typeof Schema>({ n }, n)).toThrow('not whole')
})
