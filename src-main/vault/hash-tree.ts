import { createHash } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import { isEqual } from '../crypto/derive'
import { blob } from './cells'
import type { Database } from './database'

/** The length of a hash in the tree, in bytes: SHA-256. */
export const treeHashBytes = 32

/** Stands for a node or bucket that has nothing in it and no row. */
export const emptyHash: Uint8Array = new Uint8Array(treeHashBytes)

/** What a node has below it, and how many nodes the root has. */
export const fanOut = 64

/** How many buckets a tree has. */
export const bucketCount = fanOut * fanOut

/** An entry: 8 bytes of the group, 8 of the item, 16 of tag. */
export const prefixBytes = 8
const tagBytes = 16
export const entryBytes = 2 * prefixBytes + tagBytes

/** Row numbers: the root, its nodes, and the buckets of each node. */
const rootRow = 0
const nodeRow = (node: number) => 1 + node
const bucketRow = (node: number, bucket: number) => 1 + fanOut + node * fanOut + bucket

/** The most that is kept in memory of a tree, in bytes; 100,000 secrets need about 4 MB. */
const maxCacheBytes = 64 * 1024 * 1024

/** A row as it was last proved. */
interface Proved {
  readonly hash: Buffer
  readonly body: Buffer
}

const nothing = Buffer.alloc(0)

/**
 * The freshness tree: which rows there are, and the authentication tag of each, in 64 × 64 buckets under
 * hashes up to the root, which the sealed state holds. So a row that was replaced by an older copy of
 * itself, and one that was removed, contradict the state. Rows lie in groups: the children of a folder
 * share a node, so that a listing is proved to be complete with 64 buckets.
 *
 * It holds nothing that the rows beside it do not show, and is plain: only its root needs the seal.
 * What was proved is kept under its hash, so that an unchanged tree is read and hashed once.
 */
export class HashTree {
  /** By row number. */
  readonly #proved = new Map<number, Proved>()
  /** Rows that this transaction changed and has not written. */
  readonly #changed = new Map<number, Buffer>()
  #cacheBytes = 0
  #root: Uint8Array = emptyHash

  constructor(private readonly database: Database) {}

  /** Begins a transaction. @param root as the sealed state gives it, 32 bytes */
  begin(root: Uint8Array): void {
    this.#root = root
    this.#changed.clear()
  }

  /**
   * The tag of a row; undefined when there is no such row.
   * @param group 16 bytes, the same for rows that are listed together
   * @param item 16 bytes, random or hashed
   * @throws CoffretError `corrupt` when the tree is not the one of the state
   */
  find(group: Uint8Array, item: Uint8Array): Uint8Array | undefined {
    const entries = this.#bucket(nodeOf(group), bucketOf(item))
    const at = indexOf(entries, group, item)
    return at < 0 ? undefined : tagAt(entries, at)
  }

  /**
   * The tags of all rows of a group, by {@link itemKey}.
   * @throws CoffretError `corrupt`
   */
  group(group: Uint8Array): Map<string, Uint8Array> {
    const node = nodeOf(group)
    const start = startOf(group)
    const found = new Map<string, Uint8Array>()
    for (let bucket = 0; bucket < fanOut; bucket += 1) {
      const entries = this.#bucket(node, bucket)
      for (let at = 0; at < entries.length; at += entryBytes) {
        if (entries.compare(start, 0, prefixBytes, at, at + prefixBytes) !== 0) continue
        found.set(itemKey(entries.subarray(at + prefixBytes)), tagAt(entries, at))
      }
    }
    return found
  }

  /** Notes the tag of a row that was written, or its removal. */
  set(group: Uint8Array, item: Uint8Array, tag: Uint8Array | undefined): void {
    const node = nodeOf(group)
    const bucket = bucketOf(item)
    const entries = this.#bucket(node, bucket)
    const at = indexOf(entries, group, item)
    if (at < 0 && tag === undefined) return
    const before = at < 0 ? entries : entries.subarray(0, at)
    const after = at < 0 ? nothing : entries.subarray(at + entryBytes)
    const entry = tag === undefined ? [] : [startOf(group), startOf(item), tag]
    this.#changed.set(bucketRow(node, bucket), Buffer.concat([before, ...entry, after]))
  }

