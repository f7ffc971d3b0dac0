import { CoffretError } from '../contract/errors'
import type { VaultId } from '../contract/model'
import { isEqual } from '../crypto/derive'
import {
  openPassphraseSlot,
  openRecoverySlot,
  sealPassphraseSlot,
  type PassphraseSlot,
} from '../crypto/key-slot'
import { readRecoveryWords } from '../crypto/recovery-words'
import type { SecretKey } from '../crypto/secret-key'
import type { RandomBytes } from '../env'
import type { Database } from './database'
import { readHeader, verifyHeader, writeHeader, type HeaderRow, type VaultHeader } from './header'
import { readFittingState, writeState } from './state'
import { deriveKeys, sealingOf, vaultIdBytes, wipeKeys } from './unlocked-vault'

/** The longest passphrase in bytes. */
export const maxPassphraseBytes = 1024

/** @throws CoffretError `invalid` */
export function checkPassphrase(passphrase: Uint8Array): void {
  if (passphrase.length >= 1 && passphrase.length <= maxPassphraseBytes) return
  throw new CoffretError('invalid', `a passphrase is 1 to ${maxPassphraseBytes} bytes`)
}

/**
 * The data key, through whichever slot the passphrase opens.
 * @throws CoffretError `wrong_passphrase`, `kdf_bounds`, `corrupt`
 */
export async function openWithPassphrase(
  header: VaultHeader,
  passphrase: Uint8Array,
): Promise<SecretKey> {
  const { dataKey } = await findPassphraseSlot(header, passphrase)
  return dataKey
}

/**
 * The data key, through the recovery slot.
 * @throws CoffretError `wrong_passphrase`, `corrupt`
 */
export async function openWithRecoveryWords(
  header: VaultHeader,
  words: string,
): Promise<SecretKey> {
  const recoveryKey = readRecoveryWords(words)
  try {
    for (const slot of header.slots) {
      if (slot.kind !== 'recovery') continue
      const dataKey = openRecoverySlot(vaultIdBytes(header.vaultId), slot, recoveryKey)
      if (dataKey !== undefined) return dataKey
    }
  } finally {
    recoveryKey.wipe()
  }
  throw new CoffretError('wrong_passphrase', 'the recovery words open no key slot')
}

/** What changing a passphrase works on. */
export interface SlotContext {
  readonly database: Database
  readonly vaultId: VaultId
  readonly random: RandomBytes
}

/**
 * Rewrites the slot that `current` opens so that `next` opens it, with the same cost and a new salt.
 * @throws CoffretError `wrong_passphrase`, `invalid`, `corrupt`; `busy` when another process changed
 * the slots meanwhile
 */
export async function replacePassphrase(
  context: SlotContext,
  current: Uint8Array,
  next: Uint8Array,
): Promise<void> {
  checkPassphrase(next)
  const { database, vaultId, random } = context
  const row = database.read(() => readHeader(database))
  const { slot, dataKey } = await findPassphraseSlot(row.header, current)
  try {
    const { id, kdf } = slot
    const fresh = await sealPassphraseSlot(
      { vaultId: vaultIdBytes(vaultId), id, dataKey, kdf },
      next,
      random,
    )
    const slots = row.header.slots.map((one) => (one === slot ? fresh : one))
    replaceHeader(context, row, { ...row.header, slots }, dataKey)
  } finally {
    dataKey.wipe()
  }
}

async function findPassphraseSlot(
  header: VaultHeader,
  passphrase: Uint8Array,
): Promise<{ slot: PassphraseSlot; dataKey: SecretKey }> {
  checkPassphrase(passphrase)
  // A copy: the caller may wipe its own while the derivation runs on another thread.
  const copy = passphrase.slice()
  try {
    for (const slot of header.slots) {
      if (slot.kind !== 'passphrase') continue
      const dataKey = await openPassphraseSlot(vaultIdBytes(header.vaultId), slot, copy)
      if (dataKey !== undefined) return { slot, dataKey }
    }
  } finally {
    copy.fill(0)
  }
  throw new CoffretError('wrong_passphrase', 'the passphrase opens no key slot')
}

/** Header and state change together, so that neither can be put back alone. */
function replaceHeader(
  { database, vaultId, random }: SlotContext,
  before: HeaderRow,
  header: VaultHeader,
  dataKey: SecretKey,
): void {
  const keys = deriveKeys(dataKey, vaultId)
  const sealing = sealingOf(vaultId, header.keyEpoch, keys, random)
  try {
    database.write(() => {
      const row = readHeader(database)
      if (!isEqual(row.body, before.body)) {
        throw new CoffretError('busy', 'another program changed the key slots: try again')
      }
      verifyHeader(row, keys.header)
      const state = readFittingState(database, sealing, row)
      const headerMac = writeHeader(database, header, keys.header)
      const { generation } = state
      writeState(database, sealing, { ...state, generation: generation + 1, headerMac })
    })
  } finally {
    wipeKeys(keys)
  }
}
