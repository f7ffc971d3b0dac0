import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CoffretError } from '../../src-main/contract/errors'
import { CertificateInfo } from '../../src-main/contract/calls'
import { parseCertificate } from '../../src-main/pki/certificate-info'
import { oid, sequence } from '../../src-main/pki/der-writer'
import { derOf, makeCertificate, makeKey } from './openssl'

const key = makeKey()
const make = (subject: string, extensions: readonly string[] = []): Buffer =>
  derOf(makeCertificate({ key, subject, extensions }).certificate)
const invalid = expect.objectContaining({ code: 'invalid' })

describe('a certificate', () => {
  const der = make('/C=FR/O=Exemple é/CN=app')
  const { info } = parseCertificate(der)
  const node = new X509Certificate(der)

  test('says what Node says', () => {
    expect(info).toMatchObject({
      serialNumber: node.serialNumber.toUpperCase(),
      sha256Fingerprint: node.fingerprint256,
      validFrom: Date.parse(node.validFrom),
      validTo: Date.parse(node.validTo),
    })
  })

  test('says its names and key', () => {
    expect(info).toMatchObject({
      subject: 'CN=app, O=Exemple é, C=FR',
      issuer: 'CN=app, O=Exemple é, C=FR',
      keyType: 'EC P-256',
      subjectAltNames: [],
    })
    expect(info).not.toHaveProperty('okmsDomainId')
  })

  test('fits the contract', () => {
    expect(CertificateInfo.parse(info)).toEqual(info)
  })

  test('has one form: a byte behind it is refused', () => {
    expect(() => parseCertificate(Buffer.concat([der, Buffer.alloc(1)]))).toThrow(invalid)
  })
})

describe('it may identify a client', () => {
  test.each([
    ['without extended key usage', [], true],
    ['for clients', ['extendedKeyUsage=clientAuth'], true],
    ['for servers and clients', ['extendedKeyUsage=serverAuth,clientAuth'], true],
    ['for any use', ['extendedKeyUsage=anyExtendedKeyUsage'], true],
    ['that may sign', ['keyUsage=digitalSignature,keyAgreement'], true],
    ['that may not sign', ['extendedKeyUsage=clientAuth', 'keyUsage=keyEncipherment'], false],
    ['of an authority and nothing else', ['keyUsage=keyCertSign,cRLSign'], false],
    ['for servers only', ['extendedKeyUsage=serverAuth'], false],
  ])('%s', (_, extensions, expected) => {
    expect(parseCertificate(make('/CN=a', extensions)).info.clientAuth).toBe(expected)
  })
})

describe('it is an authority', () => {
  test.each([
    ['with CA:TRUE', ['basicConstraints=critical,CA:TRUE,pathlen:0'], true],
    ['not with CA:FALSE', ['basicConstraints=CA:FALSE'], false],
    ['not without the extension', [], false],
  ])('%s', (_, extensions, expected) => {
    expect(parseCertificate(make('/CN=a', extensions)).info.isCa).toBe(expected)
  })
})

describe('hostile bytes', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(1000)],
    ['a sequence of nothing', Buffer.from(sequence())],
    ['an object identifier', Buffer.from(oid('1.2.3'))],
    ['a nest 10,000 deep', nest(10_000)],
    ['a nest of indefinite lengths', Buffer.from('3080'.repeat(10_000), 'hex')],
  ])('%s are refused', (_, der) => {
    expect(() => parseCertificate(der)).toThrow(invalid)
  })

  test('a damaged certificate is read or refused, never anything else', () => {
    const names = 'subjectAltName=DNS:a,IP:::1,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:okms.domain:*'
    const der = make('/C=FR/CN=app', [
      names,
      'extendedKeyUsage=clientAuth',
      'keyUsage=digitalSignature',
    ])
    const place = fc.nat(der.length - 1)
    const change = fc.record({
      place,
      byte: fc.nat(255),
      cut: fc.nat(4),
      extra: fc.uint8Array({ maxLength: 4 }),
    })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let damaged: Buffer = Buffer.from(der)
        for (const { place, byte, cut, extra } of changes) {
          const end = Math.min(place + cut, damaged.length)
          const middle = cut === 0 ? Buffer.concat([Uint8Array.of(byte), extra]) : extra
          damaged = Buffer.concat([damaged.subarray(0, place), middle, damaged.subarray(end)])
        }
        expectReadOrRefused(damaged)
      }),
      { numRuns: 2000 },
    )
  })

  test('a certificate with one byte changed is read or refused', () => {
    const der = make('/CN=app', ['subjectAltName=DNS:a'])
    for (let place = 0; place < der.length; place++) {
      for (const byte of [0x00, 0x80, 0xff, (der[place] ?? 0) ^ 1]) {
        const damaged = Buffer.from(der)
        damaged[place] = byte
        expectReadOrRefused(damaged)
      }
    }
  })
})

function expectReadOrRefused(der: Buffer): void {
  try {
    CertificateInfo.parse(parseCertificate(der).info)
  } catch (error) {
    if (!(error instanceof CoffretError) || error.code !== 'invalid') throw error
  }
}

/** Sequences in each other, of correct lengths. */
function nest(depth: number): Buffer {
  const heads: Buffer[] = []
  let length = 0
  for (let level = 0; level < depth; level++) {
    const size = length < 0x80 ? 0 : length < 0x100 ? 1 : 2
    const head =
      size === 0
        ? [0x30, length]
        : size === 1
          ? [0x30, 0x81, length]
          : [0x30, 0x82, length >> 8, length & 255]
    heads.unshift(Buffer.from(head))
    length += head.length
  }
  return Buffer.concat(heads)
}
