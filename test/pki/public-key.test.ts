import { describe, expect, test } from 'vitest'
import { nothing, oid, sequence } from '../../src-main/pki/der-writer'
import { fingerprint, publicKeyKind } from '../../src-main/pki/public-key'
import { type KeyType, makeKey, openssl } from './openssl'

/** A SubjectPublicKeyInfo around an RSA modulus of so many bits. No such key need exist. */
function rsaKey(bits: number): Uint8Array {
  const modulus = Buffer.alloc(Math.ceil(bits / 8), 0xff)
  modulus[0] = 0xff >> (modulus.length * 8 - bits)
  const positive = bits % 8 === 0 ? Buffer.concat([Buffer.alloc(1), modulus]) : modulus
  const long = (tag: number, bytes: Uint8Array): Buffer =>
    Buffer.concat([Uint8Array.of(tag, 0x82, bytes.length >> 8, bytes.length & 0xff), bytes])
  const key = sequence(long(0x02, positive), Uint8Array.of(2, 1, 3))
  const algorithm = sequence(oid('1.2.840.113549.1.1.1'), nothing())
  return sequence(algorithm, long(0x03, Buffer.concat([Buffer.alloc(1), key])))
}

describe('an RSA key', () => {
  test.each([2048, 2049, 3072, 4096, 8191, 8192])('of %d bits is supported', (bits) => {
    expect(publicKeyKind(rsaKey(bits))).toEqual({ type: `RSA ${bits}`, isSupported: true })
  })

  test.each([2041, 2047, 8193, 16_384])('of %d bits is not', (bits) => {
    expect(publicKeyKind(rsaKey(bits))).toEqual({ type: `RSA ${bits}`, isSupported: false })
  })
})

const spki = (type: KeyType): Buffer =>
  openssl(['pkey', '-pubout', '-outform', 'DER'], makeKey(type))

test.each(['RSA 2048', 'EC P-256', 'EC P-384', 'EC P-521', 'Ed25519'] as const)(
  '%s is supported',
  (type) => {
    expect(publicKeyKind(spki(type))).toEqual({ type, isSupported: true })
  },
)

test('another curve is named by its identifier', () => {
  expect(publicKeyKind(spki('EC secp256k1'))).toEqual({
    type: 'EC 1.3.132.0.10',
    isSupported: false,
  })
})

test('another algorithm is named by its identifier', () => {
  const key = openssl(
    ['pkey', '-pubout', '-outform', 'DER'],
    openssl(['genpkey', '-algorithm', 'X25519']),
  )
  expect(publicKeyKind(key)).toEqual({ type: '1.3.101.110', isSupported: false })
})

test('a fingerprint is what openssl prints', () => {
  const key = spki('EC P-256')
  const [, printed] = openssl(['dgst', '-sha256', '-c'], key).toString().trim().split('= ')
  expect(fingerprint(key)).toBe(printed?.toUpperCase())
})
