import { realpathSync } from 'node:fs'
import { CoffretError } from '../contract/errors'
import { syncFile } from './vault-file'

/** Failures of COMMIT that come after the journal is empty. */
const notUnlocked = 10 | (8 << 8) // IOERR_UNLOCK
const notShared = 10 | (9 << 8) // IOERR_RDLOCK

/** A sync failed: that of the journal before the file is written, of the file, or of the emptied journal. */
const notSynced = 10 | (4 << 8) // IOERR_FSYNC

/**
 * What an error of COMMIT means. It may come when the transaction has taken effect already: told that it
 * failed, people would write twice. `unknown`: it has taken effect if the file holds what was written, and
 * then a power loss may still bring the journal back.
 */
export function commitFailure(cause: unknown): 'rolledBack' | 'unknown' | 'done' {
  const { sqliteCode } = cause as { sqliteCode?: unknown }
  if (sqliteCode === notSynced) return 'unknown'
  return sqliteCode === notUnlocked || sqliteCode === notShared ? 'done' : 'rolledBack'
}

/**
 * Makes the end of a transaction outlive a power loss after SQLite could not.
 * @throws CoffretError `storage` when that fails again
 */
export function syncJournalAgain(file: string, cause: unknown): void {
  try {
    syncFile(`${realpathSync(file)}-journal`)
  } catch {
    const problem = `it is written to ${file}, but a power loss may still undo it`
    throw new CoffretError('storage', problem, { cause })
  }
}
