import { createHash } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import { open, seal } from '../crypto/aead'
import { concatBytes, latin1, uint32Bytes } from '../crypto/bytes'
import { isEqual } from '../crypto/derive'
import { pad, unpad } from '../crypto/padding'
import type { SecretKey } from '../crypto/secret-key'
import { SessionSeal, type SessionSealed } from '../crypto/session-seal'
import type { RandomBytes } from '../env'
import { blob, integer } from './cells'
import type { Database } from './database'
import { checkTag, tagOf, type Freshness } from './freshness'
import { Recent } from './recent'

/** What a sealed row is. The numbers are part of the format; 10 and 11 are free. */
export const recordKinds = {
  state: 1,
  mounts: 2,
  /** A secret's metadata. */
  secret: 3,
  /** The data of one version. */
  version: 4,
  draft: 5,
  /** What is said of the key slots. */
  slots: 6,
  /** How far the making of a new file under a new data key is: in that file alone, until it is done. */
  rotation: 7,
  /** What a program shows to the local API, hashed. */
  credential: 8,
  /** The certificate authority of the local API, with its key. */
  authority: 9,
  /** A batch of lines of the audit log, or the end of the log. */
  audit: 12,
  /** How far a copy between two stores is. */
  copy: 13,
  /** A remote domain, with the key or token that opens it. */
  domain: 14,
  /** A certificate that a person keeps, with its key and chain: a PKCS#12 file. */
  keptCertificate: 15,
  name: 16,
  /** The last known list of the secrets of a domain. */
  listing: 17,
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
  const { vaultId, keyEpoch } = sealing
  const fixed = label.length + vaultId.length
  // In one piece: this is done for each row that is opened.
  const data = Buffer.alloc(fixed + 9 + place.id.length)
  data.set(label)
  data.set(vaultId, label.length)
  data.writeUInt8(recordKinds[place.kind], fixed)
  data.writeUInt32BE(keyEpoch, fixed + 1)
  data.writeUInt32BE(place.version, fixed + 5)
  data.set(place.id, fixed + 9)
  return data
}

/** Pads and seals the text of a row. */
export function sealRow(sealing: Sealing, place: Place, text: Uint8Array): Uint8Array {
  return seal(sealing.key, associatedData(sealing, place), pad(text), sealing.random)
}

/** Opens a row. @throws CoffretError `corrupt` when it is not the row of this place */
export function openRow(sealing: Sealing, place: Place, body: Uint8Array): Uint8Array {
  return unpad(open(sealing.key, associatedData(sealing, place), body))
}

/**
 * Kinds that the freshness tree does not hold: a name row has the tag of its secret's metadata, and
 * metadata says which versions there are. A version is sealed once, so that it has no older copies. Only
 * where merging gave its number to other data, the tree holds it.
 */
const heldElsewhere: readonly RecordKind[] = ['state', 'name', 'secret', 'version', 'audit']

/** The group in which the freshness tree holds the records of a kind, 16 bytes. */
function groupOf(kind: RecordKind): Uint8Array {
  let group = groups.get(kind)
  if (group === undefined) {
    const text = `coffret/1/group/${recordKinds[kind]}`
    group = new Uint8Array(createHash('sha256').update(text).digest()).slice(0, recordIdBytes)
    groups.set(kind, group)
  }
  return group
}
const groups = new Map<RecordKind, Uint8Array>()

/** Whether an entry of the freshness tree is of a record: by what the group begins with. */
export function isRecordGroup(prefix: Uint8Array): boolean {
  return recordGroups.some((group) => isEqual(group.subarray(0, prefix.length), prefix))
}
const recordGroups = (Object.keys(recordKinds) as RecordKind[])
  .filter((kind) => !heldElsewhere.includes(kind) || kind === 'version')
  .map(groupOf)

/** Where a record lies in the file. */
export interface NumberedRecord {
  /** Rises along the table. */
  readonly number: number
  /** Undefined for a number that means nothing here. */
  readonly kind: RecordKind | undefined
  readonly id: Uint8Array
  readonly version: number
}

function kindOf(number: number): RecordKind | undefined {
  return (Object.keys(recordKinds) as RecordKind[]).find((kind) => recordKinds[kind] === number)
}

/** Of so many bytes of text what it says is kept in memory: mounts and metadata. */
const maxKeptBytes = 8 * 1024 * 1024

/** So many bytes of values that were read lately are kept in memory, sealed. */
const maxKeptValueBytes = 12 * 1024 * 1024

