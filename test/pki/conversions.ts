import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from 'node:https'
import { createSecureContext } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { systemRandom } from '../../src-main/env'
import { inspectCredentials, makePkcs12 } from '../../src-main/pki/credential-tools'
import { findPemBlocks } from '../../src-main/pki/pem'
import { listenTls } from '../support/mtls-listener'
import {
  type Pair,
  derOf,
  file,
  folder,
  makeAuthority,
  makeCertificate,
  makeKey,
  openssl,
  opensslWithNotes,
  put,
  soon,
} from './openssl'
import { archive } from './zip-archive'

const run = promisify(execFile)
const keyPassword = 'opens the key'
const password = 'clé € and ß'
/** The JDK takes the lower seven bits of each character of a password (PBES2): the others get ASCII. */
const asciiPassword = 'only letters'
const legacy = ['-provider', 'legacy', '-provider', 'default']
const root = makeAuthority('root')

/** A key that takes long to make is not made here: test/vectors/keys. */
function keyOf(type: string): Buffer {
  const prefab = fileURLToPath(
    new URL(`../vectors/keys/${type.toLowerCase().replace(' ', '-')}.pem`, import.meta.url),
  )
  switch (type) {
    case 'RSA 3072':
    case 'RSA 4096':
    case 'RSA 8192':
      return readFileSync(prefab)
    case 'RSA 2048':
    case 'EC P-256':
    case 'EC P-384':
    case 'EC P-521':
    case 'Ed25519':
      return makeKey(type)
    default:
      throw new Error(`no key of type ${type}`)
  }
}

const closed = (key: Buffer, ...options: readonly string[]): Buffer =>
  openssl(['pkcs8', '-topk8', ...options, '-passout', `pass:${keyPassword}`], key)
const pkcs12 = ({ certificate, key }: Pair, ...options: readonly string[]): Buffer =>
  openssl([
    ...['pkcs12', '-export', '-in', put(certificate), '-inkey', put(key), '-iter', '1000'],
    ...['-certfile', put(root.certificate), '-passout', `pass:${keyPassword}`, ...options],
  ])
const traditional = (key: Buffer, ...options: readonly string[]): Buffer =>
  openssl(['pkey', '-traditional', ...options], key)
const beside = ({ certificate }: Pair, key: Uint8Array): Uint8Array[] => [
  key,
  Buffer.concat([root.certificate, certificate]),
]

/** What people have, as the files that they drop. */
const forms = {
  'PKCS#8 in PEM': (pair: Pair) => beside(pair, pair.key),
  'PKCS#8 in DER': ({ certificate, key }: Pair) => [
    derOf(key),
    derOf(certificate),
    derOf(root.certificate),
  ],
  'one file with CRLF and text': ({ certificate, key }: Pair) => [
    Buffer.from(`my files\n${root.certificate}\n${certificate}${key}`.replaceAll('\n', '\r\n')),
  ],
  'PKCS#1 or SEC1 in PEM': (pair: Pair) => beside(pair, traditional(pair.key)),
  'PKCS#1 or SEC1 in DER': (pair: Pair) => beside(pair, traditional(pair.key, '-outform', 'DER')),
  'traditional, encrypted': (pair: Pair) =>
    beside(pair, traditional(pair.key, '-aes256', '-passout', `pass:${keyPassword}`)),
  PBES2: (pair: Pair) => beside(pair, closed(pair.key)),
  PBES1: (pair: Pair) => beside(pair, closed(pair.key, '-v1', 'PBE-SHA1-DES', ...legacy)),
  'PKCS#12': (pair: Pair) => [pkcs12(pair)],
  'old PKCS#12': (pair: Pair) => [pkcs12(pair, '-legacy')],
  ZIP: ({ certificate, key }: Pair) => [
    archive(
      [certificate, key, root.certificate].map((bytes, at) => ({ name: `okms/${at}`, bytes })),
    ),
  ],
} as const
type Form = keyof typeof forms
const allForms = Object.keys(forms) as Form[]
const isTraditional = (form: Form): boolean => /SEC1|traditional/.test(form)

const profiles = ['modern', 'compatible'] as const
type Profile = (typeof profiles)[number]

const spelled = {
  modern: 'PBES2, PBKDF2, AES-256-CBC, Iteration 150000, PRF hmacWithSHA256',
  compatible: 'pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 50000',
}

function convert(pair: Pair, form: Form, profile: Profile, word: string): Promise<Uint8Array> {
  const files = forms[form](pair).map((bytes, at) => file(bytes, `${at}`))
  const common = {
    password: word,
    friendlyName: 'my app é',
    profile,
    random: systemRandom,
    now: soon,
  }
  return makePkcs12({ ...common, files, keyPassword })
}

