import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { readNewPassphrase } from './passphrase'
import type { CommandPorts } from './ports'
import { replaceFile, writeNewFile } from './private-file'

/** What `coffret vault create` was told. */
export interface VaultCreateOptions {
  readonly passphraseFile?: string
  /** Where the recovery words go; it must not be there yet. */
  readonly recoveryFile?: string
}

/** What was made. */
export interface CreatedVault {
  readonly file: string
  readonly okmsId: string
  readonly recoveryFile?: string
}

/**
 * Creates a vault with its two first mounts. The recovery words go to the file that was named, else to the
 * terminal when somebody sees it; never into a pipe or a log, where they would stay.
 * @throws CoffretError `exists`, `not_found` without the folder, `not_writable`, `invalid`, `cancelled`
 */
export async function createVault(
  name: string,
  options: VaultCreateOptions,
  { terminal, createVault: create }: CommandPorts,
): Promise<CreatedVault> {
  const file = resolve(name)
  const recoveryFile = options.recoveryFile && resolve(options.recoveryFile)
  const passphrase = await readNewPassphrase(options, terminal)
  // Before the vault: words without a place to go to would be lost.
  if (recoveryFile !== undefined) writeNewFile(recoveryFile, '')
  try {
    const { vault, recoveryWords } = await create(file, passphrase)
    vault.close()
    const words = recoveryWords.join(' ')
    if (recoveryFile !== undefined) replaceFile(recoveryFile, `${words}\n`, String(process.pid))
    else if (terminal.isSeen) {
      terminal.print(
        `Write these words down: they open the vault without the passphrase.\n\n${words}\n`,
      )
    } else {
      terminal.warn(
        'coffret: no recovery words were kept (nobody sees this output, and --recovery-file was not ' +
          'given): the app makes new ones',
      )
    }
    return {
      ...{ file, okmsId: vault.id },
      ...(recoveryFile === undefined ? {} : { recoveryFile }),
    }
  } catch (error) {
    if (recoveryFile !== undefined) rmSync(recoveryFile, { force: true })
    throw error
  } finally {
    passphrase.fill(0)
  }
}
