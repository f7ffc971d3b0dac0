import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { SecretKey } from '../../src-main/crypto/secret-key'

test('a wiped key is all zero and refuses to be used', () => {
  const bytes = new Uint8Array(32).fill(9)
  const key = new SecretKey(bytes)
  expect(key.bytes).toBe(bytes)
  key.wipe()
  expect(bytes).toEqual(new Uint8Array(32))
  expect(() => key.bytes).toThrow(expect.objectContaining({ code: 'locked' }))
})

test.each([
  ['JSON', (key: SecretKey) => JSON.stringify({ key })],
  ['text', (key: SecretKey) => `${String(key)}`],
  ['the console', (key: SecretKey) => inspect({ key })],
])('a key does not go into %s', (_, print) => {
  expect(() => print(new SecretKey(new Uint8Array(32).fill(9)))).toThrow('a key is never')
})

test('a key shows no bytes as a property', () => {
  const key = new SecretKey(new Uint8Array(32).fill(9))
  expect(Object.keys(key).concat(Object.getOwnPropertyNames(key))).toEqual([])
})

test.each([0, 16, 31, 33])('%i bytes are no key', (length) => {
  expect(() => new SecretKey(new Uint8Array(length))).toThrow()
})
