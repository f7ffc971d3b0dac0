import { z } from 'zod'
import { CoffretError } from '../contract/errors'
import { EpochMs, SecretPath } from '../contract/model'
import { concatBytes, fromHex, latin1, toHex } from '../crypto/bytes'
import { opaqueName } from '../crypto/opaque-name'
import type { SecretKey } from '../crypto/secret-key'
import { blob, decodeJson, encodeMade, integer } from './cells'
import type { Database } from './database'
import { tagOf, type Freshness } from './freshness'
import { isPlainNameRow } from './plain-rows'
import { Recent } from './recent'
import { openRow, sealRow, type Place, type Sealing } from './records'

/** What a name stands for; the number goes into its keyed hash. A secret and a folder may share a name. */
export const nameKinds = { secret: 1, folder: 2, draft: 3, credential: 4 } as const

const hexId = z.string().regex(/^[0-9a-f]{32}$/)

/** What a name row says of a secret: all that listing and searching need. */
const SecretRow = z.strictObject({
  kind: z.literal('secret'),
  name: z.string(),
  /** The id of its records. */
  id: hexId,
  /** The tag that the sealing of its metadata ends with: older metadata does not fit. */
  metadataTag: hexId,
  currentVersion: z.number().int().min(0),
  updatedAt: EpochMs,
  /** Of the current version. */
  deactivatedAt: EpochMs.optional(),
  /** The current version is destroyed. */
  destroyed: z.boolean(),
  /** Top-level keys of the current data, for searching; not all where there are many. */
  keys: z.array(z.string()).readonly(),
  /** Custom metadata, for searching; not all where there is much. */
  customMetadata: z.array(z.tuple([z.string(), z.string()])).readonly(),
  /** When it was last renamed, moved or taken out of the bin; absent while it lies where it was made. */
  movedAt: EpochMs.optional(),
  /** Only of a secret in the bin: where it was, and when it was deleted. Its name is its id there. */
  binned: z.strictObject({ path: SecretPath, at: EpochMs }).optional(),
})
export type SecretRow = z.infer<typeof SecretRow>

/** What a name row says of a folder. Its id is the parent of the names in it, whatever it is called. */
const FolderRow = z.strictObject({
  kind: z.literal('folder'),
  name: z.string(),
  id: hexId,
  /** When it was last renamed or moved, with all that lies in it. */
  movedAt: EpochMs.optional(),
})
export type FolderRow = z.infer<typeof FolderRow>

/** A name row's text. */
export const NameRow = z.discriminatedUnion('kind', [SecretRow, FolderRow])
export type NameRow = z.infer<typeof NameRow>

/** When the last of some rows was moved: a folder is with all that lies in it. Undefined when none was. */
export function lastMove(rows: readonly NameRow[]): EpochMs | undefined {
  const times = rows.flatMap(({ movedAt }) => (movedAt === undefined ? [] : [movedAt]))
  return times.length === 0 ? undefined : (Math.max(...times) as EpochMs)
}

/** A row of one of the two kinds. */
export type RowOf<K extends NameRow['kind']> = Extract<NameRow, { kind: K }>

/** The 16 bytes of a row's id, not to be changed. */
export function idBytes(row: NameRow): Uint8Array {
  let id = ids.get(row)
  if (id === undefined) {
    id = fromHex(row.id)
    ids.set(row, id)
  }
  return id
}
/** Rows are kept, and every path leads through some of them. */
const ids = new WeakMap<NameRow, Uint8Array>()

/** An id as a row holds it. */
export function idText(id: Uint8Array): string {
  return toHex(id)
}

/** A name row as it lies in the file. */
export interface NumberedName {
  /** Rises along the table. */
  readonly number: number
  readonly parent: Uint8Array
  readonly hash: Uint8Array
  readonly body: Uint8Array
}

/**
 * How many rows of secrets are kept in memory, and how many of folders: every path leads through some of
 * these, so that reading many secrets must not push them out.
 */
const maxKept = 20_000

/** How many paths are kept with their rows, while nothing is written: programs read the same again and again. */
const maxPaths = 24_000

/** The name rows of a vault, inside a transaction. A row lies under (parent id, keyed hash of its name). */
export class Names {
  /** Rows by their place and tag. */
  readonly #recent = ofEachKind()
  /** Rows by kind, parent and name, while they are known to be the last. */
  #found = ofEachKind()
  /** Rows by root, kind and whole path, while nothing is written. */
  #byPath = new Recent<NameRow>(maxPaths)
  /** The name that was looked for last: writing follows reading. */
  #sought: { readonly key: string; readonly hash: Uint8Array } | undefined

  constructor(
    private readonly database: Database,
    private readonly sealing: Sealing,
    private readonly nameKey: SecretKey,
    private readonly freshness: Freshness,
  ) {}

  /** Others may have written: from now on rows are looked up anew. */
  forget(): void {
    this.#found = ofEachKind()
    this.#byPath = new Recent(maxPaths)
  }

  /**
   * The row at a path below a root.
   * @param find goes the way, name by name; what it finds is not looked for again until something is written
   */
  atPath<K extends NameRow['kind']>(
    kind: K,
    root: Uint8Array,
    path: string,
    find: () => RowOf<K> | undefined,
  ): RowOf<K> | undefined {
    const key = keyOf(kind, root, path)
    const known = this.#byPath.get(key)
    if (known !== undefined) return known as RowOf<K>
    const row = find()
    if (row !== undefined) this.#byPath.set(key, row)
    return row
  }

