import { CoffretError } from '../contract/errors'
import {
  openPassphraseSlot,
  openRandomKeySlot,
  type KeySlot,
  type RandomKeyKind,
} from '../crypto/key-slot'
import type { SecretKey } from '../crypto/secret-key'
import type { VaultHeader } from './header'
import { vaultIdBytes } from './unlocked-vault'

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

/** A slot and what it gave. */
export interface OpenedSlot {
  readonly slot: KeySlot
  /** To be wiped by the caller. */
  readonly dataKey: SecretKey
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
