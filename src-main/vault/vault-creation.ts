import { VaultId } from '../contract/model'
import { defaultKdfSettings, type KdfSettings } from '../crypto/kdf'
import {
  sealPassphraseSlot,
  sealRandomKeySlot,
  slotIdBytes,
  type KeySlot,
} from '../crypto/key-slot'
import { recoveryWords } from '../crypto/recovery-words'
import { SecretKey, keyBytes } from '../crypto/secret-key'
import type { Clock, RandomBytes } from '../env'
import { Database, defaultBusyTimeoutMs } from './database'
import { Freshness } from './freshness'
import { HashTree, emptyHash } from './hash-tree'
import { writeHeader, type VaultHeader } from './header'
import { createTables } from './layout'
import { writeFirstMounts } from './mounts'
import { Records } from './records'
import { slotIdText, writeSlotNotes } from './keys/slot-notes'
import { checkPassphrase } from './keys/slots'
import { writeState } from './state'
import { deriveKeys, sealingOf, vaultIdBytes, wipeKeys } from './unlocked-vault'
import { randomUuid } from './uuid'
import { bringToPlace, discardFile, newFileBeside } from './whole-file'

/** What a new vault needs before there is a file. */
export interface PreparedVault {
  readonly header: VaultHeader
  /** To be wiped by the caller. */
  readonly dataKey: SecretKey
  readonly recoveryWords: string[]
}

/**
 * Makes the keys of a new vault: one slot for the passphrase, one for recovery.
 * @param options.hasRecovery false for the passphrase alone; there are no words then
 * @throws CoffretError `invalid`, `kdf_bounds`
 */
export async function prepareVault(options: {
  passphrase: Uint8Array
  random: RandomBytes
  kdf?: KdfSettings
  hasRecovery?: boolean
}): Promise<PreparedVault> {
  const { passphrase, random, kdf = defaultKdfSettings, hasRecovery = true } = options
  checkPassphrase(passphrase)
  const header = { vaultId: VaultId.parse(randomUuid(random)), keyEpoch: 1 }
  const dataKey = new SecretKey(random(keyBytes))
  const recoveryKey = new SecretKey(random(keyBytes))
  const input = () => ({
    vaultId: vaultIdBytes(header.vaultId),
    id: random(slotIdBytes),
    dataKey,
  })
  try {
    const known = await sealPassphraseSlot({ ...input(), kdf }, passphrase, random)
    if (!hasRecovery) return { header: { ...header, slots: [known] }, dataKey, recoveryWords: [] }
    const recovery = sealRandomKeySlot({ ...input(), kind: 'recovery' }, recoveryKey, random)
    const slots = [known, recovery]
    return { header: { ...header, slots }, dataKey, recoveryWords: recoveryWords(recoveryKey) }
  } catch (error) {
    dataKey.wipe()
    throw error
  } finally {
    recoveryKey.wipe()
  }
}

/** Writes everything that an empty vault holds, in one transaction. */
export function layOutVault(
  database: Database,
  header: VaultHeader,
  dataKey: SecretKey,
  { clock, random }: { clock: Clock; random: RandomBytes },
): void {
  const keys = deriveKeys(dataKey, header.vaultId)
  const sealing = sealingOf(header.vaultId, header.keyEpoch, keys, random)
  try {
    database.write(() => {
      createTables(database)
      const headerMac = writeHeader(database, header, keys.header)
      const tree = new HashTree(database)
      tree.begin(emptyHash)
      const records = new Records(database, sealing, new Freshness(tree))
      writeFirstMounts(records)
      const setAt = clock.now()
      const note = (slot: KeySlot) => ({ id: slotIdText(slot), label: '', setAt })
      writeSlotNotes(records, header.slots.map(note))
      const state = {
        generation: 1,
        headerMac,
        root: tree.finish(),
        writtenAt: clock.now(),
        writers: [],
      }
      writeState(database, sealing, state)
    })
  } finally {
    wipeKeys(keys)
  }
}

/**
 * Writes the file of an empty vault, which is at its place as a whole or not at all.
 * @throws CoffretError `exists`, `not_found` (the folder), `not_writable`, `storage`
 */
export function writeVaultFile(
  file: string,
  header: VaultHeader,
  dataKey: SecretKey,
  environment: { clock: Clock; random: RandomBytes },
): void {
  const unfinished = newFileBeside(file, environment.random)
  try {
    const database = Database.onEmptyFile(unfinished, defaultBusyTimeoutMs)
    try {
      layOutVault(database, header, dataKey, environment)
    } finally {
      database.close()
    }
    bringToPlace(unfinished, file)
  } finally {
    discardFile(unfinished)
  }
}
