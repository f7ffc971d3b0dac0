import { defaultKdfSettings, type KdfSettings } from '../../crypto/kdf'
import type { BackupsContext } from './local-backups'
import { Database, defaultBusyTimeoutMs } from '../database'
import type { JobOptions } from '../jobs/jobs'
import { prepareVault } from '../vault-creation'
import { bringToPlace, discardFile, newFileBeside } from '../whole-file'

/** Where an export goes, and what opens it. */
export interface ExportTarget {
  /** No file may be there. */
  readonly file: string
  /** 1 to 1,024 bytes, NFC; it stays the caller's to wipe. */
  readonly passphrase: Uint8Array
  /** What guessing it is to cost. */
  readonly kdf?: KdfSettings
}

/**
 * Writes the vault as one file that opens with one passphrase alone: a vault of its own, with its own id
 * and data key, so that it can lie beside this one and tells nothing of its keys. All mounts, bins,
 * versions and settings are in it. It is at its place as a whole, or not at all.
 * @param beside where the copy lies from which it is made, and to which nobody writes
 * @throws CoffretError `exists`, `not_found` (the folder), `not_writable`, `storage`, `corrupt`, `cancelled`
 */
export async function exportToFile(
  { database, random, run, chooseKdf }: BackupsContext,
  beside: string,
  to: ExportTarget,
  options: JobOptions,
): Promise<void> {
  const kdf = to.kdf ?? (await chooseKdf?.()) ?? defaultKdfSettings
  const { passphrase } = to
  const { header, dataKey } = await prepareVault({ passphrase, kdf, random, hasRecovery: false })
  const unfinished: string[] = []
  const newFile = (place: string) => {
    const file = newFileBeside(place, random)
    unfinished.push(file)
    return file
  }
  try {
    const target = newFile(to.file)
    const source = newFile(beside)
    await copyVaultFile(database.file, source)
    const input = { target, header, dataKey: dataKey.bytes.slice() }
    try {
      await run('export', input, { ...options, file: source })
    } finally {
      input.dataKey.fill(0)
    }
    bringToPlace(target, to.file)
  } finally {
    dataKey.wipe()
    unfinished.forEach(discardFile)
  }
}

/** Copies a vault, as it is at one moment, into an empty file. No key is needed. */
export async function copyVaultFile(from: string, to: string): Promise<void> {
  const source = Database.openAgain(from, defaultBusyTimeoutMs)
  try {
    await source.copyInto(to)
  } finally {
    source.close()
  }
}
