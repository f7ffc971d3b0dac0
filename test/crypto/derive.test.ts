import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../src-main/crypto/bytes'
import { authenticate, deriveKey, expand, isEqual } from '../../src-main/crypto/derive'
import { opaqueName } from '../../src-main/crypto/opaque-name'
import { SecretKey } from '../../src-main/crypto/secret-key'
import vectors from '../vectors/hkdf-sha256.json'

test.each(vectors)('HKDF-SHA-256, $name', ({ secret, salt, info, length, derived }) => {
  expect(toHex(expand(fromHex(secret), fromHex(salt), fromHex(info), length))).toBe(derived)
})

test('each purpose and each vault has its own key', () => {
  const dataKey = new SecretKey(new Uint8Array(32).fill(7))
  const vaults = [new Uint8Array(16), new Uint8Array(16).fill(1)]
  const purposes = ['record', 'name', 'header'] as const
  const keys = vaults.flatMap((vault) =>
    purposes.map((purpose) => toHex(deriveKey(dataKey, vault, purpose).bytes)),
  )
  expect(new Set(keys).size).toBe(6)
})

test('HMAC-SHA-256 gives the answer of RFC 4231 test case 1', () => {
  // Its key is 20 bytes of 0b; HMAC fills a short key with zeros, so that 32 bytes are the same key.
  const key = new SecretKey(new Uint8Array(32).fill(0x0b, 0, 20))
  expect(toHex(authenticate(key, new TextEncoder().encode('Hi There')))).toBe(
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  )
})

test('equality looks at every byte and the length', () => {
  expect(isEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
  expect(isEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
  expect(isEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false)
})

test('an opaque name depends on key, kind, parent and name', () => {
  const name = (key: number, kind: number, parent: number, text: string) =>
    toHex(
      opaqueName(
        new SecretKey(new Uint8Array(32).fill(key)),
        kind,
        new Uint8Array(16).fill(parent),
        text,
      ),
    )
  const names = [
    name(0, 1, 0, 'a'),
    name(1, 1, 0, 'a'),
    name(0, 2, 0, 'a'),
    name(0, 1, 1, 'a'),
    name(0, 1, 0, 'b'),
    name(0, 1, 0, 'A'),
    // Composed and decomposed are two names: paths are not normalised.
    name(0, 1, 0, 'é'),
    name(0, 1, 0, 'e\u0301'),
  ]
  expect(new Set(names).size).toBe(names.length)
  expect(names[0]).toHaveLength(32)
  expect(name(0, 1, 0, 'a')).toBe(names[0])
})
