import { readSync } from 'node:fs'

/** The first header of a rollback journal. Source: sqlite.org/fileformat2.html §3. */
export interface JournalHeader {
  /** Pages of the database before the transaction: playing back cuts the file to these. */
  readonly pagesBefore: number
  readonly pageSize: number
  /** How many bytes a header takes. */
  readonly sectorSize: number
}

/** A page as it was before the transaction. */
export interface SavedPage {
  /** From 1. */
  readonly page: number
  readonly bytes: Buffer
}

const magic = Buffer.from('d9d505f920a163d7', 'hex')
const headerBytes = 28
/** A number of records that means all up to the end of the file. */
const allRecords = 0xffffffff

/**
 * Reads the first header. Undefined when SQLite takes the journal for none: it is empty, or begins with a
 * zero, as it does until it is synced. `invalid` when it does not begin as a journal.
 */
export function readJournalHeader(handle: number): JournalHeader | 'invalid' | undefined {
  const start = readAt(handle, 0, headerBytes)
  if (start.length === 0 || start[0] === 0) return undefined
  const segment = parseSegment(start)
  return segment === undefined ? 'invalid' : segment
}

/**
 * The saved pages that SQLite would play back, in their order: it stops at the first record whose checksum
 * is wrong.
 */
export function* savedPages(handle: number, first: JournalHeader): Generator<SavedPage> {
  const { pageSize, sectorSize } = first
  let at = 0
  for (;;) {
    const segment = parseSegment(readAt(handle, at, headerBytes))
    if (segment === undefined) return
    at += sectorSize
    for (let n = 0; n < segment.records; n += 1) {
      const record = readAt(handle, at, pageSize + 8)
      const page = record.length < pageSize + 8 ? 0 : record.readUInt32BE(0)
      const bytes = record.subarray(4, 4 + pageSize)
      if (page === 0 || record.readUInt32BE(4 + pageSize) !== checksum(segment.nonce, bytes)) return
      yield { page, bytes }
      at += record.length
    }
    if (segment.records === allRecords) return
    // A transaction that outgrew the memory has several headers, each at the begin of a sector.
    at = Math.ceil(at / sectorSize) * sectorSize
  }
}

interface Segment extends JournalHeader {
  readonly records: number
  /** Random, and part of every checksum. */
  readonly nonce: number
}

function parseSegment(bytes: Buffer): Segment | undefined {
  if (bytes.length < headerBytes || !bytes.subarray(0, 8).equals(magic)) return undefined
  const [records, nonce, pagesBefore, sectorSize, pageSize] = [8, 12, 16, 20, 24].map((at) =>
    bytes.readUInt32BE(at),
  ) as [number, number, number, number, number]
  if (!isPowerOfTwo(pageSize, 512) || !isPowerOfTwo(sectorSize, 32)) return undefined
  return { records, nonce, pagesBefore, sectorSize, pageSize }
}

/** Whether a size is one that SQLite accepts: a power of two from `least` to 65,536. */
function isPowerOfTwo(size: number, least: number): boolean {
  return size >= least && size <= 65_536 && (size & (size - 1)) === 0
}

/** The nonce and every 200th byte, counted from the end. */
function checksum(nonce: number, page: Buffer): number {
  let sum = nonce
  for (let at = page.length - 200; at > 0; at -= 200) sum += page.readUInt8(at)
  return sum >>> 0
}

function readAt(handle: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(handle, bytes, 0, length, at))
}
