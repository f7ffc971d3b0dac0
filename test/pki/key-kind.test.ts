import { describe, expect, test } from 'vitest'
import { nothing, oid, sequence } from '../../src-main/pki/der-writer'
import { privateKeyKind, publicKeyKind } from '../../src-main/pki/key-kind'
import { type KeyType, derOf, makeKey, openssl } from './openssl'

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

/** Keys that Coffret cannot use. */
const others: readonly [string, readonly string[]][] = [
  ['EC P-224', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-224']],
  ['EC secp256k1', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1']],
  ['EC brainpoolP256r1', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1']],
  ['EC 1.3.132.0.6', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp112r1']],
  [
    'EC explicit',
    [
      ...['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ...['-pkeyopt', 'ec_param_enc:explicit'],
    ],
  ],
  ['RSA 1024', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024']],
  ['RSA 2047', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2047']],
  ['RSA-PSS', ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:1024']],
  ['X25519', ['-algorithm', 'X25519']],
  ['X448', ['-algorithm', 'X448']],
  ['Ed448', ['-algorithm', 'Ed448']],
]

test.each(others)('%s is told, in public and in private, and not supported', (type, options) => {
  const key = openssl(['genpkey', ...options])
  const told = { type, isSupported: false }
  expect(publicKeyKind(openssl(['pkey', '-pubout', '-outform', 'DER'], key))).toEqual(told)
  expect(privateKeyKind(derOf(key), 'pkcs8')).toEqual(told)
})

test('a key of the time after RSA and EC is told by its name', () => {
  // Source: RFC 9881 §2. OpenSSL knows none before 3.5.
  const key = sequence(sequence(oid('2.16.840.1.101.3.4.3.18')), Uint8Array.of(3, 1, 0))
  expect(publicKeyKind(key)).toEqual({ type: 'ML-DSA-65', isSupported: false })
})

test('an algorithm without a name is told by its identifier', () => {
  const key = sequence(sequence(oid('1.2.3.4')), Uint8Array.of(3, 1, 0))
  expect(publicKeyKind(key)).toEqual({ type: '1.2.3.4', isSupported: false })
})

describe('a private key', () => {
  test.each([
    ['RSA 2048', 'pkcs1'],
    ['RSA 2048', 'pkcs8'],
    ['EC P-256', 'sec1'],
    ['EC P-384', 'sec1'],
    ['EC P-521', 'pkcs8'],
    ['Ed25519', 'pkcs8'],
  ] as const)('of %s in %s is supported', (type, form) => {
    const der = form === 'pkcs8' ? derOf(makeKey(type)) : traditional(makeKey(type))
    expect(privateKeyKind(der, form)).toEqual({ type, isSupported: true })
  })

  test.each(['pkcs1', 'pkcs8'] as const)('of RSA with three primes in %s is not', (form) => {
    const key = openssl([
      ...['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
      ...['-pkeyopt', 'rsa_keygen_primes:3'],
    ])
    const der = form === 'pkcs8' ? derOf(key) : traditional(key)
    expect(privateKeyKind(der, form)).toEqual({ type: 'RSA 2048, multi-prime', isSupported: false })
  })

  test('that does not name its curve is not', () => {
    const bare = sequence(Uint8Array.of(2, 1, 1), Uint8Array.of(4, 1, 9))
    expect(privateKeyKind(bare, 'sec1')).toEqual({ type: 'EC', isSupported: false })
  })

  test('that is none is refused', () => {
    const invalid = expect.objectContaining({ code: 'invalid' })
    for (const form of ['pkcs1', 'sec1', 'pkcs8'] as const)
      expect(() => privateKeyKind(sequence(), form)).toThrow(invalid)
  })
})

function traditional(key: Buffer): Buffer {
  return openssl(['pkey', '-traditional', '-outform', 'DER'], key)
}
