import type { ReadStream } from 'node:tty'
import { CoffretError } from '../contract/errors'
import type { Terminal } from './ports'

const enter = [0x0a, 0x0d]
const interrupt = [0x03, 0x04]
const backspace = [0x08, 0x7f]

/** The terminal that this program was started in. */
export const systemTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`${line}\n`),
  isSeen: process.stdout.isTTY,
  canAsk: process.stdin.isTTY,
  askHidden: (question) => {
    if (!process.stdin.isTTY) {
      throw new CoffretError(
        'invalid',
        'there is no terminal to ask for the passphrase: give --passphrase-file',
        { field: 'passphrase-file' },
      )
    }
    return readHidden(process.stdin, () => process.stderr.write(question))
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
          if (whole !== undefined) resolve(whole)
        } catch (error) {
          reject(error)
        } finally {
          chunk.fill(0)
        }
      })
      input.once('end', () => reject(new CoffretError('cancelled', 'the terminal is gone')))
    })
  } finally {
    input.removeAllListeners('data').removeAllListeners('end').setRawMode(false).pause()
    process.stderr.write('\n')
  }
}

/** A line that is being typed, as bytes, so that it can be wiped. At most 4,096 of them. */
export class HiddenLine {
  #bytes = new Uint8Array(4096)
  #length = 0

  /** @returns the line once it has ended @throws CoffretError `cancelled` */
  take(chunk: Uint8Array): Uint8Array | undefined {
    for (const byte of chunk) {
      if (enter.includes(byte)) return this.#end()
      if (interrupt.includes(byte)) {
        this.#bytes.fill(0)
        throw new CoffretError('cancelled', 'no passphrase was typed')
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
