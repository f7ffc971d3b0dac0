import { CoffretError } from '../../contract/errors'
import type {
  KeyProof,
  KeySlotId,
  KeySlotSummary,
  KeychainProblem,
  UnlockWith,
} from '../../contract/key-slots'
import type { UnlockWay, VaultId } from '../../contract/model'
import { toHex } from '../../crypto/bytes'
import { defaultKdfSettings, type KdfSettings } from '../../crypto/kdf'
import { formatKeyFile } from '../../crypto/key-file'
import { recoveryWords } from '../../crypto/recovery-words'
import { SecretKey, keyBytes } from '../../crypto/secret-key'
import type { Keychain } from '../../kv/keychain'
import { readHeader, type VaultHeader } from '../header'
import { QuickUnlock } from './quick-unlock'
import {
  addSlot,
  newSlotId,
  removeSlot,
  replaceSlot,
  type NewKey,
  type SlotContext,
} from './slot-changes'
import { readSlotNotes, slotIdText } from './slot-notes'
import { newSlotKey, openSlot, slotKeyOf, wipeSlotKey, type NextKey, type SlotKey } from './slots'
import { deriveKeys, vaultIdBytes, type UnlockedVault, type VaultKeys } from '../unlocked-vault'

/** What the keys of a vault stand on. */
export interface KeysContext extends SlotContext {
  /** The keychain of this computer, where there is one. */
  readonly keychain?: Keychain
  /** What guessing a new passphrase or PIN is to cost. */
  readonly chooseKdf?: () => Promise<KdfSettings>
}

/** A slot to add. A key file is written by the caller, before the slot is. */
export type NewSlot = { readonly label: string } & (
  | { readonly kind: 'passphrase'; readonly passphrase: Uint8Array }
  | { readonly kind: 'recovery'; readonly words: string }
  | { readonly kind: 'keyfile'; readonly write: (content: Uint8Array) => Promise<void> }
  | { readonly kind: 'keychain' }
)

/** Under which name a keychain keeps the key of a slot. @param slot its id as hexadecimal digits */
export function keychainName(vault: VaultId, slot: string): string {
  return `${vault}.${slot}`
}

/** The ways into a vault: its key slots, and the PIN of this session. */
export class LocalKeys {
  readonly #quick: QuickUnlock

  /** @param unlocked gives the vault, or throws `locked` */
  constructor(
    private readonly context: KeysContext,
    private readonly unlocked: () => UnlockedVault,
  ) {
    this.#quick = new QuickUnlock(vaultIdBytes(context.vaultId), context.random)
  }

