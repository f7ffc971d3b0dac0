import { CoffretError } from '../contract/errors'
import { open, seal } from '../crypto/aead'
import { concatBytes, uint32Bytes } from '../crypto/bytes'
import { pad, unpad } from '../crypto/padding'
import type { SecretKey } from '../crypto/secret-key'
import type { RandomBytes } from '../env'
import { blob } from './cells'
import type { Database } from './database'

/** What a sealed row is. The numbers are part of the format; 6 to 15 are free. */
export const recordKinds = {
  state: 1,
  mounts: 2,
  /** A secret's metadata. */
  secret: 3,
  /** The data of one version. */
  version: 4,
  draft: 5,
  name: 16,
} as const

/** A name of {@link recordKinds}. */
export type RecordKind = keyof typeof recordKinds

/** The length of a record's id in bytes. */
export const recordIdBytes = 16

/** The id of what a vault has once. */
export const onlyId: Uint8Array = new Uint8Array(recordIdBytes)

/** Where a sealed row belongs. */
export interface Place {
  readonly kind: RecordKind
  /** 16 bytes; of a name row 32: parent ‖ opaque name. */
  readonly id: Uint8Array
  /** 0 where a kind has no versions. */
  readonly version: number
}

/** What sealing needs besides the row. */
export interface Sealing {
  readonly vaultId: Uint8Array
  readonly keyEpoch: number
  readonly key: SecretKey
  readonly random: RandomBytes
}

const label = new TextEncoder().encode('coffret/1/record')

/** The associated data: a row that was moved, swapped or copied from another vault does not open. */
function associatedData(sealing: Sealing, place: Place): Uint8Array {
  return concatBytes(
    label,
    sealing.vaultId,
    Uint8Array.of(recordKinds[place.kind]),
    uint32Bytes(sealing.keyEpoch),
    uint32Bytes(place.version),
    place.id,
  )
}

/** Pads and seals the text of a row. */
export function sealRow(sealing: Sealing, place: Place, text: Uint8Array): Uint8Array {
  return seal(sealing.key, associatedData(sealing, place), pad(text), sealing.random)
}

/** Opens a row. @throws CoffretError `corrupt` when it is not the row of this place */
export function openRow(sealing: Sealing, place: Place, body: Uint8Array): Uint8Array {
  return unpad(open(sealing.key, associatedData(sealing, place), body))
}

/** The sealed records of a vault, inside a transaction. */
export class Records {
  constructor(
    private readonly database: Database,
    private readonly sealing: Sealing,
  ) {}

  /** A new id that no record has. */
  newId(): Uint8Array {
    return this.sealing.random(recordIdBytes)
  }

  /** The text of a record; undefined when there is none. @throws CoffretError `corrupt` */
  find(place: Place): Uint8Array | undefined {
    const row = this.database.get(
      'SELECT body FROM records WHERE kind = ? AND id = ? AND version = ?',
      ...keyOf(place),
    )
    return row === undefined ? undefined : openRow(this.sealing, place, blob(row['body']))
  }

  /** The text of a record that another one says is there. @throws CoffretError `corrupt` also when missing */
  get(place: Place): Uint8Array {
    const text = this.find(place)
    if (text === undefined) throw new CoffretError('corrupt', `a ${place.kind} record is missing`)
    return text
  }

  /** Every record of a kind that has no versions. */
  all(kind: RecordKind): Uint8Array[] {
    return this.database
      .all('SELECT id, body FROM records WHERE kind = ? AND version = 0', recordKinds[kind])
      .map((row) =>
        openRow(this.sealing, { kind, id: blob(row['id']), version: 0 }, blob(row['body'])),
      )
  }

  /** Writes a record, over an older one of the same place. */
  put(place: Place, text: Uint8Array): void {
    this.database.run(
      'INSERT INTO records (kind, id, version, body) VALUES (?, ?, ?, ?) ' +
        'ON CONFLICT (kind, id, version) DO UPDATE SET body = excluded.body',
      ...keyOf(place),
      sealRow(this.sealing, place, text),
    )
  }

  /** Erases a record. @returns whether there was one */
  remove(place: Place): boolean {
    return (
      this.database.run(
        'DELETE FROM records WHERE kind = ? AND id = ? AND version = ?',
        ...keyOf(place),
      ) > 0
    )
  }

  /** Erases every version that a record of this kind and id has. */
  removeAll(kind: RecordKind, id: Uint8Array): void {
    this.database.run('DELETE FROM records WHERE kind = ? AND id = ?', recordKinds[kind], id)
  }
}

function keyOf(place: Place): [number, Uint8Array, number] {
  return [recordKinds[place.kind], place.id, place.version]
}
