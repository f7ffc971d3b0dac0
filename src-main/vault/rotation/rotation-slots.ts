import { CoffretError } from '../../contract/errors'
import type { KeyProof } from '../../contract/key-slots'
import { toHex } from '../../crypto/bytes'
import type { KeySlot } from '../../crypto/key-slot'
import { SecretKey, keyBytes } from '../../crypto/secret-key'
import type { VaultHeader } from '../header'
import { keychainName, type KeysContext } from '../keys/local-keys'
import { newSlotId, sealSlot, type NewKey } from '../keys/slot-changes'
import { readSlotNotes, slotIdText, type SlotNote } from '../keys/slot-notes'
import { newSlotKey, openSlot, slotKeyOf, wipeSlotKey } from '../keys/slots'
import type { UnlockedVault } from '../unlocked-vault'

/** What the slots of a new data key are made from. */
export interface SlotRequest {
  /** Opens the vault. */
  readonly proof: KeyProof
  /** Of the new recovery key. */
  readonly words: string
  /** Others that are to go on opening it. */
  readonly keep: readonly KeyProof[]
}

interface MadeSlot {
  readonly slot: KeySlot
  readonly note: SlotNote
}

type SlotsContext = KeysContext & { readonly unlocked: () => UnlockedVault }

/**
 * The slots of a new data key: those that were proved keep their keys, a keychain of this computer gets a
 * new one, and so does recovery. All others end here, since the new data key can be sealed under no key
 * that is not at hand.
 * @throws CoffretError `wrong_passphrase`, with the field `keep` for one of those; `invalid`, `storage`
 */
export async function makeSlots(
  context: SlotsContext,
  header: VaultHeader,
  { proof, words, keep }: SlotRequest,
  dataKey: SecretKey,
): Promise<{ slots: KeySlot[]; notes: SlotNote[] }> {
  const notes = context.unlocked().read(({ records }) => readSlotNotes(records))
  const maker = new SlotMaker(context, header, notes, dataKey)
  try {
    await maker.keep(proof)
    await maker.keepAlso(keep)
    await maker.addRecovery(words)
    await maker.addKeychains()
    const { made } = maker
    return { slots: made.map(({ slot }) => slot), notes: made.map(({ note }) => note) }
  } catch (error) {
    await forgetKeychainKeys(context, { slots: maker.made.map(({ slot }) => slot) })
    throw error
  }
}

/** Takes the keys of these slots out of the keychain of this computer. */
export async function forgetKeychainKeys(
  { keychain, vaultId }: Pick<KeysContext, 'keychain' | 'vaultId'>,
  { slots }: Pick<VaultHeader, 'slots'>,
): Promise<void> {
  for (const { kind, id } of slots) {
    if (kind === 'keychain') await keychain?.remove(keychainName(vaultId, toHex(id)))
  }
}

class SlotMaker {
  readonly made: MadeSlot[] = []

  constructor(
    private readonly context: SlotsContext,
    private readonly header: VaultHeader,
    private readonly notes: readonly SlotNote[],
    private readonly dataKey: SecretKey,
  ) {}

  /** Seals a slot anew for what opens it now. An old recovery key opens nothing any more. */
  async keep(proof: KeyProof): Promise<void> {
    const key = slotKeyOf(proof)
    try {
      const { slot, dataKey } = await openSlot(this.header, key)
      dataKey.wipe()
      const isThere = this.made.some(({ note }) => note.id === slotIdText(slot))
      if (slot.kind === 'recovery' || isThere) return
      const kdf = slot.kind === 'passphrase' ? { kdf: slot.kdf } : {}
      await this.#seal(slot.id, { ...key, ...kdf }, this.#noteOf(slot))
    } finally {
      wipeSlotKey(key)
    }
  }

  /** The same for all of these. @throws CoffretError with the field `keep` */
  async keepAlso(proofs: readonly KeyProof[]): Promise<void> {
    try {
      for (const proof of proofs) await this.keep(proof)
    } catch (error) {
      if (!(error instanceof CoffretError)) throw error
      throw new CoffretError(error.code, error.message, { cause: error, field: 'keep' })
    }
  }

  async addRecovery(words: string): Promise<void> {
    const key = newSlotKey({ kind: 'recovery', words })
    try {
      const old = this.header.slots.find(({ kind }) => kind === 'recovery')
      await this.#seal(this.#newId(), key, old && { label: this.#noteOf(old)?.label ?? '' })
    } finally {
      wipeSlotKey(key)
    }
  }

  async addKeychains(): Promise<void> {
    const { keychain, vaultId, random } = this.context
    if (keychain === undefined || (await keychain.problem()) !== undefined) return
    for (const slot of this.header.slots) {
      const isHere = keychain.has(keychainName(vaultId, toHex(slot.id)))
      if (slot.kind !== 'keychain' || !isHere) continue
      const id = this.#newId()
      const key = new SecretKey(random(keyBytes))
      try {
        // Sealed first: whatever fails from then on, the slot says which key to forget.
        await this.#seal(id, { kind: 'keychain', key }, { label: this.#noteOf(slot)?.label ?? '' })
        await keychain.keep(keychainName(vaultId, toHex(id)), key.bytes)
      } finally {
        key.wipe()
      }
    }
  }

  async #seal(
    id: Uint8Array,
    key: NewKey,
    { label = '', setAt = this.context.clock.now() }: Partial<SlotNote> = {},
  ): Promise<void> {
    const slot = await sealSlot(this.context, { id, dataKey: this.dataKey }, key)
    this.made.push({ slot, note: { id: slotIdText(slot), label, setAt } })
  }

  #noteOf(slot: KeySlot): SlotNote | undefined {
    return this.notes.find(({ id }) => id === slotIdText(slot))
  }

  #newId(): Uint8Array {
    return newSlotId(this.context.random)
  }
}
