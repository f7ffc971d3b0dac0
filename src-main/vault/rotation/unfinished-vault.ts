import type { AuditChain } from '../audit/audit-chain'
import { carryRest } from '../audit/carry-audit'
import { statSync } from 'node:fs'
import { CoffretError } from '../../contract/errors'
import type { SecretKey } from '../../crypto/secret-key'
import type { Clock, RandomBytes } from '../../env'
import { Database, defaultBusyTimeoutMs } from '../database'
import { readHeader, type VaultHeader } from '../header'
import { checkTables, markAsVault } from '../layout'
import { beginProgress, eraseProgress } from './rotation-progress'
import { writeSlotNotes, type SlotNote } from '../keys/slot-notes'
import type { VaultState } from '../state'
import { UnlockedVault, deriveKeys, wipeKeys, type VaultKeys } from '../unlocked-vault'
import { layOutVault } from '../vault-creation'
import { createVaultFile } from '../vault-file'
import { discardFile } from '../whole-file'

/** The time and the random source. */
interface Environment {
  readonly clock: Clock
  readonly random: RandomBytes
}

/** A file that is to take the place of a vault's, while it is open. */
export interface UnfinishedVault {
  readonly vault: UnlockedVault
  readonly database: Database
  /** Closes it, and wipes its keys. */
  close(): void
}

/** Whether there is anything in it. An empty one is of a program that ended before it had begun. */
export function isUnfinished(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0
}

/**
 * Lays out a new file with its key slots, and nothing in it. It is not taken for a vault until it is done.
 * @param plan.headerMac that of the vault's header
 * @throws CoffretError `exists`, `not_writable`, `storage`
 */
export function beginUnfinished(
  file: string,
  plan: { header: VaultHeader; notes: readonly SlotNote[]; headerMac: Uint8Array },
  dataKey: SecretKey,
  environment: Environment,
): void {
  if (isUnfinished(file)) throw new CoffretError('exists', 'there is an unfinished file already')
  discardFile(file)
  createVaultFile(file)
  try {
    const database = Database.onEmptyFile(file, defaultBusyTimeoutMs)
    try {
      layOutVault(database, plan.header, dataKey, environment)
    } finally {
      database.close()
    }
    const begun = openUnfinished(file, dataKey, environment)
    try {
      begun.vault.write(({ records }) => {
        markAsVault(begun.database, false)
        writeSlotNotes(records, plan.notes)
        beginProgress(records, plan.headerMac)
      })
    } finally {
      begun.close()
    }
  } catch (error) {
    discardFile(file)
    throw error
  }
}

/** The header of the file; nothing of it is proved. @throws CoffretError `corrupt`, `storage` */
export function headerOfUnfinished(file: string): VaultHeader {
  const database = Database.openAgain(file, defaultBusyTimeoutMs)
  try {
    return readCheckedHeader(database)
  } finally {
    database.close()
  }
}

function readCheckedHeader(database: Database): VaultHeader {
  return database.read(() => {
    checkTables(database)
    return readHeader(database).header
  })
}

/** Opens the file with its data key. @throws CoffretError `corrupt`, `storage` */
export function openUnfinished(
  file: string,
  dataKey: SecretKey,
  { clock, random }: Environment,
): UnfinishedVault {
  const database = Database.openAgain(file, defaultBusyTimeoutMs)
  let keys: VaultKeys | undefined
  const close = () => {
    database.close()
    if (keys !== undefined) wipeKeys(keys)
  }
  try {
    const { vaultId } = readCheckedHeader(database)
    keys = deriveKeys(dataKey, vaultId)
    const vault = UnlockedVault.enter(database, vaultId, keys, { clock, random })
    return { vault, database, close }
  } catch (error) {
    close()
    throw error
  }
}

/**
 * The last write to the file: from now on it is the vault, counting from the state that it was copied from.
 * @param writer who does it, as the vault remembers its writers
 * @param audit the log of the old file, of which the last lines may be missing here
 */
export function finishUnfinished(
  { vault, database }: UnfinishedVault,
  before: VaultState,
  writer: string | undefined,
  audit: AuditChain,
): void {
  carryRest(audit, vault)
  vault.succeed(before, writer, ({ records }) => {
    eraseProgress(records)
    markAsVault(database, true)
  })
}
