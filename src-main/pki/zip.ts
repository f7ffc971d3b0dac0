import { inflateRawSync } from 'node:zlib'
import { CoffretError } from '../contract/errors'
import { printable } from './distinguished-name'

/** One file of an archive. */
export interface ZipEntry {
  /** As written, control characters escaped. It is shown and never used as a path. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Far above what an archive of credentials needs. */
const maxEntries = 256
const maxNameBytes = 512
const maxEntryBytes = 1_048_576
const maxTotalBytes = 8 * maxEntryBytes

/** How much larger than packed an entry may be. PEM is base64: less than 2 is usual. */
const maxRatio = 100

const signature = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const
const headerLength = { local: 30, central: 46, end: 22 } as const
const method = { stored: 0, deflated: 8 } as const
const encryptedFlag = 0x0001
const utf8Flag = 0x0800

/** Type bits of a Unix mode, and the type of a symbolic link. */
const fileType = 0o170000
const symbolicLink = 0o120000

/** Where the comment of the end record may at most begin. */
const maxEndLength = headerLength.end + 0xffff

function refuse(reason: string): never {
  throw new CoffretError('unsupported', `zip: ${reason}`)
}

/** A line of the central directory. */
interface DirectoryLine {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly packedLength: number
  readonly length: number
  readonly mode: number
  readonly localStart: number
}

/** Whether bytes begin as an archive does: with an entry, or with the end of an empty one. */
export function isZip(bytes: Uint8Array): boolean {
  if (bytes.length < headerLength.end) return false
  const first = viewOf(bytes).getUint32(0, true)
  return first === signature.local || first === signature.end
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Where the end record begins: the last one, behind which only its comment stands. */
function findEnd(view: DataView): number {
  const last = view.byteLength - headerLength.end
  for (let at = last; at >= Math.max(0, view.byteLength - maxEndLength); at--) {
    const isEnd = view.getUint32(at, true) === signature.end
    if (isEnd && at + headerLength.end + view.getUint16(at + 20, true) === view.byteLength)
      return at
  }
  return refuse('no end record')
}

/** A name that leads out of the folder is an attack, even though nothing is written here. */
function checkName(name: string): string {
  const parts = name.split(/[/\\]/)
  const isOutside = name.includes('\0') || /^([/\\]|[A-Za-z]:)/.test(name) || parts.includes('..')
  return isOutside ? refuse('name that leads out of the archive') : printable(name)
}

function readLine(bytes: Uint8Array, at: number, end: number): DirectoryLine & { next: number } {
  const view = viewOf(bytes)
  if (at + headerLength.central > end) return refuse('directory ends early')
  if (view.getUint32(at, true) !== signature.central) return refuse('directory line')
  const flags = view.getUint16(at + 8, true)
  const nameLength = view.getUint16(at + 28, true)
  const nameStart = at + headerLength.central
  const next =
    nameStart + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  if (nameLength > maxNameBytes || next > end) return refuse('directory line is too long')
  const name = Buffer.from(bytes.subarray(nameStart, nameStart + nameLength))
  return {
    name: checkName(name.toString((flags & utf8Flag) === 0 ? 'latin1' : 'utf8')),
    flags,
    method: view.getUint16(at + 10, true),
    packedLength: view.getUint32(at + 20, true),
    length: view.getUint32(at + 24, true),
    mode: view.getUint32(at + 38, true) >>> 16,
    localStart: view.getUint32(at + 42, true),
    next,
  }
}

/** The directory, bounded in all that it claims before anything is unpacked. */
function readDirectory(bytes: Uint8Array): DirectoryLine[] {
  const view = viewOf(bytes)
  const end = findEnd(view)
  const count = view.getUint16(end + 10, true)
  const start = view.getUint32(end + 16, true)
  if (view.getUint16(end + 8, true) !== count) refuse('archive in several parts')
  if (count > maxEntries) refuse(`${count} entries, at most ${maxEntries} are accepted`)
  if (start > end) refuse('directory lies outside')
  const lines: DirectoryLine[] = []
  let at = start
  for (let index = 0; index < count; index++) {
    const { next, ...line } = readLine(bytes, at, end)
    lines.push(line)
    at = next
  }
  // Entries may not share their bytes: that is how a small archive becomes a huge one.
  const packed = lines.reduce((sum, { packedLength }) => sum + packedLength, 0)
  const unpacked = lines.reduce((sum, { length }) => sum + length, 0)
  if (packed > start) refuse('entries overlap')
  if (unpacked > maxTotalBytes) refuse(`more than ${maxTotalBytes} bytes`)
  return lines
}

function unpack(bytes: Uint8Array, line: DirectoryLine): Uint8Array {
  const { localStart, packedLength, length } = line
  const view = viewOf(bytes)
  if ((line.flags & encryptedFlag) !== 0) {
    throw new CoffretError('wrong_password', 'zip: entry is encrypted')
  }
  if ((line.mode & fileType) === symbolicLink) refuse('entry is a symbolic link')
  if (length > maxEntryBytes) refuse(`entry of more than ${maxEntryBytes} bytes`)
  if (length > maxRatio * Math.max(packedLength, 1)) refuse(`ratio of more than ${maxRatio}`)
  const isHeader =
    localStart + headerLength.local <= bytes.length &&
    view.getUint32(localStart, true) === signature.local
  if (!isHeader) return refuse('entry lies outside')
  const nameLength = view.getUint16(localStart + 26, true)
  const start = localStart + headerLength.local + nameLength + view.getUint16(localStart + 28, true)
  if (start + packedLength > bytes.length) return refuse('entry ends early')
  const packed = bytes.subarray(start, start + packedLength)
  const unpacked = inflate(packed, line)
  return unpacked.length === length ? unpacked : refuse('length lies')
}

function inflate(packed: Uint8Array, { method: packing, length }: DirectoryLine): Uint8Array {
  if (packing === method.stored) return packed
  if (packing !== method.deflated) return refuse(`packing method ${packing}`)
  try {
    // One more than it says, so that one that says too little is noticed, and no more than that.
    return inflateRawSync(packed, { maxOutputLength: length + 1 })
  } catch (cause) {
    throw new CoffretError('unsupported', 'zip: entry is damaged or longer than it says', { cause })
  }
}

/**
 * The files of a ZIP archive, in memory: folders and what macOS adds are left out, and an archive in
 * the archive stays one. All that the archive claims is bounded before it is believed: 256 entries,
 * 1 MiB each, 8 MiB together, a hundred times their packed size; no links, no shared bytes, no names
 * with `..`. Checksums are not compared: a certificate or key that is damaged does not parse.
 * Source: PKWARE APPNOTE 6.3.10 §4.3, without its 64-bit form.
 * @throws {CoffretError} `unsupported` for an archive that is refused, also a damaged one;
 * `wrong_password` for an encrypted one, whatever the password
 */
export function readZip(bytes: Uint8Array): ZipEntry[] {
  const lines = readDirectory(bytes).filter(
    ({ name }) => !/[/\\]$/.test(name) && !/(^|[/\\])(__MACOSX[/\\]|\.DS_Store$)/.test(name),
  )
  return lines.map((line) => ({ name: line.name, bytes: unpack(bytes, line) }))
}