  /** The keyed hash that stands for a name. */
  opaque(kind: keyof typeof nameKinds, parent: Uint8Array, name: string): Uint8Array {
    return opaqueName(this.nameKey, nameKinds[kind], parent, name)
  }

  /** The row of a name; undefined when there is none. @throws CoffretError `corrupt` */
  find<K extends NameRow['kind']>(kind: K, parent: Uint8Array, name: string): RowOf<K> | undefined {
    const key = keyOf(kind, parent, name)
    const known = this.#found[kind].get(key)
    if (known !== undefined) return known as RowOf<K>
    const hash = this.opaque(kind, parent, name)
    this.#sought = { key, hash }
    const found = this.database.get(
      'SELECT body FROM names WHERE parent = ? AND name = ?',
      parent,
      hash,
    )
    const body = found === undefined ? undefined : blob(found['body'])
    this.freshness.check(parent, hash, body)
    if (body === undefined) return undefined
    const row = this.#open(parent, hash, body)
    if (row.kind !== kind || row.name !== name) {
      throw new CoffretError('corrupt', 'a name row is not that of its name')
    }
    this.#found[kind].set(key, row)
    return row as RowOf<K>
  }

  /** Every row under a parent, in no order. @throws CoffretError `corrupt` */
  children(parent: Uint8Array): NameRow[] {
    const rows = this.database
      .all('SELECT name, body FROM names WHERE parent = ?', parent)
      .map((row) => ({ item: blob(row['name']), body: blob(row['body']) }))
    this.freshness.checkAll(parent, rows)
    return rows.map(({ item, body }) => this.#open(parent, item, body))
  }

  /** Rows as they lie in the file, in the order of their numbers; nothing of them is proved. */
  slice(after: number, limit: number): NumberedName[] {
    return this.database
      .all(
        'SELECT rowid, parent, name, body FROM names WHERE rowid > ? ORDER BY rowid LIMIT ?',
        after,
        limit,
      )
      .map((row) => ({
        number: integer(row['rowid']),
        parent: blob(row['parent']),
        hash: blob(row['name']),
        body: blob(row['body']),
      }))
  }

  /** Opens a row of a slice. @throws CoffretError `corrupt` when it does not authenticate */
  openSlice({ parent, hash, body }: NumberedName): NameRow {
    return this.#open(parent, hash, body)
  }

  /** Whether the freshness tree holds this very row. @throws CoffretError `corrupt` when it does not */
  checkSlice({ parent, hash, body }: NumberedName): void {
    this.freshness.check(parent, hash, body)
  }

  /** Whether nothing lies under a parent. */
  isEmpty(parent: Uint8Array): boolean {
    return this.freshness.isEmpty(parent)
  }

  /** Writes a row, over an older one of the same name. */
  put(parent: Uint8Array, row: NameRow): void {
    const key = keyOf(row.kind, parent, row.name)
    const hash =
      this.#sought?.key === key ? this.#sought.hash : this.opaque(row.kind, parent, row.name)
    const body = sealRow(this.sealing, namePlace(parent, hash), encodeRow(row))
    this.database.run(
      'INSERT INTO names (parent, name, body) VALUES (?, ?, ?) ' +
        'ON CONFLICT (parent, name) DO UPDATE SET body = excluded.body',
      parent,
      hash,
      body,
    )
    this.freshness.note(parent, hash, body)
    this.#byPath = new Recent(maxPaths)
    this.#found[row.kind].set(key, row)
    this.#recent[row.kind].set(sealingKey(parent, hash, body), row)
  }

  /** Erases a row. */
  remove(kind: NameRow['kind'], parent: Uint8Array, name: string): void {
    const hash = this.opaque(kind, parent, name)
    this.database.run('DELETE FROM names WHERE parent = ? AND name = ?', parent, hash)
    this.freshness.note(parent, hash, undefined)
    this.#byPath = new Recent(maxPaths)
    this.#found[kind].delete(keyOf(kind, parent, name))
  }

  #open(parent: Uint8Array, hash: Uint8Array, body: Uint8Array): NameRow {
    const key = sealingKey(parent, hash, body)
    const known = this.#recent.folder.get(key) ?? this.#recent.secret.get(key)
    if (known !== undefined) return known
    const row = decodeNameRow(openRow(this.sealing, namePlace(parent, hash), body))
    this.#recent[row.kind].set(key, row)
    return row
  }
}

function ofEachKind(): Readonly<Record<NameRow['kind'], Recent<NameRow>>> {
  return { secret: new Recent(maxKept), folder: new Recent(maxKept) }
}

/** The row that a text says. @throws CoffretError `corrupt` */
export function decodeNameRow(text: Uint8Array): NameRow {
  return decodeJson(NameRow, text, isPlainNameRow)
}

function encodeRow(row: NameRow): Uint8Array {
  if (row.kind === 'folder') return encodeMade<typeof NameRow>(row, row.movedAt)
  const { currentVersion, updatedAt, deactivatedAt, movedAt, binned } = row
  const numbers = [currentVersion, updatedAt, deactivatedAt, movedAt, binned?.at]
  return encodeMade<typeof NameRow>(row, ...numbers)
}

function keyOf(kind: NameRow['kind'], parent: Uint8Array, name: string): string {
  return `${kind} ${latin1(parent)} ${name}`
}

/** Another one for each sealing of each row. */
function sealingKey(parent: Uint8Array, hash: Uint8Array, body: Uint8Array): string {
  return latin1(parent) + latin1(hash) + latin1(tagOf(body))
}

/** Where a name row belongs. */
export function namePlace(parent: Uint8Array, hash: Uint8Array): Place {
  return { kind: 'name', id: concatBytes(parent, hash), version: 0 }
}
