import { isEqual } from '../../crypto/derive'
import { blob } from '../cells'
import type { Database } from '../database'
import { tagOf } from '../freshness'
import { entryBytes, fanOut, prefixBytes, type HashTree } from '../hash-tree'
import { decodeNameRow, namePlace, type NameRow } from '../names'
import { isRecordGroup, openRow, type Sealing } from '../records'
import { startOpener, type RowOpener } from './row-opening'

/** A name row as it lies in the file. */
export interface SealedName {
  readonly parent: Uint8Array
  readonly hash: Uint8Array
  readonly body: Uint8Array
}

/** An entry of a bucket of the freshness tree that stands for a name row. */
export interface NameEntry {
  /** Another one for each sealing of each row. */
  readonly key: string
  readonly bytes: Buffer
}

/** A bucket as the freshness tree has it. */
export interface NameBucket {
  readonly hash: Uint8Array
  /** Undefined when the bucket's own row is damaged. */
  readonly entries: readonly NameEntry[] | undefined
}

/** Of a node with more rows none are read ahead: a transaction is to be short. */
const maxAhead = 4096

/** How many parents are kept in memory. */
const maxParents = 100_000

/**
 * All name rows, bucket by bucket of the freshness tree, inside a transaction: what an index of them is
 * made from, and how it finds out what was written since, by whomever.
 */
export class NameScan {
  /** Whole parents by the part of them that entries hold. */
  readonly #parents = new Map<string, Uint8Array>()
  /** Rows that were read ahead, by what entries say of their place. */
  #ahead = new Map<string, SealedName>()

  constructor(
    private readonly database: Database,
    private readonly sealing: Sealing,
    private readonly tree: HashTree,
  ) {}

  /**
   * The buckets that changed.
   * @param known the hash of each bucket as it was, one after the other
   * @throws CoffretError `corrupt`
   */
  differing(known: Uint8Array): number[] {
    return this.tree.differing(known)
  }

  /** What a bucket holds. @throws CoffretError `corrupt` when the tree above it is damaged */
  bucket(number: number): NameBucket {
    const { hash, entries } = this.tree.bucket(number)
    if (entries === undefined) return { hash, entries }
    const found: NameEntry[] = []
    for (let at = 0; at < entries.length; at += entryBytes) {
      const bytes = entries.subarray(at, at + entryBytes)
      if (isRecordGroup(bytes.subarray(0, prefixBytes))) continue
      found.push({ key: bytes.toString('latin1'), bytes })
    }
    return { hash, entries: found }
  }

  /**
   * Reads all rows of a node of the tree at once, which is faster than one by one where nearly all are
   * wanted.
   */
  readAhead(node: number): void {
    let count = 0
    for (let at = 0; at < fanOut; at += 1) {
      count += (this.tree.bucket(node * fanOut + at).entries?.length ?? 0) / entryBytes
    }
    this.#ahead = new Map()
    if (count > maxAhead) return
    for (let first = node; first < 256; first += fanOut) {
      const rows = this.database.all(
        'SELECT parent, name, body FROM names WHERE parent BETWEEN ? AND ?',
        ...startingWith(Buffer.of(first)),
      )
      for (const { parent, name: hash, body } of rows) {
        // A damaged row is met again when it is looked up.
        if (!isBytes(parent) || !isBytes(hash) || !isBytes(body)) continue
        this.#ahead.set(startOf(parent) + startOf(hash), { parent, hash, body })
      }
    }
  }

  /** The row of an entry; undefined when it is missing, or is not the one that the entry stands for. */
  sealed({ key, bytes }: NameEntry): SealedName | undefined {
    const tag = bytes.subarray(2 * prefixBytes)
    const ahead = this.#ahead.get(key.slice(0, 2 * prefixBytes))
    // It may have been written since; then it has another tag.
    if (ahead !== undefined && isEqual(tagOf(ahead.body), tag)) return ahead
    const parent = this.#parent(bytes.subarray(0, prefixBytes))
    if (parent === undefined) return undefined
    const row = this.database.get(
      'SELECT name, body FROM names WHERE parent = ? AND name BETWEEN ? AND ?',
      parent,
      ...startingWith(bytes.subarray(prefixBytes, 2 * prefixBytes)),
    )
    const { name: hash, body } = row ?? {}
    if (!isBytes(hash) || !isBytes(body) || !isEqual(tagOf(body), tag)) return undefined
    return { parent, hash, body }
  }

  /** Opens a row; it needs no transaction. @throws CoffretError `corrupt`, `locked` */
  open({ parent, hash, body }: SealedName): NameRow {
    return decodeNameRow(openRow(this.sealing, namePlace(parent, hash), body))
  }

  /** A thread that opens rows for this one. @param program the built `search-worker` */
  startOpener(program: string): RowOpener {
    return startOpener(program, this.sealing)
  }

  #parent(prefix: Buffer): Uint8Array | undefined {
    const key = prefix.toString('latin1')
    const known = this.#parents.get(key)
    if (known !== undefined) return known
    const row = this.database.get(
      'SELECT parent FROM names WHERE parent BETWEEN ? AND ? LIMIT 1',
      ...startingWith(prefix),
    )
    if (row === undefined) return undefined
    const parent = blob(row['parent'])
    if (this.#parents.size >= maxParents) this.#parents.clear()
    this.#parents.set(key, parent)
    return parent
  }
}

function isBytes(cell: unknown): cell is Uint8Array {
  return cell instanceof Uint8Array
}

function startOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, prefixBytes).toString('latin1')
}

/** The first and the last id of 16 bytes that begins with these. */
function startingWith(prefix: Buffer): [first: Uint8Array, last: Uint8Array] {
  const filled = (byte: number) => new Uint8Array(2 * prefixBytes).fill(byte)
  const [first, last] = [filled(0), filled(0xff)]
  first.set(prefix)
  last.set(prefix)
  return [first, last]
}
