import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect, test } from 'vitest'
import { isFailureCode } from '../../src-main/contract/errors'
import { FolderPath, SecretData, SecretPath } from '../../src-main/contract/model'
import { LocalVault } from '../../src-main/vault/local-vault'
import type { VaultOptions } from '../../src-main/vault/vault-options'
import { collectGarbage } from '../support/collect-garbage'
import { isTorture, times } from '../support/torture'
import { newVault, secretMount, temporaryFolder } from './new-vault'

const path = SecretPath.parse('folder/secret')
const data = SecretData.parse('{"value":"right"}')

/** Everything that one can ask of a vault, as text; failures as their codes. */
async function everything(vault: LocalVault): Promise<string[]> {
  const answer = async (ask: () => unknown): Promise<string> => {
    try {
      return JSON.stringify(await ask())
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (!isFailureCode(code)) throw error
      return code
    }
  }
  const store = () => vault.store(secretMount)
  return [
    await answer(() => vault.stores().map(({ id }) => id)),
    await answer(() => store().list(FolderPath.parse(''))),
    await answer(() => store().list(FolderPath.parse('folder'))),
    await answer(() => store().listAll()),
    await answer(() => store().readMetadata(path)),
    await answer(() => store().readVersion(path)),
    await answer(() => store().readConfig()),
    await answer(() => vault.drafts.list()),
  ]
}

/** What must never be: an answer that differs from the right one and does not say that it is damaged. */
function isWrong(
  answer: string,
  right: string,
  refusals: readonly string[] = ['corrupt'],
): boolean {
  return answer !== right && !refusals.includes(answer)
}

/** A small vault with one of everything, and the words that open it without a slow derivation. */
async function smallVault() {
  const { vault, file, options, recoveryWords } = await newVault()
  await vault.store(secretMount).write(path, { mode: 'create', data })
  vault.drafts.keep({ store: vault.store(secretMount).id, path: 'd', baseVersion: 0, text: 't' })
  const right = await everything(vault)
  vault.close()
  // In the smallest pages there are, so that few bytes are unused.
  const database = new DatabaseSync(file)
  database.exec('PRAGMA page_size = 512; VACUUM')
  database.close()
  return { good: readFileSync(file), right, options, words: recoveryWords.join(' ') }
}

test(
  'V-03: one flipped bit in any byte never gives a wrong value and never ends the process',
  async () => {
    const { good, right, options, words } = await smallVault()
    expect(right.filter((answer) => isFailureCode(answer))).toEqual([])
    const copy = join(temporaryFolder(), 'copy.coffret')
    const codes = new Map<string, number>()
    const bits = isTorture ? [0, 1, 2, 3, 4, 5, 6, 7] : [undefined]
    const flips = Array.from(good.keys()).flatMap((at) =>
      // Any of the eight bits, the same ones in every run.
      bits.map((bit) => ({ at, bit: bit ?? (at * 7 + (at >> 3)) % 8 })),
    )
    for (const [number, { at, bit }] of flips.entries()) {
      const changed = Buffer.from(good)
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at)
      writeFileSync(copy, changed, { mode: 0o600 })
      const outcome = await tryOpening(options, copy, words)
      if (number % 500 === 0) await collectGarbage()
      codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1)
      const wrong = outcome.answers.filter((answer, index) => isWrong(answer, right[index] ?? ''))
      expect(wrong, `byte ${at}, bit ${bit}`).toEqual([])
    }
    const expected = ['corrupt', 'kdf_bounds', 'newer_format', 'not_a_vault', 'opened']
    expect([...codes.keys()].filter((code) => !expected.includes(code))).toEqual([])
    expect(codes.get('opened')).toBeGreaterThan(0)
    expect(codes.get('corrupt')).toBeGreaterThan(0)
  },
  times(900_000, 3_600_000),
)

async function tryOpening(options: VaultOptions, file: string, words: string) {
  let opened: LocalVault | undefined
  try {
    opened = LocalVault.open({ ...options, file })
    await opened.unlockWithRecoveryWords(words)
    return { code: 'opened', answers: await everything(opened) }
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (!isFailureCode(code)) throw error
    return { code, answers: [] }
  } finally {
    opened?.close()
  }
}

test.each([1, 17, 511, 512, 513, 2048, 4096])(
  'a file cut by %i bytes never gives a wrong value',
  async (bytes) => {
    const { good, right, options, words } = await smallVault()
    const copy = join(temporaryFolder(), 'copy.coffret')
    writeFileSync(copy, good.subarray(0, -bytes), { mode: 0o600 })
    const { answers } = await tryOpening(options, copy, words)
    // SQLite calls a page that is half there an I/O error.
    const refusals = ['corrupt', 'storage']
    const wrong = answers.filter((answer, index) => isWrong(answer, right[index] ?? '', refusals))
    expect(wrong).toEqual([])
  },
)
