import { CoffretError } from '../contract/errors'
import { derTag } from './der'

/** How deep elements may lie in each other. A PKCS#12 file has ten levels at most. */
const maxDepth = 32

/** How many elements there may be. */
const maxElements = 20_000

/** Bit 6 of an identifier octet: the element is made of others. */
const constructedBit = 0x20
const indefinite = 0x80
const pieces = derTag.octetString | constructedBit

function refuse(reason: string): never {
  throw new CoffretError('invalid', `ber: ${reason}`)
}

/** An element from its identifier octet and its content. Source: X.690 §10.1. */
export function derElement(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content
  if (length < 0x80) return Buffer.concat([Uint8Array.of(tag, length), content])
  const digits = Buffer.from(length.toString(16).padStart(8, '0'), 'hex')
  const size = digits.subarray(digits.findIndex((byte) => byte !== 0))
  return Buffer.concat([Uint8Array.of(tag, 0x80 | size.length), size, content])
}

/** One pass over the bytes. */
class Normalizer {
  #at = 0
  #elements = 0

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.#at === this.bytes.length
  }

  /** The next element in DER; `end` is where what it lies in ends. */
  next(end: number, depth: number): Uint8Array {
    if (depth > maxDepth) refuse(`more than ${maxDepth} levels`)
    if (++this.#elements > maxElements) refuse(`more than ${maxElements} elements`)
    const tag = this.#byte(end)
    if ((tag & 0x1f) === 0x1f) refuse('tag of several bytes')
    const length = this.#length(end)
    if ((tag & constructedBit) === 0) {
      if (length === undefined) return refuse('indefinite length of bytes')
      this.#at += length
      return derElement(tag, this.bytes.subarray(this.#at - length, this.#at))
    }
    const parts = this.#parts(length, end, depth)
    return tag === pieces
      ? derElement(derTag.octetString, joined(parts))
      : derElement(tag, flat(parts))
  }

  #parts(length: number | undefined, end: number, depth: number): Uint8Array[] {
    const parts: Uint8Array[] = []
    const stop = length === undefined ? end : this.#at + length
    while (length === undefined ? !this.#takeEnd(end) : this.#at < stop) {
      parts.push(this.next(stop, depth + 1))
    }
    return parts
  }

  /** Two zero bytes end an element of indefinite length. */
  #takeEnd(end: number): boolean {
    if (this.#at + 2 > end) refuse('element has no end')
    if (this.bytes[this.#at] !== 0 || this.bytes[this.#at + 1] !== 0) return false
    this.#at += 2
    return true
  }

  /** Undefined for the indefinite one. */
  #length(end: number): number | undefined {
    const first = this.#byte(end)
    if (first === indefinite) return undefined
    let length = first
    if (first > indefinite) {
      const size = first & 0x7f
      if (size > 4) refuse('length form')
      length = 0
      for (let digit = 0; digit < size; digit++) length = length * 256 + this.#byte(end)
    }
    return length <= end - this.#at ? length : refuse('length lies')
  }

  #byte(end: number): number {
    const byte = this.#at < end ? this.bytes[this.#at++] : undefined
    return byte ?? refuse('element ends early')
  }
}

const flat = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts)

/** The bytes of an OCTET STRING that was written in pieces. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts.map(octetsOf))
}

/**
 * The content of an OCTET STRING in DER.
 * @throws {CoffretError} `invalid` when it is another element
 */
export function octetsOf(der: Uint8Array): Uint8Array {
  const [tag, first = 0] = der
  if (tag !== derTag.octetString) return refuse('an octet string of other elements')
  return der.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f))
}

/**
 * One element of BER as DER, as far as PKCS#12 files need it: lengths become definite and minimal,
 * octet strings in pieces become one. Firefox and other programs of NSS write BER. What is within
 * octet strings stays as it is. The cost is bounded whatever the bytes: depth, number and lengths.
 * Source: X.690 §8.1.3 and §8.7.
 * @param bytes one element and nothing after it
 * @throws {CoffretError} `invalid`
 */
export function derOfBer(bytes: Uint8Array): Uint8Array {
  const normalizer = new Normalizer(bytes)
  const der = normalizer.next(bytes.length, 0)
  return normalizer.isAtEnd ? der : refuse('bytes after the end')
}
