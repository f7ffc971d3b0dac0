import { describe, expect, test } from 'vitest'
import { certificatesOfPkcs7 } from '../../src-main/pki/pkcs7'
import { derOf, makeAuthority, makeCertificate, openssl, put } from './openssl'

const root = makeAuthority('root')
const leaf = makeCertificate({ issuer: root })
const list = (...options: readonly string[]): Buffer =>
  openssl(['crl2pkcs7', '-nocrl', '-outform', 'DER', ...options])
const both = list('-certfile', put(leaf.certificate), '-certfile', put(root.certificate))
const bytes = (found: readonly Uint8Array[] | undefined) => found?.map((one) => Buffer.from(one))

/** The same with lengths that are not told: what Java and Windows write of long lists. */
function indefinite(der: Buffer): Buffer {
  const [start, end] = [Uint8Array.of(0x30, 0x80), Uint8Array.of(0, 0)]
  return Buffer.concat([start, der.subarray(4), end])
}

describe('a PKCS#7 file', () => {
  test('gives its certificates', () => {
    expect(bytes(certificatesOfPkcs7(both))).toEqual(
      expect.arrayContaining([derOf(leaf.certificate), derOf(root.certificate)]),
    )
    expect(certificatesOfPkcs7(both)).toHaveLength(2)
  })

  test('may be BER', () => {
    expect(certificatesOfPkcs7(indefinite(both))).toHaveLength(2)
  })

  test('that is a signed message gives those of its signers', () => {
    const signer = ['-signer', put(leaf.certificate), '-inkey', put(leaf.key)]
    const args = ['cms', '-sign', ...signer, '-outform', 'DER', '-nodetach']
    const signed = openssl(args, Buffer.from('hello'))
    expect(bytes(certificatesOfPkcs7(signed))).toEqual([derOf(leaf.certificate)])
  })

  test('may hold none', () => {
    const empty = openssl(['crl2pkcs7', '-nocrl', '-outform', 'DER'])
    expect(certificatesOfPkcs7(empty)).toEqual([])
  })
})

test.each([
  ['a certificate', derOf(leaf.certificate)],
  ['a key', derOf(leaf.key)],
  ['a cut one', both.subarray(0, -1)],
  ['one with a byte behind it', Buffer.concat([both, Buffer.alloc(1)])],
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('0 begins like a sequence')],
  ['a nest', Buffer.from('3080'.repeat(10_000), 'hex')],
])('%s is none', (_, der) => {
  expect(certificatesOfPkcs7(der)).toBeUndefined()
})
