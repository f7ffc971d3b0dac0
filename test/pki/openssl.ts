import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { EpochMs } from '../../src-main/contract/model'

/** An instant at which certificates made now are valid. */
export const soon = EpochMs.parse(Date.now() + 60_000)

/** A folder that goes away after the tests of the file. */
export const folder = mkdtempSync(join(tmpdir(), 'coffret-pki-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the command line of OpenSSL and gives what it writes. */
export function openssl(args: readonly string[], input?: Uint8Array): Buffer {
  return execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** The same without waiting, with what it says on the side. */
export async function opensslWithNotes(args: readonly string[]) {
  const { stdout, stderr } = await promisify(execFile)('openssl', args)
  return { output: stdout, notes: stderr }
}

let count = 0

/** Writes a file into the folder. */
export function put(bytes: Uint8Array | string): string {
  const file = join(folder, `${++count}`)
  writeFileSync(file, bytes)
  return file
}

const keyOptions = {
  'RSA 1024': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
  'RSA 2048': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'RSA 4096': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:4096'],
  'EC P-256': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'EC P-384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  'EC P-521': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  'EC secp256k1': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1'],
  Ed25519: ['-algorithm', 'Ed25519'],
} as const

/** The kinds of key that the tests make. */
export type KeyType = keyof typeof keyOptions

/** A new private key: PEM of PKCS#8. */
export const makeKey = (type: KeyType = 'EC P-256'): Buffer =>
  openssl(['genpkey', ...keyOptions[type]])

/** A certificate with its key, both in PEM. */
export interface Pair {
  readonly certificate: Buffer
  readonly key: Buffer
}

const config = put('[req]\ndistinguished_name = name\nutf8 = yes\n[name]\n')

/** A certificate for a key, signed by an issuer or by itself. */
export function makeCertificate(options: {
  readonly key?: Buffer
  readonly subject?: string
  readonly issuer?: Pair
  readonly days?: number
  readonly extensions?: readonly string[]
}): Pair {
  const { key = makeKey(), subject = '/CN=app', issuer, days = 30, extensions = [] } = options
  const signer = issuer ? ['-CA', put(issuer.certificate), '-CAkey', put(issuer.key)] : []
  const certificate = openssl([
    ...['req', '-x509', '-new', '-config', config, '-key', put(key), '-subj', subject],
    ...['-days', `${days}`, ...signer, ...extensions.flatMap((one) => ['-addext', one])],
  ])
  return { certificate, key }
}

/** An authority: `/CN=` and its name. */
export const makeAuthority = (name: string, issuer?: Pair, days = 300): Pair =>
  makeCertificate({
    subject: `/CN=${name}`,
    days,
    extensions: ['basicConstraints=critical,CA:TRUE'],
    ...(issuer && { issuer }),
  })

/** The DER of a PEM file with one block. */
export function derOf(pem: Buffer): Buffer {
  const body = /-----BEGIN [^-]+-----([^-]+)-----END/.exec(pem.toString())?.[1] ?? ''
  return Buffer.from(body, 'base64')
}

/** A file to drop. */
export const file = (bytes: Uint8Array | string, name = 'file') => ({
  name,
  bytes: new Uint8Array(Buffer.from(bytes)),
})

/** The content of a file in the folder. */
export const read = (path: string): Buffer => readFileSync(path)
