import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CoffretError } from '../../src-main/contract/errors'
import { readCertificateRequest } from '../../src-main/pki/certificate-request'
import * as der from '../../src-main/pki/der-writer'
import { makeRequest } from './certificate-requests'
import { type KeyType, derOf, makeCertificate, makeKey, openssl } from './openssl'

const key = makeKey()
const pem = makeRequest({ key, subject: '/O=é/CN=first/CN=l’app' })
const request = derOf(pem)

describe('a certificate request is read', () => {
  const expected = {
    publicKeyDer: new Uint8Array(openssl(['pkey', '-pubout', '-outform', 'DER'], key)),
    commonName: 'l’app',
  }

  test.each([
    ['PEM', pem],
    ['DER', request],
    ['PEM with CRLF and text around', Buffer.from(`x\r\n${pem.toString().replace(/\n/g, '\r\n')}`)],
    ['PEM of old programs', Buffer.from(pem.toString().replace(/CERT/g, 'NEW CERT'))],
    ['PEM beside a private key', Buffer.concat([key, pem])],
  ])('from %s', (_, bytes) => {
    expect(readCertificateRequest(bytes)).toEqual(expected)
  })

  test.each<KeyType>(['EC P-384', 'EC P-521', 'RSA 2048', 'Ed25519'])('with a key %s', (type) => {
    const key = makeKey(type)
    expect(readCertificateRequest(makeRequest({ key })).publicKeyDer).toEqual(
      new Uint8Array(openssl(['pkey', '-pubout', '-outform', 'DER'], key)),
    )
  })

  test.each(['-sha384', '-sha512'])('signed with %s', (digest) => {
    const signed = makeRequest({ key: makeKey('RSA 2048'), args: [digest] })
    expect(readCertificateRequest(signed).commonName).toBe('app')
  })

  test('without a common name', () => {
    const nameless = readCertificateRequest(makeRequest({ key, subject: '/O=é' }))
    expect(nameless.commonName).toBeUndefined()
  })
})

const rsa = (bits: number, exponent = 65537) =>
  openssl([
    ...['genpkey', '-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`],
    ...['-pkeyopt', `rsa_keygen_pubexp:${exponent}`],
  ])

describe('a certificate request is refused', () => {
  const text = pem.toString()
  const otherKey = openssl(['pkey', '-pubout', '-outform', 'DER'], makeKey())
  const ownKey = openssl(['pkey', '-pubout', '-outform', 'DER'], key)
  const stolen = Buffer.from(request)
  otherKey.copy(stolen, request.indexOf(ownKey))

  test.each([
    ['that is empty', Buffer.alloc(0), /no certificate request/],
    ['of text', Buffer.from('hello'), /no certificate request/],
    ['of random bytes', Buffer.from('30820100deadbeef', 'hex'), /PKCS#10/],
    ['that is a certificate', makeCertificate({ key }).certificate, /no certificate request/],
    ['that is a private key', key, /no certificate request/],
    ['with a broken body', Buffer.from(text.replace(/\n\w/, '\n!')), /no certificate request/],
    ['beside another', Buffer.concat([pem, makeRequest()]), /several certificate requests/],
    ['of 1 MiB', Buffer.alloc(1024 * 1024, pem), /1048576 bytes, expected at most 65536/],
    ['of 64 KiB and a byte', Buffer.alloc(65537, 0x30), /65537 bytes/],
    ['with a byte behind it', Buffer.concat([request, Buffer.alloc(1)]), /PKCS#10/],
    ['that is cut', request.subarray(0, -1), /PKCS#10/],
    ['with a bad signature', changed(request, request.length - 1), /does not verify/],
    ['with a changed name', changed(request, request.indexOf('first')), /does not verify/],
    ['with the key of another', stolen, /does not verify/],
    ['of RSA 512', makeRequest({ key: rsa(512) }), /type RSA 512, expected RSA 2048/],
    ['of RSA 2047', makeRequest({ key: rsa(2047) }), /type RSA 2047/],
    ['of EC secp256k1', makeRequest({ key: makeKey('EC secp256k1') }), /type EC secp256k1/],
    [
      'signed with RSA-PSS',
      makeRequest({ key: rsa(2048), args: ['-sigopt', 'rsa_padding_mode:pss'] }),
      /signed with 1\.2\.840\.113549\.1\.1\.10, expected SHA-256/,
    ],
    [
      'signed with SHA-1',
      makeRequest({ key: rsa(2048), args: ['-sha1'] }),
      /signed with 1\.2\.840\.113549\.1\.1\.5, expected SHA-256/,
    ],
    ['of RSA with exponent 1', rsaRequest(Buffer.from([1])), /unsafe exponent/],
    ['of RSA with an even exponent', rsaRequest(Buffer.from([1, 0, 0])), /unsafe exponent/],
    ['of RSA with an exponent of 34 bits', rsaRequest(Buffer.from('0300000001', 'hex')), /unsafe/],
  ])('%s', (_, bytes, message) => {
    expect(() => readCertificateRequest(bytes)).toThrow(
      expect.objectContaining({
        code: 'invalid',
        field: 'csr',
        message: expect.stringMatching(message) as string,
      }),
    )
  })

  test('when a byte of it is changed', () => {
    const place = fc.nat(request.length - 1)
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, bits) => {
        try {
          readCertificateRequest(changed(request, at, bits))
        } catch (error) {
          if (error instanceof CoffretError && error.code === 'invalid') return
          throw error
        }
        throw new Error(`byte ${at} was accepted with ${bits}`)
      }),
      { numRuns: 1000 },
    )
  })
})

/** A copy with some bits of one byte turned. */
function changed(bytes: Buffer, at: number, bits = 1): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ bits
  return copy
}

/** A request of an RSA key with a chosen exponent; nobody could sign it, and nobody did. */
function rsaRequest(exponent: Uint8Array): Buffer {
  const modulus = Buffer.concat([Buffer.from([0x02, 0x82, 0x01, 0x01, 0]), Buffer.alloc(256, 0xc1)])
  const publicKey = der.sequence(
    modulus,
    Buffer.concat([Buffer.from([2, exponent.length]), exponent]),
  )
  const bits = Buffer.concat([
    Buffer.from([0x03, 0x82, 0x01, publicKey.length - 255, 0]),
    publicKey,
  ])
  const algorithm = der.sequence(der.oid('1.2.840.113549.1.1.1'), der.nothing())
  const signed = der.sequence(
    der.integer(0),
    der.sequence(),
    der.sequence(algorithm, bits),
    der.implicit(0),
  )
  const signature = der.sequence(der.oid('1.2.840.113549.1.1.11'), der.nothing())
  return Buffer.from(der.sequence(signed, signature, Buffer.from([3, 3, 0, 1, 1])))
}
