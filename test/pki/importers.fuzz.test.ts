import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { isFailureCode } from '../../src-main/contract/errors'
import { EpochMs } from '../../src-main/contract/model'
import { readKeyFile } from '../../src-main/crypto/key-file'
import { readRecoveryWords } from '../../src-main/crypto/recovery-words'
import { SecretKey } from '../../src-main/crypto/secret-key'
import { derOfBer } from '../../src-main/pki/ber'
import { inspectCredentials } from '../../src-main/pki/credential-tools'
import { readPkcs12 } from '../../src-main/pki/pkcs12-reader'
import { WorkBudget } from '../../src-main/pki/work-budget'
import { readZip } from '../../src-main/pki/zip'
import { fuzz, fuzzTimeoutMs, mutated, oneOf } from '../support/fuzz'
import { seed } from '../support/torture'
import words from '../vectors/bip39-256.json'

const corpus = fileURLToPath(new URL('../vectors/fuzz', import.meta.url))
const seedNames = readdirSync(corpus)
const seeds = seedNames.map((name) => readFileSync(join(corpus, name)))
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
  const problems = reports.flatMap(({ name, problem }) =>
    problem ? [seedNames[Number(name)]] : [],
  )
  expect(problems).toEqual(['header.json', 'key-file.txt'])
  const found = reports.flatMap((report) => report.found)
  const certificates = found.filter((one) => one === 'certificate')
  expect([certificates.length, found.length]).toEqual([9, 31])
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

// Within a file that is authenticated or packed, a change is noticed before anything is read: so what
// is behind is given changed bytes of its own. The work is little, so that there are many tries.
test(
  `A-08: the readers of PKCS#12 files, of BER and of archives answer any bytes (seed ${seed})`,
  async () => {
    const containers = seeds.filter((_, at) => /\.(p12|zip)$/.test(seedNames[at] ?? ''))
    const readers = [
      (bytes: Uint8Array) => readPkcs12(bytes, 'fuzz', new WorkBudget(20_000)),
      (bytes: Uint8Array) => derOfBer(bytes),
      (bytes: Uint8Array) => readZip(bytes),
    ]
    const runs = await fuzz((random) => {
      const bytes = mutated(random, oneOf(random, containers), seeds)
      try {
        oneOf(random, readers)(bytes)
      } catch (error) {
        if (!isFailureCode((error as { code?: unknown }).code)) throw error
      }
    })
    expect(runs).toBeGreaterThan(1000)
  },
  fuzzTimeoutMs,
)
