import { renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { toHex } from '../crypto/bytes'
import type { RandomBytes } from '../env'
import { createVaultFile, syncFile, syncFolder, translateFileErrors } from './vault-file'

/** What the names of unfinished files begin with. */
export const unfinishedPrefix = '.coffret-unfinished-'

/**
 * An empty file beside a place, mode 0600, under a name that nobody can foresee; a link is not followed.
 * @throws CoffretError `not_found` for the folder, `not_writable`, `storage`
 */
export function newFileBeside(file: string, random: RandomBytes): string {
  const unfinished = join(dirname(file), `${unfinishedPrefix}${toHex(random(8))}`)
  createVaultFile(unfinished)
  return unfinished
}

/**
 * Brings a finished file to its place, durably: the file is synced, moved, and its folder synced. SQLite
 * must have closed it. The place is claimed by an empty file first, since a rename replaces what is there
 * and not every file system knows links; a crash in between leaves the empty file.
 * @throws CoffretError `exists`, `not_found`, `not_writable`, `storage`
 */
export function bringToPlace(unfinished: string, file: string): void {
  translateFileErrors(file, () => {
    syncFile(unfinished)
    createVaultFile(file)
    try {
      renameSync(unfinished, file)
    } catch (error) {
      rmSync(file, { force: true })
      throw error
    }
    syncFolder(dirname(file))
  })
}

/** Moves a finished file over another one, which SQLite must have closed on Windows. @throws as {@link bringToPlace} */
export function moveOver(finished: string, file: string): void {
  translateFileErrors(file, () => {
    syncFile(finished)
    renameSync(finished, file)
  })
}

/** Removes a file that was given up, and what SQLite put beside it. It never fails. */
export function discardFile(unfinished: string): void {
  for (const end of ['', '-journal']) {
    try {
      rmSync(unfinished + end, { force: true })
    } catch {
      // It is as sealed as the vault; the next look at the folder tries again.
    }
  }
}