/** What the command line of OpenSSL finds in it. */
async function checkWithOpenssl(written: string, { certificate, key }: Pair, profile: Profile) {
  const { output, notes } = await opensslWithNotes([
    ...['pkcs12', '-info', '-nodes', '-in', written, '-passin', `pass:${asciiPassword}`],
  ])
  const blocks = findPemBlocks(Buffer.from(output))
  const ders = (label: string) => blocks.filter((one) => one.label === label).map((one) => one.der)
  expect(ders('CERTIFICATE')).toEqual([derOf(certificate), derOf(root.certificate)])
  expect(ders('PRIVATE KEY')).toEqual([derOf(key)])
  expect(output.match(/friendlyName: .*/g)).toHaveLength(2)
  expect(output.match(/localKeyID: .*/g)).toHaveLength(2)
  expect(notes).toContain(`Encrypted data: ${spelled[profile]}`)
  expect(notes).toContain(`Shrouded Keybag: ${spelled[profile]}`)
  const mac = profile === 'modern' ? 'sha256, Iteration 150000' : 'sha1, Iteration 50000'
  expect(notes).toContain(`MAC: ${mac}`)
}

/** Imports it as Firefox and Chromium on Linux do, and looks whether the key came with it. */
async function checkWithNss(written: string, name: string): Promise<void> {
  const database = join(folder, `nss-${name}`)
  mkdirSync(database)
  const word = put(asciiPassword)
  await run('certutil', ['-N', '-d', `sql:${database}`, '--empty-password'])
  await run('pk12util', ['-i', written, '-d', `sql:${database}`, '-w', word])
  const { stdout } = await run('certutil', ['-K', '-d', `sql:${database}`])
  expect(stdout).toContain('my app é')
}

async function checkWithKeytool(written: string): Promise<void> {
  const args = [
    '-list',
    '-v',
    '-storetype',
    'PKCS12',
    '-keystore',
    written,
    '-storepass:env',
    'WORD',
  ]
  const { stdout } = await run('keytool', args, { env: { ...process.env, WORD: asciiPassword } })
  expect(stdout).toContain('PrivateKeyEntry')
  expect(stdout).toContain('Certificate chain length: 2')
}

/** Who a server of Coffret sees when a client shows what was written: it asks for a certificate of the root. */
async function checkWithHandshake(
  pfx: Buffer,
  passphrase: string,
  { certificate }: Pair,
): Promise<void> {
  const shown = makeCertificate({ issuer: root, extensions: ['subjectAltName=IP:127.0.0.1'] })
  const pair = { certificate: `${shown.certificate}`, privateKey: `${shown.key}` }
  const authority = `${root.certificate}`
  const seen: (Uint8Array | undefined)[] = []
  const server = await listenTls({ ...pair, localhost: pair, authority }, async (_, context) => {
    seen.push(context.peerCertificate)
    return { status: context.peerCertificate === undefined ? 401 : 204, headers: {} }
  })
  const ask = (client: object) =>
    new Promise<number | undefined>((resolve, reject) => {
      const options = { ca: authority, agent: false as const, ...client }
      const asked = request(server.address, options, (reply) => resolve(reply.statusCode))
      asked.on('error', reject).end()
    })
  try {
    expect([await ask({ pfx, passphrase }), await ask({})]).toEqual([204, 401])
    expect(seen.map((der) => der && Buffer.from(der))).toEqual([derOf(certificate), undefined])
  } finally {
    await server.close()
  }
}

/** Whether there is a Java here: the tests do not install one. */
export const hasKeytool = (() => {
  try {
    execFileSync('keytool', ['-help'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** Under load a derivation of a tenth of a second takes much longer. */
const timeoutMs = 120_000

/**
 * One type of key: read from each form, written from each in each profile, and one of each profile checked
 * by others, which is what takes the time.
 */
export function conversionsOf(type: string): void {
  const pair = makeCertificate({ key: keyOf(type), issuer: root })
  // OpenSSL writes no traditional form of Ed25519.
  const possible = allForms.filter((form) => type !== 'Ed25519' || !isTraditional(form))
  const [first, ...others] = possible
  const cases = others.flatMap((form) => profiles.map((profile) => [form, profile] as const))

  describe(type, () => {
    test.each(possible)('is read from %s', (form) => {
      const files = forms[form](pair).map((bytes, at) => file(bytes, `${at}`))
      const { problems, warnings, certificates, key } = inspectCredentials(files, keyPassword, soon)
      expect([problems, warnings, certificates.length]).toEqual([[], [], 2])
      expect([key?.type, certificates[0]?.keyType]).toEqual([type, type])
    })

    test.each(cases)('from %s, %s', { timeout: timeoutMs }, async (form, profile) => {
      const pfx = Buffer.from(await convert(pair, form, profile, password))
      // It checks the MAC, opens all of it, and compares key and certificate.
      expect(() => createSecureContext({ pfx, passphrase: password })).not.toThrow()
    })

    test.each(profiles)('%s, for others', { timeout: timeoutMs }, async (profile) => {
      const pfx = Buffer.from(await convert(pair, first ?? 'PKCS#8 in PEM', profile, asciiPassword))
      expect(() => createSecureContext({ pfx, passphrase: asciiPassword })).not.toThrow()
      await checkWithHandshake(pfx, asciiPassword, pair)
      const name = `${type}-${profile}`.replaceAll(' ', '-')
      const path = join(folder, `${name}.p12`)
      writeFileSync(path, pfx)
      await checkWithOpenssl(path, pair, profile)
      // NSS 3.87 reads no private key of Ed25519: Firefox and Chromium on Linux have no use for one.
      if (type !== 'Ed25519') await checkWithNss(path, name)
      if (hasKeytool) await checkWithKeytool(path)
    })
  })
}
