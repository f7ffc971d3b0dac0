import { CoffretError } from '../contract/errors'
import { readAtMost, standard } from './descriptors'

/** No password and no passphrase is longer, in bytes. */
const maxBytes = 1024

/** The longest end of a line. */
const lineEndBytes = 2

/** How a file is named that is the standard input. */
export const standardInput = '-'

/** Without one final line end, which every editor writes. */
export function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== 0x0a) return bytes
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1)
}

/**
 * A password or passphrase from a file, without one final line end; `-` is the standard input. The receiver
 * wipes it.
 * @throws CoffretError `not_found`, `storage`, `invalid` when it is empty or longer than 1,024 bytes
 */
export function readSecretFile(file: string, what: 'password' | 'passphrase'): Uint8Array {
  const bytes = read(file, what)
  const secret = withoutLineEnd(bytes).slice()
  bytes.fill(0)
  if (secret.length === 0) {
    const name = file === standardInput ? 'of the standard input' : `in ${file}`
    throw new CoffretError('invalid', `the ${what} ${name} is empty`)
  }
  if (secret.length <= maxBytes) return secret
  secret.fill(0)
  throw tooLong(what)
}

const tooLong = (what: string) =>
  new CoffretError('invalid', `the ${what} is longer than ${maxBytes} bytes`)

function read(file: string, what: string): Uint8Array {
  try {
    return readAtMost(file === standardInput ? standard.input : file, maxBytes + lineEndBytes)
  } catch (error) {
    if (error instanceof CoffretError && error.code === 'too_large') throw tooLong(what)
    throw error
  }
}
