import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatKeyFile, maxKeyFileBytes, readKeyFile } from '../../src-main/crypto/key-file'
import { SecretKey } from '../../src-main/crypto/secret-key'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const key = (first: number) => new SecretKey(Uint8Array.from({ length: 32 }, (_, i) => i ^ first))

const failing = (code: string) => expect.objectContaining({ code, field: 'keyFile' })

test('its form is part of the format', () => {
  // SHA-256 of the bytes 0 to 31 begins with 630dcd29.
  expect(textOf(formatKeyFile(key(0)))).toBe(
    'Coffret key file 1\n' +
      '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n' +
      'checksum 630dcd29\n',
  )
})

test('what was written reads back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const read = readKeyFile(formatKeyFile(new SecretKey(bytes.slice())))
      expect(read.bytes).toEqual(bytes)
    }),
  )
})

test('line ends of another system, or none at the end, do no harm', () => {
  const text = textOf(formatKeyFile(key(7)))
  for (const changed of [text.replaceAll('\n', '\r\n'), text.trimEnd()]) {
    expect(readKeyFile(bytesOf(changed)).bytes).toEqual(key(7).bytes)
  }
})

describe('what is no key file is refused', () => {
  const text = textOf(formatKeyFile(key(7)))
  test.each([
    ['an empty file', ''],
    ['any other text', 'hello'],
    ['a bare key', text.split('\n')[1]!],
    ['a later form', text.replace('file 1', 'file 2')],
    ['capital digits', text.replace(/^[0-9a-f]+$/m, (digits) => digits.toUpperCase())],
    ['a short key', text.replace(/^[0-9a-f]{2}/m, '')],
    ['something behind it', `${text}more`],
    ['something before it', ` ${text}`],
    ['no checksum', text.split('\n').slice(0, 2).join('\n')],
  ])('%s', (_, wrong) => {
    expect(() => readKeyFile(bytesOf(wrong))).toThrow(failing('invalid'))
  })

  test('a key with one digit changed is damaged', () => {
    const changed = text
      .replace(/^./m, 'C')
      .replace(/\n./, (found) => (found === '\n0' ? '\n1' : '\n0'))
    expect(() => readKeyFile(bytesOf(changed))).toThrow(failing('corrupt'))
  })

  test('a large file is not looked at', () => {
    const large = new Uint8Array(maxKeyFileBytes + 1)
    expect(() => readKeyFile(large)).toThrow(failing('too_large'))
    expect(() => readKeyFile(large.subarray(1))).toThrow(failing('invalid'))
  })
})
