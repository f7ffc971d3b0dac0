import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Agent } from 'node:https'
import { createSecureContext } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { fullScope } from '../../src-main/contract/access'
import { systemRandom } from '../../src-main/env'
import { inspectCredentials, makePkcs12 } from '../../src-main/pki/credential-tools'
import { findPemBlocks } from '../../src-main/pki/pem'
import { send, vaultWithListener } from '../http/served-vault'
import { makeRequest } from './certificate-requests'
import {
  type Pair,
  derOf,
  file,
  folder,
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

/** A client of a vault: its key is of OpenSSL, its certificate of the vault's own authority. */
interface Client extends Pair {
  readonly root: Buffer
  /** Where the vault listens. */
  readonly port: number
}

/** A vault that listens, and has certified a key. It ends with the test. */
async function clientOf(key: Buffer): Promise<Client> {
  const { access, authority, listener } = await vaultWithListener()
  const request = { name: 'app', scope: fullScope, csr: makeRequest({ key }) }
  const { files } = await access.issueCertificate(request)
  const issued = files.find(({ name }) => name.endsWith('_certificate.pem'))
  const { port } = await listener.start({ port: 0 })
  const certificate = Buffer.from(issued?.bytes ?? [])
  return { certificate, key, root: Buffer.from(authority), port }
}

const pkcs12 = ({ certificate, key, root }: Client, ...options: readonly string[]): Buffer =>
  openssl([
    ...['pkcs12', '-export', '-in', put(certificate), '-inkey', put(key), '-iter', '1000'],
    ...['-certfile', put(root), '-passout', `pass:${keyPassword}`, ...options],
  ])
const traditional = (key: Buffer, ...options: readonly string[]): Buffer =>
  openssl(['pkey', '-traditional', ...options], key)
const beside = ({ certificate, root }: Client, key: Uint8Array): Uint8Array[] => [
  key,
  Buffer.concat([root, certificate]),
]

/** What people have, as the files that they drop. */
const forms = {
  'PKCS#8 in PEM': (pair: Client) => beside(pair, pair.key),
  'PKCS#8 in DER': ({ certificate, key, root }: Client) => [key, certificate, root].map(derOf),
  'one file with CRLF and text': ({ certificate, key, root }: Client) => [
    Buffer.from(`my files\n${root}\n${certificate}${key}`.replaceAll('\n', '\r\n')),
  ],
  'PKCS#1 or SEC1 in PEM': (pair: Client) => beside(pair, traditional(pair.key)),
  'PKCS#1 or SEC1 in DER': (pair: Client) => beside(pair, traditional(pair.key, '-outform', 'DER')),
  'traditional, encrypted': (pair: Client) =>
    beside(pair, traditional(pair.key, '-aes256', '-passout', `pass:${keyPassword}`)),
  PBES2: (pair: Client) => beside(pair, closed(pair.key)),
  PBES1: (pair: Client) => beside(pair, closed(pair.key, '-v1', 'PBE-SHA1-DES', ...legacy)),
  'PKCS#12': (pair: Client) => [pkcs12(pair)],
  'old PKCS#12': (pair: Client) => [pkcs12(pair, '-legacy')],
  ZIP: ({ certificate, key, root }: Client) => [
    archive([certificate, key, root].map((bytes, at) => ({ name: `okms/${at}`, bytes }))),
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

function convert(pair: Client, form: Form, profile: Profile, word: string): Promise<Uint8Array> {
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
async function checkWithOpenssl(
  written: string,
  { certificate, key, root }: Client,
  profile: Profile,
) {
  const { output, notes } = await opensslWithNotes([
    ...['pkcs12', '-info', '-nodes', '-in', written, '-passin', `pass:${asciiPassword}`],
  ])
  const blocks = findPemBlocks(Buffer.from(output))
  const ders = (label: string) => blocks.filter((one) => one.label === label).map((one) => one.der)
  expect(ders('CERTIFICATE')).toEqual([derOf(certificate), derOf(root)])
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

/** Reads a secret of the vault by what was written alone: it asks for a client certificate. */
async function checkWithVault(pfx: Buffer, passphrase: string, { root, port }: Client) {
  // It checks the MAC, opens all of it, and compares key and certificate.
  const known = new Agent({ secureContext: createSecureContext({ ca: root, pfx, passphrase }) })
  const path = '/v1/secret/data/a'
  const reply = await send({ agent: known, path }, { port })
  expect([reply.status, reply.text]).toEqual([200, expect.stringContaining('"data":{"n":1}')])
  const stranger = await send({ agent: new Agent({ ca: root }), path }, { port })
  expect(stranger.status).toBe(403)
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

/** What takes the time. */
async function checkWithOthers(pfx: Buffer, client: Client, profile: Profile, name: string) {
  const path = join(folder, `${name}.p12`)
  writeFileSync(path, pfx)
  await checkWithOpenssl(path, client, profile)
  // NSS 3.87 reads no private key of Ed25519: Firefox and Chromium on Linux have no use for one.
  if (!name.startsWith('Ed25519')) await checkWithNss(path, name)
  if (hasKeytool) await checkWithKeytool(path)
}

/**
 * One type of key: read from each form, written from each in each profile, let in by a vault with what was
 * written, and read by the programs of others.
 */
export function conversionsOf(type: string): void {
  const key = keyOf(type)
  // OpenSSL writes no traditional form of Ed25519.
  const possible = allForms.filter((form) => type !== 'Ed25519' || !isTraditional(form))
  const cases = possible.flatMap((form) => profiles.map((profile) => [form, profile] as const))

  describe(type, () => {
    test.each(possible)('is read from %s', async (form) => {
      const files = forms[form](await clientOf(key)).map((bytes, at) => file(bytes, `${at}`))
      const { problems, warnings, certificates, ...found } = inspectCredentials(
        files,
        keyPassword,
        soon,
      )
      expect([problems, warnings, certificates.length]).toEqual([[], [], 2])
      expect([found.key?.type, certificates[0]?.keyType]).toEqual([type, type])
    })

    test.each(cases)('from %s, %s', { timeout: timeoutMs }, async (form, profile) => {
      const client = await clientOf(key)
      const pfx = Buffer.from(await convert(client, form, profile, password))
      await checkWithVault(pfx, password, client)
    })

    test.each(cases)('from %s, %s, for others', { timeout: timeoutMs }, async (form, profile) => {
      const client = await clientOf(key)
      const pfx = Buffer.from(await convert(client, form, profile, asciiPassword))
      await checkWithVault(pfx, asciiPassword, client)
      const at = allForms.indexOf(form)
      await checkWithOthers(pfx, client, profile, `${type}-${profile}-${at}`.replaceAll(' ', '-'))
    })
  })
}