  /** Writes what the transaction changed. @returns the new root, for the state */
  finish(): Uint8Array {
    const nodes = new Map<number, Buffer>()
    for (const [row, entries] of this.#changed) {
      const node = Math.floor((row - bucketRow(0, 0)) / fanOut)
      const hashes = nodes.get(node) ?? this.#take(nodeRow(node), this.#node(node))
      hashes.set(this.#write(row, entries), ((row - bucketRow(0, 0)) % fanOut) * treeHashBytes)
      nodes.set(node, hashes)
    }
    if (nodes.size > 0) {
      const hashes = this.#take(rootRow, this.#read(rootRow, this.#root))
      for (const [node, body] of nodes) {
        hashes.set(this.#write(nodeRow(node), body), node * treeHashBytes)
      }
      this.#root = this.#write(rootRow, hashes)
    }
    this.#changed.clear()
    return this.#root
  }

  /**
   * The buckets that are not as they are known, by number. An index of all rows follows writes with it.
   * @param known the hash of each bucket, {@link bucketCount} × 32 bytes
   * @throws CoffretError `corrupt` when the tree is not the one of the state
   */
  differing(known: Uint8Array): number[] {
    const found: number[] = []
    for (let node = 0; node < fanOut; node += 1) {
      const hashes = this.#node(node)
      const start = node * fanOut * treeHashBytes
      const all = known.subarray(start, start + fanOut * treeHashBytes)
      if (hashes.equals(all)) continue
      for (let bucket = 0; bucket < fanOut; bucket += 1) {
        const at = bucket * treeHashBytes
        const hash = all.subarray(at, at + treeHashBytes)
        if (!isEqual(hashAt(hashes, bucket), hash)) found.push(node * fanOut + bucket)
      }
    }
    return found
  }

  /** The hash of a bucket, and whatever of it can be proved: 32 bytes an entry, group ‖ item ‖ tag. */
  bucket(number: number): { readonly hash: Uint8Array; readonly entries: Buffer | undefined } {
    const [node, bucket] = [Math.floor(number / fanOut), number % fanOut]
    // A copy: the node is changed in place when it is written.
    const hash = Uint8Array.from(hashAt(this.#node(node), bucket))
    try {
      return { hash, entries: this.#bucket(node, bucket) }
    } catch (error) {
      if (error instanceof CoffretError && error.code === 'corrupt') {
        return { hash, entries: undefined }
      }
      throw error
    }
  }

  /** Proves every row of the tree. @throws CoffretError `corrupt` */
  prove(): void {
    for (let node = 0; node < fanOut; node += 1) {
      for (let bucket = 0; bucket < fanOut; bucket += 1) this.#bucket(node, bucket)
    }
  }

  #bucket(node: number, bucket: number): Buffer {
    const row = bucketRow(node, bucket)
    return this.#changed.get(row) ?? this.#read(row, hashAt(this.#node(node), bucket))
  }

  #node(node: number): Buffer {
    return this.#read(nodeRow(node), hashAt(this.#read(rootRow, this.#root), node))
  }

  /** The row of a hash: from memory when it was proved before, which spares reading it. */
  #read(row: number, hash: Uint8Array): Buffer {
    const known = this.#proved.get(row)
    if (known !== undefined && known.hash.equals(hash)) return known.body
    if (isEqual(hash, emptyHash)) return nothing
    const found = this.database.get('SELECT body FROM tree WHERE id = ?', row)
    const body = found === undefined ? nothing : bufferOf(blob(found['body']))
    if (!isEqual(hashOf(body), hash) || body.length % treeHashBytes !== 0) {
      throw new CoffretError('corrupt', 'the freshness tree does not fit the state of the vault')
    }
    this.#keep(row, { hash: Buffer.from(hash), body })
    return body
  }

  #write(row: number, body: Buffer): Uint8Array {
    // A node of empty hashes and a bucket without entries have no row, and the empty hash.
    if (body.every((byte) => byte === 0)) {
      this.database.run('DELETE FROM tree WHERE id = ?', row)
      return emptyHash
    }
    this.database.run(
      'INSERT INTO tree (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
      row,
      body,
    )
    const hash = hashOf(body)
    this.#keep(row, { hash, body })
    return hash
  }

  /** A node to be changed in place; from now on, and until it is written, it is not known. */
  #take(row: number, body: Buffer): Buffer {
    if (body.length === 0) return Buffer.alloc(fanOut * treeHashBytes)
    if (this.#proved.delete(row)) this.#cacheBytes -= body.length
    return body
  }

  #keep(row: number, proved: Proved): void {
    this.#cacheBytes += proved.body.length - (this.#proved.get(row)?.body.length ?? 0)
    this.#proved.set(row, proved)
    if (this.#cacheBytes <= maxCacheBytes) return
    this.#proved.clear()
    this.#cacheBytes = 0
  }
}

/** What stands for an item in {@link HashTree.group}: its first 8 bytes as one character each. */
export function itemKey(item: Uint8Array): string {
  return bufferOf(item).toString('latin1', 0, prefixBytes)
}

/** Groups and items are random or hashed, so that their first bits spread them evenly. */
function nodeOf(group: Uint8Array): number {
  return (group[0] ?? 0) % fanOut
}

function bucketOf(item: Uint8Array): number {
  return (item[0] ?? 0) % fanOut
}

function indexOf(entries: Buffer, group: Uint8Array, item: Uint8Array): number {
  for (let at = 0; at < entries.length; at += entryBytes) {
    const isItem =
      entries.compare(item, 0, prefixBytes, at + prefixBytes, at + 2 * prefixBytes) === 0
    if (isItem && entries.compare(group, 0, prefixBytes, at, at + prefixBytes) === 0) return at
  }
  return -1
}

function tagAt(entries: Buffer, at: number): Uint8Array {
  return entries.subarray(at + 2 * prefixBytes, at + entryBytes)
}

function hashAt(hashes: Buffer, index: number): Uint8Array {
  const at = index * treeHashBytes
  return hashes.length === 0 ? emptyHash : hashes.subarray(at, at + treeHashBytes)
}

function startOf(id: Uint8Array): Uint8Array {
  return id.subarray(0, prefixBytes)
}

function hashOf(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest()
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
