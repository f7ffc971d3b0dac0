import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { systemRandom } from '../../src-main/env'
import { createAuthority, openAuthority } from '../../src-main/pki/authority'
import { issueServerCertificate } from '../../src-main/pki/certificate-issuing'
import { derOf, makeAuthority, makeKey, openssl, put } from './openssl'
import {
  chance,
  dayMs,
  forge,
  handshake,
  infoOf,
  newAuthority,
  now,
  signerOf,
  textOf,
  vaultId,
  verify,
} from './local-authority'

const stored = await createAuthority({ vaultId, label: 'work', ...chance })
const authority = await openAuthority(stored)
const leaf = await issueServerCertificate(authority, chance)
const corrupt = expect.objectContaining({ code: 'corrupt' })
const subtreeViolation = /error 47 .*permitted subtree violation/

describe('the certificate of an authority', () => {
  const text = textOf(stored.certificatePem)

  test('names the vault, and is for ten years from an hour ago', () => {
    const { info } = authority.certificate
    expect(info).toMatchObject({
      subject: `CN=Coffret work, OU=${vaultId}`,
      issuer: `CN=Coffret work, OU=${vaultId}`,
      keyType: 'EC P-256',
      isCa: true,
    })
    expect(info.validFrom).toBe(Math.floor((now - dayMs / 24) / 1000) * 1000)
    expect(info.validTo).toBe(Math.floor((now + 3652 * dayMs) / 1000) * 1000)
  })

  // C-09
  test.each([
    ['Basic Constraints: critical\n', 'CA:TRUE, pathlen:0\n'],
    ['Key Usage: critical\n', 'Certificate Sign, CRL Sign\n'],
    ['Extended Key Usage: \n', 'TLS Web Server Authentication, TLS Web Client Authentication\n'],
  ])('has %j with %j', (name, value) => {
    expect(text).toContain(`X509v3 ${name}${' '.repeat(16)}${value}`)
  })

  // C-09
  test('binds names to this machine, critically', () => {
    expect(text.replace(/\n +/g, '\n')).toContain(
      [
        'X509v3 Name Constraints: critical',
        'Permitted:',
        'DNS:localhost',
        'IP:127.0.0.0/255.0.0.0',
        'IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF',
      ].join('\n'),
    )
    expect(text).not.toContain('Excluded:')
  })

  test('verifies with openssl', () => {
    expect(verify(authority, stored.certificatePem)).toBe('OK')
  })

  test('gives each authority another key and number', async () => {
    const other = await newAuthority()
    expect(other.certificate.publicKeyDer).not.toEqual(authority.certificate.publicKeyDer)
    expect(other.certificate.info.serialNumber).not.toBe(authority.certificate.info.serialNumber)
  })

  test('has a positive number of 16 bytes whatever the random source gives', async () => {
    for (const [byte, first] of [
      [0x00, '40'],
      [0xff, '7F'],
    ] as const) {
      const random = (length: number) => new Uint8Array(length).fill(byte)
      const { certificatePem } = await createAuthority({ vaultId, label: 'work', now, random })
      const { serialNumber } = infoOf(certificatePem)
      expect(serialNumber).toMatch(new RegExp(`^${first}[0-9A-F]{30}$`))
    }
  })
})

