import { expect, test } from 'vitest'
import { systemRandom } from '../../src-main/env'
import { open, seal, sealingBytes } from '../../src-main/crypto/aead'
import { fromHex, toHex } from '../../src-main/crypto/bytes'
import { SecretKey } from '../../src-main/crypto/secret-key'
import { times } from '../support/torture'
import vectors from '../vectors/aes-256-gcm-siv.json'

const seals = times(20_000, 1_000_000)

const corrupt = expect.objectContaining({ code: 'corrupt' })

test.each(vectors)('$name: $outcome', (vector) => {
  const key = new SecretKey(fromHex(vector.key))
  const nonce = fromHex(vector.nonce)
  const place = fromHex(vector.associatedData)
  const sealed = fromHex(vector.nonce + vector.sealed)
  if (vector.outcome === 'opens') {
    expect(toHex(open(key, place, sealed))).toBe(vector.plaintext)
    const again = seal(key, place, fromHex(vector.plaintext), () => nonce)
    expect(toHex(again)).toBe(vector.nonce + vector.sealed)
  } else expect(() => open(key, place, sealed)).toThrow(corrupt)
})

test.each([0, 1, 11, 12, 27])('a message of %i bytes is refused', (length) => {
  const key = new SecretKey(new Uint8Array(32))
  expect(() => open(key, new Uint8Array(), new Uint8Array(length))).toThrow(corrupt)
})

test(`V-10: no nonce comes twice in ${seals} seals`, () => {
  const key = new SecretKey(systemRandom(32))
  const nonces = new Set<string>()
  for (let count = 0; count < seals; count += 1) {
    nonces.add(toHex(seal(key, new Uint8Array(), new Uint8Array(), systemRandom).subarray(0, 12)))
  }
  expect(nonces.size).toBe(seals)
}, 600_000)

test('V-10: a nonce that does come twice hides everything but equality', () => {
  // As after a copy of the machine's state: GCM would give the XOR of both texts away.
  const key = new SecretKey(systemRandom(32))
  const sealed = (text: string) =>
    seal(key, new Uint8Array(), new TextEncoder().encode(text), () => new Uint8Array(12))
  const [a, b, c] = [sealed('same text'), sealed('same text'), sealed('some text')]
  expect(a).toEqual(b)
  const differing = a.subarray(12).filter((byte, at) => byte !== c[12 + at])
  // One changed letter changes about all of the 25 bytes, not one.
  expect(differing.length).toBeGreaterThan(15)
  expect(a.length).toBe('same text'.length + sealingBytes)
})
