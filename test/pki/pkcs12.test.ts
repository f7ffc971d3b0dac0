import { createPrivateKey } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { systemRandom } from '../../src-main/env'
import { makePkcs12 } from '../../src-main/pki/credential-tools'
import { findPemBlocks } from '../../src-main/pki/pem'
import {
  derOf,
  file,
  makeAuthority,
  makeCertificate,
  openssl,
  opensslWithNotes,
  put,
  read,
  soon,
} from './openssl'

const root = makeAuthority('root')
const password = 'clé € and ß'
const profiles = ['modern', 'compatible'] as const

const pair = makeCertificate({ issuer: root })

function convert(profile: (typeof profiles)[number], friendlyName = 'my app é') {
  const files = [file(pair.key), file(Buffer.concat([root.certificate, pair.certificate]))]
  const common = { password, friendlyName, profile, random: systemRandom, now: soon }
  return makePkcs12({ ...common, files })
}

/** What the command line of OpenSSL finds in it. */
async function inspect(pkcs12: Uint8Array) {
  const { output, notes } = await opensslWithNotes([
    ...['pkcs12', '-info', '-nodes', '-in', put(pkcs12), '-passin', `pass:${password}`],
  ])
  const blocks = findPemBlocks(Buffer.from(output))
  const ders = (label: string) => blocks.filter((one) => one.label === label).map((one) => one.der)
  return { output, notes, certificates: ders('CERTIFICATE'), keys: ders('PRIVATE KEY') }
}

describe.each(profiles)('a %s file', (profile) => {
  let pfx: Buffer
  beforeAll(async () => {
    pfx = Buffer.from(await convert(profile))
  })

  test('joins certificate and key by the SHA-1 of the certificate', async () => {
    const { output } = await inspect(pfx)
    const { certificate } = pair
    const print = openssl(['x509', '-noout', '-fingerprint', '-sha1'], certificate).toString()
    const sha1 = print.trim().split('=')[1]?.replaceAll(':', ' ')
    expect(output.match(/localKeyID: .*/g)).toEqual(Array(2).fill(`localKeyID: ${sha1} `))
  })

  test('has a friendly name, also on the key, or none', async () => {
    const named = await inspect(await convert(profile, 'a name'))
    expect(named.output.match(/friendlyName: .*/g)).toEqual(Array(2).fill('friendlyName: a name'))
    const unnamed = await inspect(await convert(profile, ''))
    expect(unnamed.output).not.toContain('friendlyName')
  })

  test('does not open with another password', () => {
    for (const passphrase of ['', 'cle € and ß', `${password} `]) {
      expect(() => createSecureContext({ pfx, passphrase })).toThrow()
    }
  })

  test('does not open when a byte has changed', () => {
    for (let place = 60; place < pfx.length - 120; place += 97) {
      const damaged = Buffer.from(pfx)
      damaged[place]! ^= 1
      expect(() => createSecureContext({ pfx: damaged, passphrase: password })).toThrow()
    }
  })

  test('holds nothing in the clear', () => {
    const { certificate, key } = pair
    const secret = createPrivateKey(key).export({ format: 'jwk' }).d!
    expect(pfx.includes(Buffer.from(secret, 'base64url'))).toBe(false)
    expect(pfx.includes(derOf(certificate).subarray(20, 60))).toBe(false)
  })

  test('is never the same twice', async () => {
    const again = await convert(profile)
    expect(pfx.equals(Buffer.from(again))).toBe(false)
  })

  test('takes passwords of one character and of 1,024', async () => {
    for (const long of ['x', '€'.repeat(1024)]) {
      const { certificate, key } = pair
      const files = [file(certificate), file(key)]
      const request = { files, password: long, friendlyName: '', profile, random: systemRandom }
      const written = Buffer.from(await makePkcs12({ ...request, now: soon }))
      expect(() => createSecureContext({ pfx: written, passphrase: long })).not.toThrow()
    }
  })
})

test('openssl reads the structure as strict DER', async () => {
  const file = put(await convert('modern'))
  const again = put('')
  openssl(['asn1parse', '-inform', 'DER', '-in', file, '-noout', '-out', again])
  expect(read(again).equals(read(file))).toBe(true)
})