describe('with the key of the authority nobody can vouch for', () => {
  test('another site by its name', async () => {
    const evil = await forge(authority, 'x', (library) => [
      new library.SubjectAlternativeNameExtension([{ type: 'dns', value: 'evil.example' }]),
    ])
    expect(verify(authority, evil.certificatePem)).toMatch(subtreeViolation)
    await expect(
      handshake(authority, undefined, { server: evil, servername: 'evil.example' }),
    ).rejects.toThrow('permitted subtree violation')
  })

  test.each([
    ['another site by its common name', 'evil.example', []],
    ['another site beside this machine', 'x', ['localhost', 'evil.example']],
    ['a name that ends alike', 'x', ['evillocalhost']],
    ['another address', 'x', ['10.0.0.1']],
    ['another address of IPv6', 'x', ['::2']],
  ])('%s', async (_, commonName, names) => {
    const { certificatePem } = await forge(authority, commonName, (library) => {
      const alternatives = names.map((value) => {
        const type: 'ip' | 'dns' = /^[\d.:]+$/.test(value) ? 'ip' : 'dns'
        return { type, value }
      })
      const isNone = alternatives.length === 0
      return isNone ? [] : [new library.SubjectAlternativeNameExtension(alternatives)]
    })
    expect(verify(authority, certificatePem)).toMatch(subtreeViolation)
  })

  test('another authority', async () => {
    const between = await forge(authority, 'between', (library) => [
      new library.BasicConstraintsExtension(true, 0, true),
      new library.KeyUsagesExtension(library.KeyUsageFlags.keyCertSign, true),
    ])
    const leaf = await forge(await signerOf(between), 'x', () => [])
    expect(
      verify(authority, leaf.certificatePem, ['-untrusted', put(between.certificatePem)]),
    ).toMatch(/path length constraint exceeded/)
  })

  test('mail', async () => {
    const mail = await forge(authority, 'x', (library) => [
      new library.SubjectAlternativeNameExtension([{ type: 'email', value: 'a@evil.example' }]),
      new library.ExtendedKeyUsageExtension([library.ExtendedKeyUsage.emailProtection]),
    ])
    expect(verify(authority, mail.certificatePem, ['-purpose', 'smimesign'])).toMatch(
      /unsuitable certificate purpose/,
    )
  })
})

describe('an authority that was kept', () => {
  test('signs when its key has been wiped from where it was kept', async () => {
    const privateKey = Uint8Array.from(stored.privateKey)
    const opened = await openAuthority({ ...stored, privateKey })
    privateKey.fill(0)
    const { certificatePem } = await issueServerCertificate(opened, chance)
    expect(verify(authority, certificatePem)).toBe('OK')
  })

  const pkcs8 = (key: Buffer) => openssl(['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER'], key)
  const stranger = makeAuthority('Coffret work')
  test.each([
    ['no certificate', { certificate: new Uint8Array() }],
    ['no key', { privateKey: new Uint8Array() }],
    ['a cut certificate', { certificate: stored.certificate.subarray(0, -1) }],
    [
      'a byte behind the certificate',
      { certificate: Buffer.concat([stored.certificate, Buffer.alloc(1)]) },
    ],
    ['another signature', { certificate: changed(stored.certificate, -1) }],
    ['a cut key', { privateKey: stored.privateKey.subarray(0, -1) }],
    ['the key of another', { privateKey: pkcs8(makeKey()) }],
    ['a key of another kind', { privateKey: pkcs8(makeKey('Ed25519')) }],
    [
      'a leaf and its key',
      {
        certificate: derOf(Buffer.from(leaf.certificatePem)),
        privateKey: derOf(Buffer.from(leaf.privateKeyPem)),
      },
    ],
    [
      'an authority without constraints',
      { certificate: derOf(stranger.certificate), privateKey: pkcs8(stranger.key) },
    ],
  ])('is corrupt with %s', async (_, damage) => {
    await expect(openAuthority({ ...stored, ...damage })).rejects.toEqual(corrupt)
  })

  test('is read or corrupt, never anything else, with one byte changed', async () => {
    const place = fc.nat(stored.certificate.length - 1)
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, bits) => {
        const certificate = changed(stored.certificate, at, bits)
        await expect(openAuthority({ ...stored, certificate })).rejects.toEqual(corrupt)
      }),
    )
  })
})

test('a label that cannot be a name is refused', async () => {
  for (const label of ['', ' ', 'two\nlines', 'a'.repeat(57)]) {
    await expect(
      createAuthority({ vaultId, label, now, random: systemRandom }),
    ).rejects.toMatchObject({ code: 'invalid', field: 'label' })
  }
})

/** A copy with some bits of one byte turned; a place below zero counts from the end. */
function changed(bytes: Uint8Array, place: number, bits = 1): Uint8Array {
  const copy = Uint8Array.from(bytes)
  const at = place < 0 ? copy.length + place : place
  copy[at] = (copy[at] ?? 0) ^ bits
  return copy
}
