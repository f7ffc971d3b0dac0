import { crc32 as crc, deflateRawSync } from 'node:zlib'

/** A file for an archive, and what the archive says of it that is not so. */
export interface ArchiveFile {
  readonly name: string | Uint8Array
  readonly bytes: Uint8Array
  readonly isStored?: boolean
  readonly flags?: number
  readonly mode?: number
  readonly method?: number
  readonly claimedLength?: number
  readonly claimedPackedLength?: number
  /** Where it claims to begin. */
  readonly start?: number
}

interface Numbers {
  readonly [at: number]: number
}

/** A header: its length, and 16-bit and 32-bit numbers by their place in it. */
function header(length: number, short: Numbers, long: Numbers): Buffer {
  const bytes = Buffer.alloc(length)
  for (const [at, value] of Object.entries(short)) bytes.writeUInt16LE(value, Number(at))
  for (const [at, value] of Object.entries(long)) bytes.writeUInt32LE(value >>> 0, Number(at))
  return bytes
}

/** A ZIP archive, as honest as its files. */
export function archive(
  files: readonly ArchiveFile[],
  claims: { readonly count?: number; readonly comment?: string; readonly start?: number } = {},
): Buffer {
  const parts: Buffer[] = []
  const lines: Buffer[] = []
  let at = 0
  for (const file of files) {
    const name = Buffer.from(file.name)
    const packed = file.isStored
      ? Buffer.from(file.bytes)
      : deflateRawSync(file.bytes, { level: 9 })
    const method = file.method ?? (file.isStored ? 0 : 8)
    const flags = file.flags ?? 0x0800
    const packedLength = file.claimedPackedLength ?? packed.length
    const length = file.claimedLength ?? file.bytes.length
    const sum = crc(file.bytes)
    const local = header(
      30,
      { 4: 20, 6: flags, 8: method, 26: name.length },
      { 0: 0x04034b50, 14: sum, 18: packedLength, 22: length },
    )
    const line = header(
      46,
      { 4: 0x0314, 6: 20, 8: flags, 10: method, 28: name.length },
      {
        ...{ 0: 0x02014b50, 16: sum, 20: packedLength, 24: length },
        ...{ 38: (file.mode ?? 0o100644) * 0x10000, 42: file.start ?? at },
      },
    )
    parts.push(local, name, packed)
    lines.push(line, name)
    at += local.length + name.length + packed.length
  }
  const directory = Buffer.concat(lines)
  const comment = Buffer.from(claims.comment ?? '')
  const count = claims.count ?? files.length
  const end = header(
    22,
    { 8: count, 10: count, 20: comment.length },
    { 0: 0x06054b50, 12: directory.length, 16: claims.start ?? at },
  )
  return Buffer.concat([...parts, directory, end, comment])
}