/** What is kept of a record. */
interface Kept {
  /** What its row ended with. */
  readonly tag: Uint8Array
  /** The era in which it was last proved. */
  era: number
}

/** What was decoded of a record. */
interface Decoded extends Kept {
  readonly value: unknown
  readonly bytes: number
}

/** The text of a record, under a key of this session. */
interface KeptValue extends Kept {
  readonly sealed: SessionSealed
}

/** The sealed records of a vault, inside a transaction. */
export class Records {
  /** What was decoded of a record, by its place. */
  readonly #recent = new Recent<Decoded>(maxKeptBytes, ({ bytes }) => bytes)
  readonly #values = new Recent<KeptValue>(maxKeptValueBytes, ({ sealed }) => sealed.body.length)
  #session: SessionSeal | undefined
  #era = 0

  constructor(
    private readonly database: Database,
    private readonly sealing: Sealing,
    private readonly freshness: Freshness,
  ) {}

  /** Others may have written: from now on what is known of a record is proved again. */
  forget(): void {
    this.#era += 1
  }

  /** A new id that no record has. */
  newId(): Uint8Array {
    return this.sealing.random(recordIdBytes)
  }

  /**
   * The text of a record; undefined when there is none.
   * @param tag what the record's sealing ends with, for kinds that the freshness tree does not hold
   * @throws CoffretError `corrupt`
   */
  find(place: Place, tag?: Uint8Array): Uint8Array | undefined {
    const body = this.#body(place)
    if (body === undefined) return undefined
    if (tag !== undefined) checkTag(body, tag)
    return openRow(this.sealing, place, body)
  }

