import { CoffretError } from '../../contract/errors'
import { maxPinTries } from '../../contract/key-slots'
import { open, seal } from '../../crypto/aead'
import { concatBytes, uint32Bytes } from '../../crypto/bytes'
import { deriveFromPassphrase, saltBytes, type KdfSettings } from '../../crypto/kdf'
import { SecretKey, keyBytes } from '../../crypto/secret-key'
import type { RandomBytes } from '../../env'
import type { VaultKeys } from '../unlocked-vault'

/** The keys of a vault under a PIN. */
interface Kept {
  readonly kdf: KdfSettings
  readonly salt: Uint8Array
  readonly keyEpoch: number
  readonly sealed: Uint8Array
}

/** Copies of the keys, as an unlocked vault gives them. */
type KeyBytes = Readonly<Record<keyof VaultKeys, Uint8Array>>

/**
 * Unlocking again with a PIN: the keys of a vault stay in the memory of this process, sealed under a key
 * derived from the PIN, and nowhere else. Honest limit: who can read this memory while the vault is
 * locked can try PINs without end, so it is off unless a person asks for it.
 */
export class QuickUnlock {
  #kept: Kept | undefined
  #triesLeft = 0

  /** @param vaultId 16 bytes */
  constructor(
    private readonly vaultId: Uint8Array,
    private readonly random: RandomBytes,
  ) {}

  /** How often a PIN may still be tried; 0 when none is set. */
  get triesLeft(): number {
    return this.#triesLeft
  }

  /**
   * Keeps the keys under a PIN, in the place of an earlier one.
   * @param copyKeys copies, asked for after the slow part and wiped here
   * @throws CoffretError `kdf_bounds`, and what `copyKeys` throws
   */
  async set(
    pin: Uint8Array,
    kdf: KdfSettings,
    copyKeys: () => { keyEpoch: number; keys: KeyBytes },
  ): Promise<void> {
    const salt = this.random(saltBytes)
    const key = await derive(pin, salt, kdf)
    try {
      const { keyEpoch, keys } = copyKeys()
      const { record, name, header } = keys
      const text = concatBytes(record, name, header)
      for (const copy of [record, name, header]) copy.fill(0)
      const sealed = seal(key, this.#place(keyEpoch), text, this.random)
      text.fill(0)
      this.clear()
      this.#kept = { kdf, salt, keyEpoch, sealed }
      this.#triesLeft = maxPinTries
    } finally {
      key.wipe()
    }
  }

  /**
   * The keys, which become the caller's. A try is counted before the derivation, so that no one gains a
   * try by stopping in between; the last wrong one wipes what is kept.
   * @param keyEpoch that of the file
   * @throws CoffretError `locked` when no PIN is set, or the data key was replaced; `wrong_passphrase`
   */
  async open(pin: Uint8Array, keyEpoch: number): Promise<VaultKeys> {
    const kept = this.#kept
    if (kept === undefined || this.#triesLeft === 0) {
      throw new CoffretError('locked', 'no pin is set')
    }
    if (kept.keyEpoch !== keyEpoch) {
      this.clear()
      throw new CoffretError('locked', 'the data key was replaced since the pin was set')
    }
    this.#triesLeft -= 1
    const key = await derive(pin, kept.salt, kept.kdf)
    try {
      // Fails too when the PIN was taken back meanwhile: that has wiped what was kept.
      const text = open(key, this.#place(keyEpoch), kept.sealed)
      this.#triesLeft = maxPinTries
      return keysFrom(text)
    } catch (error) {
      if (!(error instanceof CoffretError) || error.code !== 'corrupt') throw error
      if (this.#triesLeft === 0) this.clear()
      throw new CoffretError('wrong_passphrase', `the pin is wrong, ${this.#triesLeft} tries left`)
    } finally {
      key.wipe()
    }
  }

  /** Forgets the PIN and wipes what it kept. */
  clear(): void {
    this.#kept?.sealed.fill(0)
    this.#kept = undefined
    this.#triesLeft = 0
  }

  #place(keyEpoch: number): Uint8Array {
    const label = new TextEncoder().encode('coffret/1/pin')
    return concatBytes(label, this.vaultId, uint32Bytes(keyEpoch))
  }
}

/** The caller may wipe its own copy while the derivation runs on another thread. */
async function derive(pin: Uint8Array, salt: Uint8Array, kdf: KdfSettings): Promise<SecretKey> {
  const copy = pin.slice()
  try {
    return await deriveFromPassphrase(copy, salt, kdf)
  } finally {
    copy.fill(0)
  }
}

function keysFrom(text: Uint8Array): VaultKeys {
  const key = (index: number) => new SecretKey(text.slice(index * keyBytes, (index + 1) * keyBytes))
  const keys = { record: key(0), name: key(1), header: key(2) }
  text.fill(0)
  return keys
}
