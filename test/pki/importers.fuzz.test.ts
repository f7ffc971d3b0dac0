import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { isFailureCode } from '../../src-main/contract/errors'
import { EpochMs } from '../../src-main/contract/model'
import { readKeyFile } from '../../src-main/crypto/key-file'
import { readRecoveryWords } from '../../src-main/crypto/recovery-words'
import { SecretKey } from '../../src-main/crypto/secret-key'
import { inspectCredentials } from '../../src-main/pki/credential-tools'
import { fuzz, fuzzTimeoutMs, mutated, oneOf } from '../support/fuzz'
import { seed } from '../support/torture'
import words from '../vectors/bip39-256.json'

const corpus = fileURLToPath(new URL('../vectors/fuzz', import.meta.url))
const seeds = readdirSync(corpus).map((name) => readFileSync(join(corpus, name)))
const now = EpochMs.parse(1_800_000_000_000)

/** A refusal by name: anything else that is thrown is a fault. */
function refusesOnly(read: () => SecretKey): void {
  try {
    expect(read()).toBeInstanceOf(SecretKey)
  } catch (error) {
    if (!isFailureCode((error as { code?: unknown }).code)) throw error
  }
}

test('V-21: the files that the importers are given first are read', () => {
  const files = seeds.map((bytes, at) => ({ name: `${at}`, bytes }))
  const { files: reports } = inspectCredentials(files, 'fuzz', now)
  const found = reports.flatMap((report) => report.found)
  const certificates = found.filter((one) => one === 'certificate')
  expect([certificates.length, found.length]).toEqual([2, 9])
  expect(() => readKeyFile(readFileSync(join(corpus, 'key-file.txt')))).not.toThrow()
})

test(
  `V-21: whatever is given to import is read or refused by name (seed ${seed})`,
  async () => {
    const runs = await fuzz((random) => {
      const bytes = mutated(random, oneOf(random, seeds), seeds)
      const second = { name: 'second', bytes: oneOf(random, seeds) }
      const files = [{ name: 'first', bytes }, ...(random(2) === 0 ? [second] : [])]
      const { files: reports } = inspectCredentials(files, oneOf(random, [undefined, 'fuzz']), now)
      expect(reports).toHaveLength(files.length)
      refusesOnly(() => readKeyFile(bytes))
      const text = Buffer.from(oneOf(random, words).words)
      refusesOnly(() => readRecoveryWords(mutated(random, text).toString('utf8')))
    })
    expect(runs).toBeGreaterThan(100)
  },
  fuzzTimeoutMs,
)
