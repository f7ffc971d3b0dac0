import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { EpochMs, type VaultId } from '../contract/model'
import { toHex } from '../crypto/bytes'
import type { RandomBytes } from '../env'
import type { Sighting, SightingBook } from '../kv/sighting-book'

const generation = z.number().int().min(0)
const fileNumber = z.string().regex(/^\d{1,20}$/)
const StoredSighting = z
  .strictObject({
    generation,
    written: generation,
    writtenAt: EpochMs,
    device: fileNumber,
    inode: fileNumber,
  })
  .transform(({ device, inode, ...rest }) => ({
    ...rest,
    file: { device: BigInt(device), inode: BigInt(inode) },
  }))

function textOf({ file, ...rest }: Sighting): string {
  return JSON.stringify({ ...rest, device: String(file.device), inode: String(file.inode) })
}
const Writer = z.string().regex(/^[0-9a-f]{16}$/)

/** The length of a note in bytes: it is written over the older one, in one piece. */
const noteBytes = 192

/**
 * Sightings as small files in a private folder, one a vault. A note is overwritten in place and not
 * synced: it survives the end of the program at any moment. After a power loss it may be older than the
 * vault, which does no harm.
 */
export function openSightings(folder: string, random: RandomBytes): SightingBook {
  const fileOf = (vault: VaultId) => join(folder, `${vault}.seen`)
  return {
    writer: writerOf(folder, random),
    read: (vault) => {
      try {
        return StoredSighting.parse(JSON.parse(readFileSync(fileOf(vault), 'utf8')))
      } catch {
        return undefined
      }
    },
    note: (vault, sighting) => {
      try {
        overwrite(fileOf(vault), textOf(sighting).padEnd(noteBytes))
      } catch {
        // As the port says.
      }
    },
  }
}

function overwrite(file: string, text: string): void {
  const handle = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  try {
    writeSync(handle, text, 0)
  } finally {
    closeSync(handle)
  }
}

/** Made once for this folder. Where it cannot be kept, one of this run alone. */
function writerOf(folder: string, random: RandomBytes): string {
  const file = join(folder, 'writer')
  const fresh = toHex(random(8))
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(file, fresh, { flag: 'wx', mode: 0o600 })
    return fresh
  } catch {
    const known = Writer.safeParse(readOrEmpty(file))
    return known.success ? known.data : fresh
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
