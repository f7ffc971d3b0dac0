import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseCertificate } from '../../src-main/pki/certificate-info'
import {
  type StoredKey,
  keyForm,
  openPrivateKey,
  provesCertificate,
  readPrivateKey,
} from '../../src-main/pki/private-key'
import { type KeyType, derOf, makeCertificate, makeKey, openssl } from './openssl'

const code = (name: string) => expect.objectContaining({ code: name })
const rsa = makeKey('RSA 2048')
const ec = makeKey()
const exported = (pem: Buffer, type: 'pkcs1' | 'sec1' | 'pkcs8'): Buffer =>
  createPrivateKey(pem).export({ format: 'der', type })

describe('the form of a key is told from its bytes', () => {
  test.each([
    ['pkcs1', exported(rsa, 'pkcs1')],
    ['sec1', exported(ec, 'sec1')],
    ['pkcs8', exported(rsa, 'pkcs8')],
    ['pkcs8', exported(ec, 'pkcs8')],
    ['encrypted-pkcs8', openssl(['pkcs8', '-topk8', '-outform', 'DER', '-passout', 'pass:x'], ec)],
  ])('%s', (form, der) => {
    expect(keyForm(der)).toBe(form)
  })

  test.each([
    ['a certificate', derOf(makeCertificate({ key: ec }).certificate)],
    ['a public key', openssl(['pkey', '-pubout', '-outform', 'DER'], ec)],
    ['an RSA public key', openssl(['rsa', '-RSAPublicKey_out', '-outform', 'DER'], rsa)],
    ['a list of integers', Buffer.from('3009 020100 020101 020102'.replaceAll(' ', ''), 'hex')],
    ['a key with a byte behind it', Buffer.concat([exported(ec, 'sec1'), Buffer.alloc(1)])],
    ['a cut key', exported(ec, 'sec1').subarray(0, -1)],
    ['nothing', Buffer.alloc(0)],
  ])('%s is none', (_, der) => {
    expect(keyForm(der)).toBeUndefined()
  })
})

describe('a key of a kind that we do not use is refused', () => {
  test.each(['RSA 1024', 'EC secp256k1'] satisfies KeyType[])('%s', (type) => {
    const stored: StoredKey = { form: 'pkcs8', der: derOf(makeKey(type)) }
    expect(() => openPrivateKey(stored, '')).toThrow(code('unsupported'))
  })

  test('X25519, which cannot sign', () => {
    const der = generateKeyPairSync('x25519').privateKey.export({ format: 'der', type: 'pkcs8' })
    expect(() => openPrivateKey({ form: 'pkcs8', der }, '')).toThrow(code('unsupported'))
  })

  test('one in a form that we do not read', () => {
    const stored: StoredKey = { form: 'other', der: Buffer.alloc(9) }
    expect(() => openPrivateKey(stored, '')).toThrow(code('invalid'))
    expect(readPrivateKey({ ...stored, type: 'OpenSSH' }, '')).toEqual({ otherType: 'OpenSSH' })
    expect(() => openPrivateKey({ ...stored, type: 'OpenSSH' }, '')).toThrow(code('unsupported'))
  })
})

test('a damaged key is opened or refused, never anything else', () => {
  const der = exported(ec, 'pkcs8')
  for (let place = 0; place < der.length; place++) {
    const damaged = Buffer.from(der)
    damaged[place]! ^= 0x11
    try {
      openPrivateKey({ form: 'pkcs8', der: damaged }, '')
    } catch (error) {
      expect(['unsupported', 'invalid']).toContain((error as { code: unknown }).code)
    }
  }
})

describe('PKCS#8 of version 2, with the public half', () => {
  // RFC 8410 §10.3: with an attribute, too.
  const example =
    'MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCoB8wHQYKKoZIhvcNAQkJFDEPDA1D' +
    'dXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE='
  const seed = 'd4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842'
  const der = Buffer.from(example, 'base64')

  test('opens', () => {
    const { key, type } = openPrivateKey({ form: 'pkcs8', der }, '')
    expect(type).toBe('Ed25519')
    expect(key.export({ format: 'jwk' }).d).toBe(Buffer.from(seed, 'hex').toString('base64url'))
    expect(der.toString('base64')).toBe(example)
  })

  test('does not open when it is cut', () => {
    const cut = Buffer.from(der)
    cut[1] = 0x20
    expect(() => openPrivateKey({ form: 'pkcs8', der: cut.subarray(0, 34) }, '')).toThrow(
      code('invalid'),
    )
  })
})

test('a decrypted key does not stay in memory', () => {
  const der = openssl(['pkcs8', '-topk8', '-outform', 'DER', '-passout', 'pass:x'], ec)
  const before = Buffer.from(der)
  expect(openPrivateKey({ form: 'encrypted-pkcs8', der }, 'x').type).toBe('EC P-256')
  expect(der.equals(before)).toBe(true)
})

describe('a key proves its certificate', () => {
  test.each(['RSA 2048', 'EC P-256', 'EC P-384', 'EC P-521', 'Ed25519'] as const)('%s', (type) => {
    const pair = makeCertificate({ key: makeKey(type) })
    const certificate = parseCertificate(derOf(pair.certificate))
    expect(provesCertificate(createPrivateKey(pair.key), certificate)).toBe(true)
    expect(provesCertificate(createPrivateKey(makeKey(type)), certificate)).toBe(false)
  })

  test('not with the right public half beside a wrong private one', () => {
    const certificate = parseCertificate(derOf(makeCertificate({ key: ec }).certificate))
    const forged = exported(ec, 'sec1')
    // SEC1: the private number lies in bytes 7 to 38.
    forged[20]! ^= 1
    let isProven = false
    try {
      const key = createPrivateKey({ key: forged, format: 'der', type: 'sec1' })
      isProven = provesCertificate(key, certificate)
    } catch {
      // Some runtimes already refuse to read it.
    }
    expect(isProven).toBe(false)
  })
})