  /**
   * The text of a record that another one says is there.
   * @throws CoffretError `corrupt` also when missing
   */
  get(place: Place, tag?: Uint8Array): Uint8Array {
    return openRow(this.sealing, place, this.#existing(place, tag))
  }

  /**
   * What a record says that another one says is there. What was used lately is not opened again.
   * @param decode one and the same for all records of a kind
   * @param tag as {@link get} takes it
   * @throws CoffretError `corrupt` also when missing
   */
  decoded<T>(place: Place, decode: (text: Uint8Array) => T, tag?: Uint8Array): T {
    const key = cacheKey(place)
    const known = this.#recent.get(key)
    if (known !== undefined && this.#isLast(place, known, tag)) return known.value as T
    const { text, kept } = this.#open(place, tag)
    const value = decode(text)
    this.#recent.set(key, { ...kept, value, bytes: text.length })
    return value
  }

  /**
   * The data of a version that its secret's metadata says is there. What was read lately is kept in memory,
   * sealed.
   * @throws CoffretError `corrupt` also when missing
   */
  value(place: Place): Uint8Array {
    const key = cacheKey(place)
    const known = this.#values.get(key)
    this.#session ??= new SessionSeal(this.sealing.random, this.sealing.key)
    if (known !== undefined && this.#isLast(place, known)) return this.#session.open(known.sealed)
    const { text, kept } = this.#open(place)
    this.#values.set(key, { ...kept, sealed: this.#session.seal(text) })
    return text
  }

  /** Whether what is kept of a record is what the file holds. @throws CoffretError `corrupt` */
  #isLast(place: Place, known: Kept, tag?: Uint8Array): boolean {
    if (known.era === this.#era && (tag === undefined || isEqual(known.tag, tag))) return true
    const body = this.#existing(place, tag)
    if (!isEqual(known.tag, tagOf(body))) return false
    known.era = this.#era
    return true
  }

  #open(place: Place, tag?: Uint8Array): { readonly text: Uint8Array; readonly kept: Kept } {
    const body = this.#existing(place, tag)
    const text = openRow(this.sealing, place, body)
    return { text, kept: { tag: tagOf(body).slice(), era: this.#era } }
  }

  #existing(place: Place, tag?: Uint8Array): Uint8Array {
    const body = this.#body(place)
    if (body === undefined) throw missing(place.kind)
    if (tag !== undefined) checkTag(body, tag)
    return body
  }

  /** Where records lie, in the order of their numbers; they are not read. */
  slice(after: number, limit: number): NumberedRecord[] {
    return this.database
      .all(
        'SELECT rowid, kind, id, version FROM records WHERE rowid > ? ORDER BY rowid LIMIT ?',
        after,
        limit,
      )
      .map((row) => ({
        number: integer(row['rowid']),
        kind: kindOf(integer(row['kind'])),
        id: blob(row['id']),
        version: integer(row['version']),
      }))
  }

  /** The text of a record of a slice; only its seal is checked. @throws CoffretError `corrupt` */
  openSlice({ number, kind, id, version }: NumberedRecord): Uint8Array {
    const row = this.database.get('SELECT body FROM records WHERE rowid = ?', number)
    if (row === undefined || kind === undefined) throw new CoffretError('corrupt', 'no such record')
    return openRow(this.sealing, { kind, id, version }, blob(row['body']))
  }

  /** Every record of a kind that has no versions. @throws CoffretError `corrupt` */
  all(kind: RecordKind): Uint8Array[] {
    const rows = this.database
      .all('SELECT id, body FROM records WHERE kind = ? AND version = 0', recordKinds[kind])
      .map((row) => ({ item: blob(row['id']), body: blob(row['body']) }))
    if (!heldElsewhere.includes(kind)) this.freshness.checkAll(groupOf(kind), rows)
    return rows.map(({ item, body }) => openRow(this.sealing, { kind, id: item, version: 0 }, body))
  }

  /** Writes a record, over an older one of the same place. @returns the tag of its sealing, 16 bytes */
  put(place: Place, text: Uint8Array): Uint8Array {
    const body = sealRow(this.sealing, place, text)
    this.database.run(
      'INSERT INTO records (kind, id, version, body) VALUES (?, ?, ?, ?) ' +
        'ON CONFLICT (kind, id, version) DO UPDATE SET body = excluded.body',
      ...keyOf(place),
      body,
    )
    this.#note(place, body)
    return tagOf(body)
  }

  /** Writes the data of a version under a number that other data of its secret has had. */
  putAnew(place: Place, text: Uint8Array): void {
    const tag = this.put(place, text)
    this.freshness.note(groupOf('version'), versionItem(place), tag)
  }

  /** Whether the freshness tree holds a version, as {@link putAnew} writes it. */
  isHeld(id: Uint8Array, version: number): boolean {
    const item = versionItem({ kind: 'version', id, version })
    return this.freshness.holds(groupOf('version'), item)
  }

  /** Erases a record. @returns whether there was one */
  remove(place: Place): boolean {
    this.#note(place, undefined)
    return (
      this.database.run(
        'DELETE FROM records WHERE kind = ? AND id = ? AND version = ?',
        ...keyOf(place),
      ) > 0
    )
  }

  /** Erases every version that a secret has. */
  removeVersions(id: Uint8Array): void {
    const versions = this.database.all(
      'SELECT version FROM records WHERE kind = ? AND id = ?',
      recordKinds.version,
      id,
    )
    for (const row of versions) {
      this.#note({ kind: 'version', id, version: integer(row['version']) }, undefined)
    }
    this.database.run('DELETE FROM records WHERE kind = ? AND id = ?', recordKinds.version, id)
  }

  #body(place: Place): Uint8Array | undefined {
    const row = this.database.get(
      'SELECT body FROM records WHERE kind = ? AND id = ? AND version = ?',
      ...keyOf(place),
    )
    const body = row === undefined ? undefined : blob(row['body'])
    if (!heldElsewhere.includes(place.kind)) {
      this.freshness.check(groupOf(place.kind), place.id, body)
    } else if (place.kind === 'version') {
      this.freshness.checkHeld(groupOf(place.kind), versionItem(place), body)
    }
    return body
  }

  #note(place: Place, body: Uint8Array | undefined): void {
    if (place.kind !== 'version') this.#recent.delete(cacheKey(place))
    else {
      this.#values.delete(cacheKey(place))
      const [group, item] = [groupOf(place.kind), versionItem(place)]
      if (this.freshness.holds(group, item)) this.freshness.note(group, item, body)
    }
    if (heldElsewhere.includes(place.kind)) return
    if (place.version !== 0) throw new Error(`a ${place.kind} record has no versions`)
    this.freshness.note(groupOf(place.kind), place.id, body)
  }
}

/** What stands for a version in the freshness tree. */
function versionItem({ id, version }: Place): Uint8Array {
  const text = concatBytes(id, uint32Bytes(version))
  return new Uint8Array(createHash('sha256').update(text).digest()).slice(0, recordIdBytes)
}

function missing(kind: RecordKind): CoffretError {
  return new CoffretError('corrupt', `a ${kind} record is missing`)
}

function keyOf(place: Place): [number, Uint8Array, number] {
  return [recordKinds[place.kind], place.id, place.version]
}

function cacheKey({ kind, id, version }: Place): string {
  return `${kind} ${version} ${latin1(id)}`
}
