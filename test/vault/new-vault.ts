import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { MountName, type EpochMs } from '../../src-main/contract/model'
import { systemRandom, type Clock } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import type { VaultOptions } from '../../src-main/vault/vault-options'

/** The cheapest key derivation that the bounds allow: about 20 ms. */
export const cheapKdf = { memoryKib: 19 * 1024, passes: 1, lanes: 1 }

/** The passphrase of every vault here. */
export const passphrase = new TextEncoder().encode('canary-passphrase-7f3a')

/** A clock that stands until it is moved. */
export class StandingClock implements Clock {
  constructor(private at = 1_700_000_000_000) {}

  now(): EpochMs {
    return this.at as EpochMs
  }

  advance(ms: number): void {
    this.at += ms
  }
}

/** With retries: a backup or a thread may still be writing its last file there. */
const removal = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 } as const

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'coffret-test-'))
  onTestFinished(() => rmSync(folder, removal))
  return folder
}

/** A new vault, unlocked, and what it takes to open it again. It closes when the test ends. */
export async function newVault(
  file = join(temporaryFolder(), 'test.coffret'),
  more: Pick<VaultOptions, 'keychain' | 'chooseKdf' | 'sharesTurns'> = {},
) {
  const clock = new StandingClock()
  const options = { file, clock, random: systemRandom, busyTimeoutMs: 50, ...more }
  const { vault, recoveryWords } = await LocalVault.create({
    ...options,
    passphrase,
    kdf: cheapKdf,
  })
  onTestFinished(() => vault.close())
  const open = () => {
    const opened = LocalVault.open(options)
    onTestFinished(() => opened.close())
    return opened
  }
  const unlock = async () => {
    const opened = open()
    await opened.unlockWithPassphrase(passphrase)
    return opened
  }
  return { vault, recoveryWords, file, clock, options, open, unlock }
}

/** The versioned mount of every vault. */
export const secretMount = MountName.parse('secret')

/** The plain mount of every vault. */
export const kvMount = MountName.parse('kv')
