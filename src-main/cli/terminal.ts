import { isatty, type ReadStream } from 'node:tty'
import { CoffretError } from '../contract/errors'
import { standard, writeWhole } from './descriptors'
import { missingPassword } from './failure'
import type { Terminal } from './ports'

const enter = [0x0a, 0x0d]
const interrupt = [0x03, 0x04]
const backspace = [0x08, 0x7f]

/** The terminal that this program was started in. */
export const systemTerminal: Terminal = {
  print: (line) => writeWhole(standard.output, `${line}\n`),
  warn: (line) => writeWhole(standard.error, `${line}\n`),
  isSeen: isatty(standard.output),
  // Not `process.stdin.isTTY`: looking at it makes of a pipe one that does not wait for who writes into it.
  canAsk: isatty(standard.input),
  askHidden: (question) => {
    if (!isatty(standard.input)) {
      throw new CoffretError(
        'invalid',
        'there is no terminal to ask for the passphrase: give --passphrase-file',
        { field: missingPassword },
      )
    }
    return readHidden(process.stdin, () => writeWhole(standard.error, question))
  },
}

/** Reads a line without echo. @throws CoffretError `cancelled` */
async function readHidden(input: ReadStream, ask: () => void): Promise<Uint8Array> {
  const line = new HiddenLine()
  input.setRawMode(true)
  ask()
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      input.on('data', (chunk: Buffer) => {
        try {
          const whole = line.take(chunk)
          if (whole === undefined) return
          // The answer to the next question, of somebody who pastes or types ahead.
          if (line.rest.length > 0) input.pause().unshift(line.rest)
          resolve(whole)
        } catch (error) {
          reject(error)
        } finally {
          chunk.fill(0)
        }
      })
      input.once('end', () => reject(new CoffretError('cancelled', 'the terminal is gone')))
      // After a question before this one it does not flow by itself: the program would end here.
      input.resume()
    })
  } finally {
    input.removeAllListeners('data').removeAllListeners('end').setRawMode(false).pause()
    writeWhole(standard.error, '\n')
  }
}

/** A line that is being typed, as bytes, so that it can be wiped. At most 4,096 of them. */
export class HiddenLine {
  #bytes = new Uint8Array(4096)
  #length = 0
  #rest: Uint8Array = new Uint8Array()

  /** What came behind the end of the line. */
  get rest(): Uint8Array {
    return this.#rest
  }

  /** @returns the line once it has ended @throws CoffretError `cancelled` */
  take(chunk: Uint8Array): Uint8Array | undefined {
    for (const [index, byte] of chunk.entries()) {
      if (enter.includes(byte)) {
        // A copy: `slice` of a Buffer is none.
        this.#rest = Uint8Array.from(chunk.subarray(index + 1))
        return this.#end()
      }
      if (interrupt.includes(byte)) {
        this.#bytes.fill(0)
        throw new CoffretError('cancelled', 'nothing was typed')
      }
      if (backspace.includes(byte)) this.#drop()
      else if (byte >= 0x20 && this.#length < this.#bytes.length) {
        this.#bytes[this.#length] = byte
        this.#length += 1
      }
    }
    return undefined
  }

  /** Takes a whole character away: the bytes that continue one, and its first. Source: RFC 3629 §3. */
  #drop(): void {
    const isContinuation = () => ((this.#bytes[this.#length - 1] ?? 0) & 0xc0) === 0x80
    while (this.#length > 0 && isContinuation()) this.#length -= 1
    if (this.#length > 0) this.#length -= 1
  }

  #end(): Uint8Array {
    const line = this.#bytes.slice(0, this.#length)
    this.#bytes.fill(0)
    this.#length = 0
    return line
  }
}
