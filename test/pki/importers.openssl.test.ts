import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { inspectCredentials } from '../../src-main/pki/credential-tools'
import { findPemBlocks } from '../../src-main/pki/pem'
import { oneOf } from '../support/fuzz'
import { randomNumbers, seed, times } from '../support/torture'
import { file, put, soon } from './openssl'

const corpus = fileURLToPath(new URL('../vectors/fuzz', import.meta.url))
const contentOf = (name: string): Buffer => readFileSync(join(corpus, name))

/** OpenSSL has no archives, and its store opens no PKCS#12 file that has no MAC. */
const names = readdirSync(corpus).filter((name) => !/\.zip$|no-mac/.test(name))

/** What was found, and could be opened. */
type Found = readonly ('certificate' | 'key')[]

/** What is said of a key that did not open. */
const closed: ReadonlySet<string> = new Set([
  ...[
    'key-encrypted',
    'wrong-password',
    'unsupported-key',
    'unsupported-encryption',
    'damaged-key',
  ],
])

/** What Coffret finds; nothing where a key does not open, as OpenSSL then gives the whole file up. */
function ours(bytes: Uint8Array, password: string): Found {
  const { certificates, key, problems } = inspectCredentials([file(bytes)], password, soon)
  if (problems.some((one) => closed.has(one))) return []
  return [...certificates.map(() => 'certificate' as const), ...(key ? (['key'] as const) : [])]
}

/** What the store of OpenSSL finds, which takes every form by itself. */
async function theirs(bytes: Uint8Array, password: string): Promise<Found> {
  const providers = ['-provider', 'legacy', '-provider', 'default']
  const args = ['storeutl', '-noout', ...providers, '-passin', `pass:${password}`, put(bytes)]
  const told = await promisify(execFile)('openssl', args).catch(
    (error: { stdout: string }) => error,
  )
  const found = Array.from(told.stdout.matchAll(/^\d+: (Certificate|Pkey)$/gm), ([, kind]) => kind)
  const count = (kind: string): number => found.filter((one) => one === kind).length
  return [
    ...Array.from({ length: count('Certificate') }, () => 'certificate' as const),
    ...Array.from({ length: count('Pkey') }, () => 'key' as const),
  ]
}

test.each(names.flatMap((name) => ['fuzz', 'wrong'].map((word) => [name, word] as const)))(
  'A-08: OpenSSL finds the same in %s with the password %s',
  async (name, password) => {
    const bytes = contentOf(name)
    expect(ours(bytes, password)).toEqual(await theirs(bytes, password))
  },
)

/**
 * In DER, since of text around PEM blocks Coffret takes more than OpenSSL on purpose, and in the clear: where
 * OpenSSL gives a whole PKCS#12 file up for one bag, Coffret says which is damaged and shows the others.
 */
const ders = names
  .filter((name) => /^(certificate|key)|^pair/.test(name))
  .flatMap((name) => {
    const bytes = contentOf(name)
    const blocks = findPemBlocks(bytes).filter(({ label }) => !label.startsWith('ENCRYPTED'))
    const plain = blocks.flatMap(({ der, dekInfo }) => (der && dekInfo === undefined ? [der] : []))
    return bytes[0] === 0x30 ? [bytes] : plain
  })

test(`A-08: what Coffret takes of damaged files, OpenSSL takes too (seed ${seed})`, async () => {
  const random = randomNumbers(seed)
  let taken = 0
  for (let run = 0; run < times(150, 2000); run++) {
    const bytes = Buffer.from(oneOf(random, ders))
    const at = random(bytes.length)
    bytes[at] = random(256)
    const found = ours(bytes, 'fuzz')
    if (found.length === 0) continue
    taken += 1
    const told = await theirs(bytes, 'fuzz')
    expect(told, bytes.toString('base64')).toEqual(expect.arrayContaining([...found]))
    expect(told.length).toBeGreaterThanOrEqual(found.length)
  }
  expect(taken).toBeGreaterThan(0)
})
