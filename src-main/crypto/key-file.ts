import { createHash } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import { fromHex, toHex } from './bytes'
import { isEqual } from './derive'
import { SecretKey } from './secret-key'

/** The most bytes that are looked at: a key file has about 100. */
export const maxKeyFileBytes = 1024

const firstLine = 'Coffret key file 1'
const checksumBytes = 4

// Line ends may have become those of another system on the way.
const form = /^Coffret key file 1\r?\n([0-9a-f]{64})\r?\nchecksum ([0-9a-f]{8})\r?\n?$/

/**
 * A key as the text of a key file: a line that says what it is, the key, and the first 4 bytes of its
 * SHA-256. Honest limit: the text is a string for a moment, which nobody can wipe.
 */
export function formatKeyFile(key: SecretKey): Uint8Array {
  const lines = [firstLine, toHex(key.bytes), `checksum ${toHex(checksumOf(key.bytes))}`]
  return new TextEncoder().encode(`${lines.join('\n')}\n`)
}

/**
 * Reads what {@link formatKeyFile} wrote, and nothing else: an arbitrary file as a key would be one
 * that changes, or that others have too.
 * @throws CoffretError `too_large`, `invalid` for another form, `corrupt` for another checksum, each
 * with the field `keyFile`; the message repeats nothing of the file
 */
export function readKeyFile(bytes: Uint8Array): SecretKey {
  if (bytes.length > maxKeyFileBytes) {
    throw refused('too_large', `a key file is at most ${maxKeyFileBytes} bytes`)
  }
  const [, key, checksum] = form.exec(new TextDecoder('latin1').decode(bytes)) ?? []
  if (key === undefined || checksum === undefined) {
    throw refused('invalid', `a key file begins with "${firstLine}" and holds one key`)
  }
  const found = new SecretKey(fromHex(key))
  if (isEqual(checksumOf(found.bytes), fromHex(checksum))) return found
  found.wipe()
  throw refused('corrupt', 'the checksum of the key file is wrong')
}

function checksumOf(key: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(key).digest().subarray(0, checksumBytes))
}

function refused(code: 'too_large' | 'invalid' | 'corrupt', message: string): CoffretError {
  return new CoffretError(code, message, { field: 'keyFile' })
}
