import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { CoffretError } from '../contract/errors'
import { systemCode, systemReason } from './system-reason'

/** The standard input, output and error output. Source: stdin(3). */
export const standard = { input: 0, output: 1, error: 2 } as const

/** How long is waited before what is not ready is tried again, in milliseconds. */
const retryMs = 10

/**
 * Does a system call until the other side is ready: whoever started this program may have handed it a pipe
 * that does not block, and such a pipe says EAGAIN instead of waiting.
 */
function waiting<T>(call: () => T): T {
  for (;;) {
    try {
      return call()
    } catch (cause) {
      if (systemCode(cause) !== 'EAGAIN') throw cause
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs)
    }
  }
}

/**
 * Reads all of a file, and of a device or pipe too, which have no size and may have no end.
 * @param file its name, or the standard input
 * @param maxBytes what is longer is refused, and no more than one byte of it is read
 * @throws CoffretError `not_found`, `too_large`, `storage`
 */
export function readAtMost(file: string | typeof standard.input, maxBytes: number): Uint8Array {
  const name = file === standard.input ? 'the standard input' : file
  const buffer = new Uint8Array(maxBytes + 1)
  try {
    const handle = file === standard.input ? file : openSync(file, 'r')
    try {
      let length = 0
      for (;;) {
        const count = waiting(() => readSync(handle, buffer, length, buffer.length - length, null))
        length += count
        if (length > maxBytes) {
          throw new CoffretError('too_large', `${name} is larger than ${maxBytes} bytes`)
        }
        if (count === 0) return buffer.slice(0, length)
      }
    } finally {
      if (handle !== standard.input) closeSync(handle)
    }
  } catch (cause) {
    if (cause instanceof CoffretError) throw cause
    const code = systemCode(cause) === 'ENOENT' ? 'not_found' : 'storage'
    throw new CoffretError(code, `${name} cannot be read: ${systemReason(cause)}`, { cause })
  } finally {
    buffer.fill(0)
  }
}

/** Writes all of a text, and only then comes back. @throws CoffretError `storage` for the standard output */
export function writeWhole(handle: typeof standard.output | typeof standard.error, text: string) {
  const bytes = Buffer.from(text)
  try {
    for (let done = 0; done < bytes.length;) {
      done += waiting(() => writeSync(handle, bytes, done))
    }
  } catch (cause) {
    // There is nowhere to say that nothing can be said.
    if (handle === standard.error) return
    const problem = `the standard output cannot be written: ${systemReason(cause)}`
    throw new CoffretError('storage', problem, { cause })
  }
}
