import { CoffretError } from '../../contract/errors'
import type { VaultId } from '../../contract/model'
import { SecretKey } from '../../crypto/secret-key'
import { Database, defaultBusyTimeoutMs } from '../database'
import { readHeader } from '../header'
import type { JobContext } from '../jobs/jobs'
import { checkTables } from '../layout'
import { openSlot } from '../keys/slots'
import { UnlockedVault, deriveKeys, wipeKeys, type VaultKeys } from '../unlocked-vault'
import { identify, isSameFile } from '../vault-file'

/** Copies of the keys of another copy of a vault. */
export type CopiedKeys = Readonly<Record<keyof VaultKeys, Uint8Array>>

/** Another file of the same vault. */
export interface OtherCopy {
  readonly file: string
  /** Absent where the vault's own keys open it. */
  readonly keys?: CopiedKeys
}

/**
 * The keys of a copy that a passphrase opens.
 * @returns copies, which are the caller's to wipe
 * @throws CoffretError `wrong_passphrase`, `invalid` for another vault, `corrupt`, and what opening throws
 */
export async function keysOfCopy(
  file: string,
  vaultId: VaultId,
  passphrase: Uint8Array,
): Promise<CopiedKeys> {
  const database = Database.openReadOnly(file, defaultBusyTimeoutMs)
  try {
    const { header } = checkedHeader(database, vaultId)
    const { dataKey } = await openSlot(header, { kind: 'passphrase', passphrase })
    const keys = deriveKeys(dataKey, vaultId)
    dataKey.wipe()
    const copies = {
      record: keys.record.bytes.slice(),
      name: keys.name.bytes.slice(),
      header: keys.header.bytes.slice(),
    }
    wipeKeys(keys)
    return copies
  } finally {
    database.close()
  }
}

/**
 * Opens another copy of the vault for as long as `work` runs. The file is not changed.
 * @throws CoffretError `invalid` when it is the vault's own file, or of another vault; `wrong_passphrase`
 * when it has another data key; and what opening throws
 */
export function withOtherCopy<T>(
  { vault, database: own, clock, random }: JobContext,
  vaultId: VaultId,
  { file, keys }: OtherCopy,
  work: (other: UnlockedVault) => T,
): T {
  if (isSameFile(identify(file), identify(own.file))) {
    throw new CoffretError('invalid', 'the file is the vault itself', { field: 'file' })
  }
  const database = Database.openReadOnly(file, defaultBusyTimeoutMs)
  const theirs = keys === undefined ? undefined : keysFrom(keys)
  try {
    checkedHeader(database, vaultId)
    return work(
      theirs === undefined
        ? openWithOwnKeys(vault, database)
        : UnlockedVault.enter(database, vaultId, theirs, { clock, random }),
    )
  } finally {
    if (theirs !== undefined) wipeKeys(theirs)
    database.close()
  }
}

function checkedHeader(database: Database, vaultId: VaultId) {
  const row = database.read(() => {
    checkTables(database)
    return readHeader(database)
  })
  if (row.header.vaultId === vaultId) return row
  throw new CoffretError('invalid', 'the file is of another vault', { field: 'file' })
}

/** A copy whose data key was replaced has another epoch, or its header another key. */
function openWithOwnKeys(vault: UnlockedVault, database: Database): UnlockedVault {
  try {
    return vault.earlier(database)
  } catch (cause) {
    if (!(cause instanceof CoffretError) || !['invalid', 'corrupt'].includes(cause.code))
      throw cause
    throw new CoffretError(
      'wrong_passphrase',
      'the copy does not open with the keys of the vault',
      {
        cause,
      },
    )
  }
}

function keysFrom({ record, name, header }: CopiedKeys): VaultKeys {
  return {
    record: new SecretKey(record.slice()),
    name: new SecretKey(name.slice()),
    header: new SecretKey(header.slice()),
  }
}
