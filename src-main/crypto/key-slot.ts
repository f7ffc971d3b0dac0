import type { RandomBytes } from '../env'
import { open, seal } from './aead'
import { concatBytes, uint32Bytes } from './bytes'
import { expand, isEqual } from './derive'
import { deriveFromPassphrase, saltBytes, type KdfSettings } from './kdf'
import { SecretKey, keyBytes } from './secret-key'

/** The length of a slot's id in bytes. */
export const slotIdBytes = 16

/** What every slot holds: the data key, wrapped. */
interface WrappedKey {
  /** 16 random bytes. */
  readonly id: Uint8Array
  /** 32 random bytes, new with each wrapping. */
  readonly salt: Uint8Array
  /** 32 bytes that only the right key reproduces. */
  readonly commitment: Uint8Array
  /** The data key, sealed: 60 bytes. */
  readonly wrapped: Uint8Array
}

/** Opens with a passphrase, through a slow key derivation. */
export interface PassphraseSlot extends WrappedKey {
  readonly kind: 'passphrase'
  readonly kdf: KdfSettings
}

/**
 * What keeps a random key: words on paper, a file, the keychain of a computer. Its 256 random bits
 * cannot be guessed: no slow derivation.
 */
export type RandomKeyKind = 'recovery' | 'keyfile' | 'keychain'

/** Opens with a random key. */
export interface RandomKeySlot extends WrappedKey {
  readonly kind: RandomKeyKind
}

/** One way to the data key. */
export type KeySlot = PassphraseSlot | RandomKeySlot

/** The numbers of the kinds are part of the format: a key of one kind does not open a slot of another. */
const kindNumbers = { passphrase: 1, recovery: 2, keyfile: 3, keychain: 4 } as const

/** Wraps the data key for a passphrase. `id` is that of the slot it replaces, or a new one. */
export async function sealPassphraseSlot(
  input: { vaultId: Uint8Array; id: Uint8Array; dataKey: SecretKey; kdf: KdfSettings },
  passphrase: Uint8Array,
  random: RandomBytes,
): Promise<PassphraseSlot> {
  const head = {
    kind: 'passphrase',
    id: input.id,
    salt: random(saltBytes),
    kdf: input.kdf,
  } as const
  const stretched = await deriveFromPassphrase(passphrase, head.salt, head.kdf)
  return { ...head, ...wrap(input.vaultId, head, stretched, input.dataKey, random) }
}

/** Wraps the data key for a random key, which stays the caller's to wipe. */
export function sealRandomKeySlot(
  input: { kind: RandomKeyKind; vaultId: Uint8Array; id: Uint8Array; dataKey: SecretKey },
  key: SecretKey,
  random: RandomBytes,
): RandomKeySlot {
  const head = { kind: input.kind, id: input.id, salt: random(saltBytes) }
  const copy = new SecretKey(key.bytes.slice())
  return { ...head, ...wrap(input.vaultId, head, copy, input.dataKey, random) }
}

/**
 * The data key, if the passphrase is that of the slot.
 * @throws CoffretError `kdf_bounds`; `corrupt` when the passphrase is right and the slot is damaged
 */
export async function openPassphraseSlot(
  vaultId: Uint8Array,
  slot: PassphraseSlot,
  passphrase: Uint8Array,
): Promise<SecretKey | undefined> {
  return unwrap(vaultId, slot, await deriveFromPassphrase(passphrase, slot.salt, slot.kdf))
}

/**
 * The data key, if the random key is that of the slot. The key stays the caller's to wipe.
 * @throws CoffretError `corrupt` when the key is right and the slot is damaged
 */
export function openRandomKeySlot(
  vaultId: Uint8Array,
  slot: RandomKeySlot,
  key: SecretKey,
): SecretKey | undefined {
  return unwrap(vaultId, slot, new SecretKey(key.bytes.slice()))
}

type SlotHead =
  Pick<RandomKeySlot, 'kind' | 'id' | 'salt'> | Pick<PassphraseSlot, 'kind' | 'id' | 'salt' | 'kdf'>

/** Everything that a slot says in plain, so that none of it can be changed. */
function slotPlace(vaultId: Uint8Array, slot: SlotHead): Uint8Array {
  const kdf = slot.kind === 'passphrase' ? slot.kdf : { memoryKib: 0, passes: 0, lanes: 0 }
  return concatBytes(
    new TextEncoder().encode('coffret/1/slot'),
    vaultId,
    slot.id,
    Uint8Array.of(kindNumbers[slot.kind]),
    uint32Bytes(kdf.memoryKib),
    uint32Bytes(kdf.passes),
    uint32Bytes(kdf.lanes),
  )
}

/**
 * The key encryption key and its commitment. AES-GCM-SIV commits to no key: without the second half, one
 * slot body could be made that opens under many passphrases at once (partitioning oracle).
 */
function keyAndCommitment(place: Uint8Array, salt: Uint8Array, secret: SecretKey) {
  const both = expand(secret.bytes, salt, place, 2 * keyBytes)
  secret.wipe()
  const key = new SecretKey(both.slice(0, keyBytes))
  both.fill(0, 0, keyBytes)
  return { key, commitment: both.slice(keyBytes) }
}

function wrap(
  vaultId: Uint8Array,
  head: SlotHead,
  secret: SecretKey,
  dataKey: SecretKey,
  random: RandomBytes,
): Pick<WrappedKey, 'commitment' | 'wrapped'> {
  const place = slotPlace(vaultId, head)
  const { key, commitment } = keyAndCommitment(place, head.salt, secret)
  try {
    return { commitment, wrapped: seal(key, place, dataKey.bytes, random) }
  } finally {
    key.wipe()
  }
}

function unwrap(vaultId: Uint8Array, slot: KeySlot, secret: SecretKey): SecretKey | undefined {
  const place = slotPlace(vaultId, slot)
  const { key, commitment } = keyAndCommitment(place, slot.salt, secret)
  try {
    if (!isEqual(commitment, slot.commitment)) return undefined
    return new SecretKey(open(key, place, slot.wrapped))
  } finally {
    key.wipe()
  }
}
