import { CoffretError } from '../../contract/errors'
import { concatBytes, uint32Bytes } from '../../crypto/bytes'
import { bucketCount, emptyHash, entryBytes, treeHashBytes } from '../hash-tree'
import type { NameBucket } from '../search/name-scan'
import { recordIdBytes, type Place, type Records } from '../records'

/** Stands behind the buckets: what it holds is the MAC of the old file's header. */
const headerNumber = bucketCount

/** What a record says before the entries of its bucket: its number, and a hash. */
const startBytes = 4 + treeHashBytes

/**
 * What of an old file a new one has under its new keys: for each bucket of the old freshness tree its hash,
 * and its entries, as they were when all that they stand for had been copied. So what is left to copy, and
 * what was written to the old file since, is the same question, and a crash forgets at most one transaction.
 * It lies in the new file, sealed, until that is done.
 */
export class RotationProgress {
  /** The hash of each bucket of the old file that was copied, one after the other. */
  readonly known = new Uint8Array(bucketCount * treeHashBytes)
  readonly #entries = new Map<number, Uint8Array>()
  #headerMac: Uint8Array | undefined

  /** Reads how far a new file is. @throws CoffretError `corrupt` */
  constructor(records: Records) {
    for (const text of records.all('rotation')) this.#remember(text)
  }

  /** The MAC of the header of the old file that the new key slots were made for. @throws CoffretError `corrupt` */
  get headerMac(): Uint8Array {
    if (this.#headerMac !== undefined) return this.#headerMac
    throw new CoffretError('corrupt', 'the new file does not say what it is made from')
  }

  /** Whether what an entry of a bucket stands for was copied, by the keys of entries. */
  copied(bucket: number): ReadonlySet<string> {
    const entries = Buffer.from(this.#entries.get(bucket) ?? [])
    const keys = new Set<string>()
    for (let at = 0; at < entries.length; at += entryBytes) {
      keys.add(entries.toString('latin1', at, at + entryBytes))
    }
    return keys
  }

  /** How many names were copied. */
  get names(): number {
    let bytes = 0
    for (const entries of this.#entries.values()) bytes += entries.length
    return bytes / entryBytes
  }

  /** Writes that all of a bucket was copied, inside the transaction that did it. */
  note(records: Records, bucket: number, { hash, entries = [] }: NameBucket): void {
    const text = concatBytes(uint32Bytes(bucket), hash, ...entries.map(({ bytes }) => bytes))
    // What is empty in the old file, and was never copied, needs no record.
    if (!this.#entries.has(bucket) && Buffer.compare(hash, emptyHash) === 0) return
    records.put(placeOf(bucket), text)
    this.#remember(text)
  }

  #remember(text: Uint8Array): void {
    if (text.length < startBytes || (text.length - startBytes) % entryBytes !== 0) {
      throw new CoffretError('corrupt', 'a record of how far the new file is has another length')
    }
    const number = new DataView(text.buffer, text.byteOffset).getUint32(0)
    const hash = text.subarray(4, startBytes)
    if (number === headerNumber) this.#headerMac = hash
    else {
      this.known.set(hash, number * treeHashBytes)
      this.#entries.set(number, text.slice(startBytes))
    }
  }
}

/** Begins a new file. @param headerMac that of the old one, 32 bytes */
export function beginProgress(records: Records, headerMac: Uint8Array): void {
  records.put(placeOf(headerNumber), concatBytes(uint32Bytes(headerNumber), headerMac))
}

/** Erases what {@link RotationProgress} kept: the new file is done. */
export function eraseProgress(records: Records): void {
  for (let number = 0; number <= headerNumber; number += 1) records.remove(placeOf(number))
}

/** The first byte of an id spreads records over the buckets of the freshness tree. */
function placeOf(number: number): Place {
  const id = new Uint8Array(recordIdBytes)
  id.set([number & 0xff, number >> 8])
  return { kind: 'rotation', id, version: 0 }
}
