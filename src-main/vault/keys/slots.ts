import { CoffretError } from '../../contract/errors'
import type { KeyProof } from '../../contract/key-slots'
import { readKeyFile } from '../../crypto/key-file'
import {
  openPassphraseSlot,
  openRandomKeySlot,
  type KeySlot,
  type RandomKeyKind,
} from '../../crypto/key-slot'
import { readRecoveryWords } from '../../crypto/recovery-words'
import type { SecretKey } from '../../crypto/secret-key'
import type { VaultHeader } from '../header'
import { vaultIdBytes } from '../unlocked-vault'

/** The longest passphrase in bytes. */
export const maxPassphraseBytes = 1024

/** @throws CoffretError `invalid` */
export function checkPassphrase(passphrase: Uint8Array): void {
  if (passphrase.length >= 1 && passphrase.length <= maxPassphraseBytes) return
  throw new CoffretError('invalid', `a passphrase is 1 to ${maxPassphraseBytes} bytes`)
}

/** What opens a slot. It stays the caller's to wipe. */
export type SlotKey =
  | { readonly kind: 'passphrase'; readonly passphrase: Uint8Array }
  | { readonly kind: RandomKeyKind; readonly key: SecretKey }

/** What opens a slot from now on, as a person gives it. */
export type NextKey = Exclude<KeyProof, { kind: 'keyfile' }>

/** A slot and what it gave. */
export interface OpenedSlot {
  readonly slot: KeySlot
  /** To be wiped by the caller. */
  readonly dataKey: SecretKey
}

/**
 * What a person gave, as a key. The passphrase stays theirs; the rest is ours to wipe.
 * @throws CoffretError `wrong_passphrase` for words that are none; what {@link readKeyFile} throws
 */
export function slotKeyOf(proof: KeyProof): SlotKey {
  if (proof.kind === 'passphrase') return proof
  const { kind } = proof
  return {
    kind,
    key: kind === 'recovery' ? readRecoveryWords(proof.words) : readKeyFile(proof.bytes),
  }
}

/**
 * A key to come: words that are none are a fault of the input, not a wrong proof.
 * @throws CoffretError `invalid`
 */
export function newSlotKey(next: NextKey): SlotKey {
  try {
    return slotKeyOf(next)
  } catch {
    throw new CoffretError('invalid', 'the new recovery words or their checksum are wrong')
  }
}

/** Overwrites what {@link slotKeyOf} made. */
export function wipeSlotKey(key: SlotKey): void {
  if (key.kind !== 'passphrase') key.key.wipe()
}

/**
 * Opens the first slot that the key is for.
 * @throws CoffretError `wrong_passphrase` when it opens none, `invalid`, `kdf_bounds`, `corrupt`
 */
export async function openSlot(header: VaultHeader, key: SlotKey): Promise<OpenedSlot> {
  const open = key.kind === 'passphrase' ? withPassphrase(key.passphrase) : withRandomKey(key)
  try {
    for (const slot of header.slots) {
      const dataKey = await open.try(vaultIdBytes(header.vaultId), slot)
      if (dataKey !== undefined) return { slot, dataKey }
    }
  } finally {
    open.forget()
  }
  throw new CoffretError('wrong_passphrase', `this ${key.kind} opens no key slot`)
}

interface Opener {
  try(vaultId: Uint8Array, slot: KeySlot): Promise<SecretKey | undefined>
  forget(): void
}

function withPassphrase(passphrase: Uint8Array): Opener {
  checkPassphrase(passphrase)
  // A copy: the caller may wipe its own while the derivation runs on another thread.
  const copy = passphrase.slice()
  return {
    try: async (vaultId, slot) =>
      slot.kind === 'passphrase' ? openPassphraseSlot(vaultId, slot, copy) : undefined,
    forget: () => void copy.fill(0),
  }
}

function withRandomKey({ kind, key }: { kind: RandomKeyKind; key: SecretKey }): Opener {
  return {
    try: async (vaultId, slot) =>
      slot.kind === 'passphrase' || slot.kind !== kind
        ? undefined
        : openRandomKeySlot(vaultId, slot, key),
    forget: () => undefined,
  }
}