  /** The slots in their order. @throws CoffretError `locked`, `corrupt` */
  list(): KeySlotSummary[] {
    const vault = this.unlocked()
    const { slots } = vault.header()
    const notes = vault.read(({ records }) => readSlotNotes(records))
    return slots.map((slot) => {
      const id = slotIdText(slot)
      const { label = '', setAt } = notes.find((note) => note.id === id) ?? {}
      return {
        ...{ id, kind: slot.kind, label },
        ...(setAt === undefined ? {} : { setAt }),
        ...(slot.kind === 'passphrase' ? { kdf: slot.kdf } : {}),
        ...(slot.kind === 'keychain' ? { isHere: this.#isHere(slot.id) } : {}),
      }
    })
  }

  /** How the vault can be unlocked on this computer, what asks least of a person first. */
  ways(): UnlockWay[] {
    const { slots } = this.#header()
    const has = (kind: UnlockWay) => slots.some((slot) => slot.kind === kind)
    const isHere = slots.some(({ kind, id }) => kind === 'keychain' && this.#isHere(id))
    const offered: Record<UnlockWay, boolean> = {
      pin: this.pinTriesLeft > 0,
      keychain: isHere,
      passphrase: has('passphrase'),
      keyfile: has('keyfile'),
      recovery: has('recovery'),
    }
    return (Object.keys(offered) as UnlockWay[]).filter((way) => offered[way])
  }

  /** Why this computer's keychain cannot be used. */
  async keychainProblem(): Promise<KeychainProblem | undefined> {
    const { keychain } = this.context
    return keychain === undefined ? 'unavailable' : keychain.problem()
  }

  /**
   * The keys of the vault, which become the caller's.
   * @throws CoffretError `wrong_passphrase`, `corrupt`, `kdf_bounds`; `locked` when no PIN is set;
   * `too_large`, `invalid`, `corrupt` with the field `keyFile`
   */
  async open(way: UnlockWith): Promise<VaultKeys> {
    const header = this.#header()
    if (way.kind === 'pin') return this.#quick.open(way.pin, header.keyEpoch)
    const key = way.kind === 'keychain' ? await this.#keyFromKeychain(header) : slotKeyOf(way)
    try {
      const { dataKey } = await openSlot(header, key)
      const keys = deriveKeys(dataKey, this.context.vaultId)
      dataKey.wipe()
      return keys
    } finally {
      wipeSlotKey(key)
    }
  }

  /** The words of a new recovery key, to be written down. They open nothing until they are added. */
  newRecoveryWords(): string[] {
    const key = new SecretKey(this.context.random(keyBytes))
    const words = recoveryWords(key)
    key.wipe()
    return words
  }

  /**
   * Adds a slot.
   * @throws CoffretError `wrong_passphrase` for the proof, `invalid` for the 33rd slot, `unsupported` for a
   * keychain that cannot be used, `corrupt`, `busy`, `storage`
   */
  async add(proof: KeyProof, slot: NewSlot): Promise<void> {
    const { context } = this
    const id = newSlotId(context.random)
    const made: NewKey[] = []
    const make = async () => {
      const key = await this.#newKey(slot, id)
      made.push(key)
      return key
    }
    try {
      await this.#proven(proof, (key) => addSlot(context, key, { id, label: slot.label }, make))
    } catch (error) {
      if (made.length > 0 && slot.kind === 'keychain')
        await context.keychain?.remove(this.#name(id))
      throw error
    } finally {
      made.forEach(wipeSlotKey)
    }
  }

  /**
   * Changes what opens a slot. Honest limit: copies of the file made before still open with the old key.
   * @param id of the slot; the one that the proof opens when absent
   * @throws CoffretError `wrong_passphrase` for the proof, `not_found`, `invalid`, `corrupt`, `busy`
   */
  async change(proof: KeyProof, next: NextKey, id?: KeySlotId): Promise<void> {
    const key = newSlotKey(next)
    try {
      await this.#proven(proof, (proven) => replaceSlot(this.context, proven, key, id))
    } finally {
      wipeSlotKey(key)
    }
  }

  /**
   * Removes a slot, and its key from this computer's keychain.
   * @throws CoffretError `wrong_passphrase` for the proof, `not_found`, `invalid` for one that must stay,
   * `corrupt`, `busy`
   */
  async remove(proof: KeyProof, id: KeySlotId): Promise<void> {
    await this.#proven(proof, (key) => removeSlot(this.context, key, id))
    await this.context.keychain?.remove(this.#nameOf(id))
  }

  /** Tries of the PIN that are left; 0 when none is set. */
  get pinTriesLeft(): number {
    return this.#quick.triesLeft
  }

  /** Lets a PIN unlock the vault until {@link clearPin}. @throws CoffretError `locked` */
  async setPin(pin: Uint8Array): Promise<void> {
    this.unlocked()
    const { chooseKdf } = this.context
    const kdf = (await chooseKdf?.()) ?? defaultKdfSettings
    await this.#quick.set(pin, kdf, () => {
      const vault = this.unlocked()
      return { keyEpoch: vault.header().keyEpoch, keys: vault.copyKeys() }
    })
  }

  /** Forgets the PIN. */
  clearPin(): void {
    this.#quick.clear()
  }

  #header(): VaultHeader {
    const { database } = this.context
    return database.read(() => readHeader(database)).header
  }

  #isHere(id: Uint8Array): boolean {
    return this.context.keychain?.has(this.#name(id)) ?? false
  }

  #name(id: Uint8Array): string {
    return this.#nameOf(toHex(id))
  }

  #nameOf(id: string): string {
    return keychainName(this.context.vaultId, id)
  }

  async #proven(proof: KeyProof, work: (key: SlotKey) => Promise<void>): Promise<void> {
    const key = slotKeyOf(proof)
    try {
      await work(key)
    } finally {
      wipeSlotKey(key)
    }
  }

  async #newKey(slot: NewSlot, id: Uint8Array): Promise<NewKey> {
    const { keychain, random, chooseKdf } = this.context
    if (slot.kind === 'passphrase') {
      const { kind, passphrase } = slot
      return { kind, passphrase, kdf: (await chooseKdf?.()) ?? defaultKdfSettings }
    }
    if (slot.kind === 'recovery') return newSlotKey(slot)
    const key = new SecretKey(random(keyBytes))
    if (slot.kind === 'keyfile') {
      const content = formatKeyFile(key)
      await slot.write(content)
      content.fill(0)
    } else if (keychain === undefined) {
      throw new CoffretError('unsupported', 'there is no keychain')
    } else {
      await keychain.keep(this.#name(id), key.bytes)
    }
    return { kind: slot.kind, key }
  }

  async #keyFromKeychain(header: VaultHeader): Promise<SlotKey> {
    for (const { kind, id } of header.slots) {
      if (kind !== 'keychain') continue
      const found = await this.context.keychain?.find(this.#name(id))
      if (found !== undefined) return { kind, key: new SecretKey(found) }
    }
    throw new CoffretError('wrong_passphrase', 'the keychain of this computer gives no key')
  }
}
