import { CoffretError } from '../../contract/errors'
import { removalOf, type KeySlotId } from '../../contract/key-slots'
import type { VaultId } from '../../contract/model'
import { defaultKdfSettings, type KdfSettings } from '../../crypto/kdf'
import {
  sealPassphraseSlot,
  sealRandomKeySlot,
  slotIdBytes,
  type KeySlot,
} from '../../crypto/key-slot'
import type { Clock, RandomBytes } from '../../env'
import type { Continuity } from '../continuity'
import type { Database } from '../database'
import { maxSlots, readHeader, type HeaderRow } from '../header'
import { readSlotNotes, slotIdText, writeSlotNotes, type SlotNote } from './slot-notes'
import { checkPassphrase, openSlot, type OpenedSlot, type SlotKey } from './slots'
import { UnlockedVault, deriveKeys, vaultIdBytes, wipeKeys } from '../unlocked-vault'

/** What changing the slots works on. */
export interface SlotContext {
  readonly database: Database
  readonly vaultId: VaultId
  readonly clock: Clock
  readonly random: RandomBytes
  /** Holds the file to what this machine saw of it; gives none when nobody remembers. */
  readonly continuity?: () => Continuity | undefined
}

/** A key to make a slot of. A passphrase says what guessing it is to cost. */
export type NewKey = SlotKey & { readonly kdf?: KdfSettings }

/** A new id for {@link addSlot}. */
export function newSlotId(random: RandomBytes): Uint8Array {
  return random(slotIdBytes)
}

/**
 * Adds a slot. The data key is not kept after unlocking, so each change takes a key that opens a slot.
 * @param makeKey called once the proof was right; what it gives stays its caller's to wipe
 * @throws CoffretError `wrong_passphrase` for the proof, `invalid` for the 33rd slot, `kdf_bounds`,
 * `corrupt`; `busy` when another process changed the slots meanwhile
 */
export async function addSlot(
  context: SlotContext,
  proof: SlotKey,
  { id, label }: { id: Uint8Array; label: string },
  makeKey: () => Promise<NewKey> | NewKey,
): Promise<void> {
  await changeSlots(context, proof, async ({ dataKey }, slots) => {
    if (slots.length >= maxSlots) {
      throw new CoffretError('invalid', `a vault has at most ${maxSlots} key slots`)
    }
    const added = await sealSlot(context, { id, dataKey }, await makeKey())
    return { slots: [...slots, added], note: { slot: added, label } }
  })
}

/**
 * Seals a slot anew: the same id, kind and cost, another key and salt.
 * @param id of the slot; the one that the proof opens when absent
 * @throws CoffretError `wrong_passphrase` for the proof, `not_found`, `invalid` for a key of another kind,
 * `corrupt`, `busy`
 */
export async function replaceSlot(
  context: SlotContext,
  proof: SlotKey,
  next: SlotKey,
  id?: KeySlotId,
): Promise<void> {
  if (next.kind === 'passphrase') checkPassphrase(next.passphrase)
  await changeSlots(context, proof, async (opened, slots) => {
    const old = id === undefined ? opened.slot : slotOf(slots, id)
    if (old.kind !== next.kind) {
      throw new CoffretError('invalid', `a ${old.kind} slot takes no ${next.kind}`)
    }
    const kept = { id: old.id, dataKey: opened.dataKey }
    const key = old.kind === 'passphrase' ? { ...next, kdf: old.kdf } : next
    const fresh = await sealSlot(context, kept, key)
    return { slots: slots.map((one) => (one === old ? fresh : one)), note: { slot: fresh } }
  })
}

/**
 * Removes a slot. Honest limit: copies of the file made before still open with it.
 * @throws CoffretError `wrong_passphrase` for the proof, `not_found`, `corrupt`, `busy`; `invalid` for
 * the last slot, and for the last one that is not of a keychain
 */
export async function removeSlot(
  context: SlotContext,
  proof: SlotKey,
  id: KeySlotId,
): Promise<void> {
  await changeSlots(context, proof, async (_, slots) => {
    const old = slotOf(slots, id)
    const known = slots.map((slot) => ({ id: slotIdText(slot), kind: slot.kind }))
    const removal = removalOf(known, id)
    if (removal === 'last' || removal === 'only-keychain') {
      throw new CoffretError('invalid', `this slot must stay: ${removal}`, { field: 'slot' })
    }
    return { slots: slots.filter((one) => one !== old) }
  })
}

interface SlotChange {
  readonly slots: readonly KeySlot[]
  /** A slot whose key was made just now; without a label it keeps the one that it has. */
  readonly note?: { readonly slot: KeySlot; readonly label?: string }
}

async function changeSlots(
  context: SlotContext,
  proof: SlotKey,
  change: (opened: OpenedSlot, slots: readonly KeySlot[]) => Promise<SlotChange>,
): Promise<void> {
  const { database } = context
  const before = database.read(() => readHeader(database))
  const opened = await openSlot(before.header, proof)
  try {
    commit(context, before, opened, await change(opened, before.header.slots))
  } finally {
    opened.dataKey.wipe()
  }
}

function commit(
  context: SlotContext,
  before: HeaderRow,
  { dataKey }: OpenedSlot,
  { slots, note }: SlotChange,
): void {
  const { database, vaultId, clock, random } = context
  const continuity = context.continuity?.()
  const held = continuity === undefined ? {} : { continuity }
  const keys = deriveKeys(dataKey, vaultId)
  try {
    const vault = UnlockedVault.enter(database, vaultId, keys, { clock, random, ...held })
    vault.replaceHeader(before, { ...before.header, slots }, ({ records }) => {
      const ids = new Set<string>(slots.map(slotIdText))
      const notes = readSlotNotes(records).filter(({ id }) => ids.has(id))
      writeSlotNotes(records, note === undefined ? notes : noted(notes, note, clock))
    })
  } finally {
    wipeKeys(keys)
  }
}

function noted(
  notes: readonly SlotNote[],
  { slot, label }: NonNullable<SlotChange['note']>,
  clock: Clock,
): SlotNote[] {
  const id = slotIdText(slot)
  const old = notes.find((note) => note.id === id)
  const fresh = { id, label: label ?? old?.label ?? '', setAt: clock.now() }
  return [...notes.filter((note) => note !== old), fresh]
}

function slotOf(slots: readonly KeySlot[], id: KeySlotId): KeySlot {
  const found = slots.find((slot) => slotIdText(slot) === id)
  if (found === undefined) throw new CoffretError('not_found', 'there is no such key slot')
  return found
}

/** Seals a data key under a key. The key stays its caller's to wipe. @throws CoffretError `invalid`, `kdf_bounds` */
export async function sealSlot(
  { vaultId, random }: Pick<SlotContext, 'vaultId' | 'random'>,
  kept: { id: Uint8Array; dataKey: OpenedSlot['dataKey'] },
  key: NewKey,
): Promise<KeySlot> {
  const input = { ...kept, vaultId: vaultIdBytes(vaultId) }
  if (key.kind !== 'passphrase') {
    return sealRandomKeySlot({ ...input, kind: key.kind }, key.key, random)
  }
  checkPassphrase(key.passphrase)
  const copy = key.passphrase.slice()
  try {
    const kdf = key.kdf ?? defaultKdfSettings
    return await sealPassphraseSlot({ ...input, kdf }, copy, random)
  } finally {
    copy.fill(0)
  }
}
