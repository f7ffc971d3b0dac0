import { inspect } from 'node:util'
import { CoffretError } from '../contract/errors'

/** The length of every key here, in bytes. */
export const keyBytes = 32

/**
 * A 256-bit key that can be wiped and refuses to be printed. Honest limit: JavaScript cannot promise
 * that no copy is left; libraries and the collector make their own.
 */
export class SecretKey {
  readonly #bytes: Uint8Array
  #isWiped = false
  readonly #bound: SecretKey[] = []

  /** Takes the array over: {@link wipe} overwrites it. It is 32 bytes. */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== keyBytes) throw new Error(`a key is ${keyBytes} bytes`)
    this.#bytes = bytes
  }

  /**
   * The key's own bytes, for a computation at once; not to be kept or written to.
   * @throws CoffretError `locked` after {@link wipe}
   */
  get bytes(): Uint8Array {
    if (this.#isWiped) throw new CoffretError('locked', 'the key was wiped')
    return this.#bytes
  }

  /** Overwrites the bytes; the key is of no more use. */
  wipe(): void {
    this.#bytes.fill(0)
    this.#isWiped = true
    for (const key of this.#bound.splice(0)) key.wipe()
  }

  /** Wipes another key together with this one: at once when this one was wiped before. */
  bind(key: SecretKey): void {
    if (this.#isWiped) key.wipe()
    else this.#bound.push(key)
  }

  toJSON(): never {
    throw new Error('a key is never serialised')
  }

  toString(): never {
    throw new Error('a key is never printed')
  }

  [inspect.custom](): never {
    throw new Error('a key is never printed')
  }
}
