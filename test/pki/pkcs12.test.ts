import { createPrivateKey } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { systemRandom } from '../../src-main/env'
import { makePkcs12 } from '../../src-main/pki/credential-tools'
import { findPemBlocks } from '../../src-main/pki/pem'
import {
  type KeyType,
  derOf,
  file,
  makeAuthority,
  makeCertificate,
  makeKey,
  openssl,
  opensslWithNotes,
  put,
  read,
  soon,
} from './openssl'

const root = makeAuthority('root')
const keyPassword = 'opens the key'
const password = 'clé € and ß'
const profiles = ['modern', 'compatible'] as const

/** The same key in the forms in which people have it. */
const forms = {
  'PKCS#8': (key: Buffer) => key,
  DER: (key: Buffer) => derOf(key),
  'encrypted PKCS#8': (key: Buffer) =>
    openssl(['pkcs8', '-topk8', '-passout', `pass:${keyPassword}`], key),
  traditional: (key: Buffer) => openssl(['pkey', '-traditional'], key),
  'encrypted traditional': (key: Buffer) =>
    openssl(['pkey', '-traditional', '-aes256', '-passout', `pass:${keyPassword}`], key),
}
type Form = keyof typeof forms

const types: readonly KeyType[] = [
  'RSA 2048',
  'RSA 4096',
  'EC P-256',
  'EC P-384',
  'EC P-521',
  'Ed25519',
]
const pairs = new Map(
  types.map((type) => [type, makeCertificate({ key: makeKey(type), issuer: root })]),
)

// Every type from every form in the modern profile. The compatible one meets every type and every
// form too, but not each with each: the form is gone before the profile begins, and its derivation
// takes half a second. OpenSSL writes no traditional form of Ed25519.
const matrix = types.flatMap((type) =>
  (Object.keys(forms) as Form[])
    .filter((form) => type !== 'Ed25519' || !form.includes('traditional'))
    .flatMap((form) =>
      profiles
        .filter((name) => name === 'modern' || type === 'EC P-256' || form === 'PKCS#8')
        .map((profile) => [type, form, profile] as const),
    ),
)

async function convert(
  type: KeyType,
  form: Form,
  profile: (typeof profiles)[number],
  friendlyName = 'my app é',
) {
  const { certificate, key } = pairs.get(type)!
  const files = [file(forms[form](key)), file(Buffer.concat([root.certificate, certificate]))]
  const common = { password, friendlyName, profile, random: systemRandom, now: soon }
  return makePkcs12({
    ...common,
    files,
    keyPassword: form.includes('encrypted') ? keyPassword : undefined,
  })
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

const spelled = {
  modern: 'PBES2, PBKDF2, AES-256-CBC, Iteration 150000, PRF hmacWithSHA256',
  compatible: 'pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 50000',
}

describe('openssl and Node open', () => {
  test.concurrent.for(matrix)('%s from %s, %s', async ([type, form, profile], { expect }) => {
    const pkcs12 = await convert(type, form, profile)
    const { certificate, key } = pairs.get(type)!
    const found = await inspect(pkcs12)
    expect(found.certificates).toEqual([derOf(certificate), derOf(root.certificate)])
    expect(found.keys).toEqual([derOf(key)])
    expect(found.notes).toContain(`Encrypted data: ${spelled[profile]}`)
    expect(found.notes).toContain(`Shrouded Keybag: ${spelled[profile]}`)
    expect(found.notes).toContain(
      `MAC: ${profile === 'modern' ? 'sha256, Iteration 150000' : 'sha1, Iteration 50000'}`,
    )
    expect(() =>
      createSecureContext({ pfx: Buffer.from(pkcs12), passphrase: password }),
    ).not.toThrow()
  })
})

describe.each(profiles)('a %s file', (profile) => {
  let pfx: Buffer
  beforeAll(async () => {
    pfx = Buffer.from(await convert('EC P-256', 'PKCS#8', profile))
  })

  test('joins certificate and key by the SHA-1 of the certificate', async () => {
    const { output } = await inspect(pfx)
    const { certificate } = pairs.get('EC P-256')!
    const print = openssl(['x509', '-noout', '-fingerprint', '-sha1'], certificate).toString()
    const sha1 = print.trim().split('=')[1]?.replaceAll(':', ' ')
    expect(output.match(/localKeyID: .*/g)).toEqual(Array(2).fill(`localKeyID: ${sha1} `))
  })

  test('has a friendly name, also on the key, or none', async () => {
    const named = await inspect(await convert('EC P-256', 'PKCS#8', profile, 'a name'))
    expect(named.output.match(/friendlyName: .*/g)).toEqual(Array(2).fill('friendlyName: a name'))
    const unnamed = await inspect(await convert('EC P-256', 'PKCS#8', profile, ''))
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
    const { certificate, key } = pairs.get('EC P-256')!
    const secret = createPrivateKey(key).export({ format: 'jwk' }).d!
    expect(pfx.includes(Buffer.from(secret, 'base64url'))).toBe(false)
    expect(pfx.includes(derOf(certificate).subarray(20, 60))).toBe(false)
  })

  test('is never the same twice', async () => {
    const again = await convert('EC P-256', 'PKCS#8', profile)
    expect(pfx.equals(Buffer.from(again))).toBe(false)
  })

  test('takes passwords of one character and of 1,024', async () => {
    for (const long of ['x', '€'.repeat(1024)]) {
      const { certificate, key } = pairs.get('EC P-256')!
      const files = [file(certificate), file(key)]
      const request = { files, password: long, friendlyName: '', profile, random: systemRandom }
      const written = Buffer.from(await makePkcs12({ ...request, now: soon }))
      expect(() => createSecureContext({ pfx: written, passphrase: long })).not.toThrow()
    }
  })
})

test('openssl reads the structure as strict DER', async () => {
  const file = put(await convert('EC P-256', 'PKCS#8', 'modern'))
  const again = put('')
  openssl(['asn1parse', '-inform', 'DER', '-in', file, '-noout', '-out', again])
  expect(read(again).equals(read(file))).toBe(true)
})
