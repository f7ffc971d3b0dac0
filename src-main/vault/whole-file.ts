import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { toHex } from '../crypto/bytes'
import type { RandomBytes } from '../env'
import { createVaultFile, syncFolder, translateFileErrors } from './vault-file'

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
 * must have closed it.
 * @throws CoffretError `exists` unless it may replace, `not_writable`, `storage`
 */
export function bringToPlace(
  unfinished: string,
  file: string,
  { mayReplace }: { mayReplace: boolean },
): void {
  translateFileErrors(file, () => {
    syncFile(unfinished)
    // A link fails where a file is, a rename replaces it.
    if (mayReplace) renameSync(unfinished, file)
    else {
      linkSync(unfinished, file)
      rmSync(unfinished)
    }
    syncFolder(dirname(file))
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

function syncFile(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
