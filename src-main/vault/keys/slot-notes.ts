import { z } from 'zod'
import { KeySlotId, KeySlotLabel } from '../../contract/key-slots'
import { EpochMs } from '../../contract/model'
import { toHex } from '../../crypto/bytes'
import type { KeySlot } from '../../crypto/key-slot'
import { decodeJson, encodeJson } from '../cells'
import { onlyId, type Place, type Records } from '../records'

/** What a person said of a key slot, and when its key was made: sealed, since the header is plain. */
const SlotNote = z.strictObject({ id: KeySlotId, label: KeySlotLabel, setAt: EpochMs })
export type SlotNote = z.infer<typeof SlotNote>

/** The id of a slot as it is shown. */
export function slotIdText(slot: KeySlot): KeySlotId {
  return KeySlotId.parse(toHex(slot.id))
}

const NoteList = z.array(SlotNote).max(32).readonly()

const place: Place = { kind: 'slots', id: onlyId, version: 0 }

/** The notes; a slot may have none. @throws CoffretError `corrupt` */
export function readSlotNotes(records: Records): readonly SlotNote[] {
  const text = records.find(place)
  return text === undefined ? [] : decodeJson(NoteList, text)
}

/** Writes all notes, inside a transaction. */
export function writeSlotNotes(records: Records, notes: readonly SlotNote[]): void {
  records.put(place, encodeJson(NoteList, notes))
}
