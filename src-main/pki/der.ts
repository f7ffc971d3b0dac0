import { CoffretError } from '../contract/errors'

/** Tags of the universal and context classes that we read and write, as their identifier octet. */
export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  bmpString: 0x1e,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** The identifier octet of context tag `number`, holding other elements. */
export const constructed = (number: number): number => 0xa0 | number

/** The identifier octet of context tag `number`, holding bytes. */
export const primitive = (number: number): number => 0x80 | number

/** One element; `whole` has tag and length in front of `content`. Both are views, not copies. */
export interface DerElement {
  readonly tag: number
  readonly content: Uint8Array
  readonly whole: Uint8Array
}

/** How many elements one list may have. A certificate with more names than this is an attack. */
const maxElements = 1000

function refuse(reason: string): never {
  throw new CoffretError('invalid', `der: ${reason}`)
}

/** The element at the beginning of `bytes`; more may follow it. Source: X.690 §8.1, §10.1. */
function elementAtStart(bytes: Uint8Array): DerElement {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined) return refuse('element ends early')
  if ((tag & 0x1f) === 0x1f) return refuse('tag of several bytes')
  let length = first
  let start = 2
  if (first >= 0x80) {
    const size = first & 0x7f
    // 0x80 is the indefinite length, which DER forbids; four bytes reach 4 GiB, far above any file.
    if (size === 0 || size > 4) return refuse('length form')
    start += size
    if (bytes.length < start) return refuse('length ends early')
    length = bytes.subarray(2, start).reduce((sum, byte) => sum * 256 + byte, 0)
    if (length < 0x80 || length < 256 ** (size - 1)) return refuse('length is not minimal')
  }
  if (length > bytes.length - start) return refuse('length lies')
  return {
    tag,
    content: bytes.subarray(start, start + length),
    whole: bytes.subarray(0, start + length),
  }
}

/**
 * Reads the elements of one level, in order. It never descends by itself: who wants to go deeper
 * makes a new reader, so a nest of any depth costs nothing. Every method throws `invalid`.
 */
export class DerReader {
  constructor(private rest: Uint8Array) {}

  /** The identifier octet of the next element, undefined at the end. */
  get nextTag(): number | undefined {
    return this.rest[0]
  }

  /** The next element, which must have `tag` when one is given. */
  next(tag?: number): DerElement {
    if (tag !== undefined && this.nextTag !== tag) refuse(`tag ${this.nextTag}, expected ${tag}`)
    const element = elementAtStart(this.rest)
    this.rest = this.rest.subarray(element.whole.length)
    return element
  }

  /** The next element if it has `tag`. */
  optional(tag: number): DerElement | undefined {
    return this.nextTag === tag ? this.next() : undefined
  }

  /** A reader of the next element's content. */
  enter(tag: number): DerReader {
    return new DerReader(this.next(tag).content)
  }

  /** All that is left, at most 1,000 elements. */
  remaining(): DerElement[] {
    const elements: DerElement[] = []
    while (this.nextTag !== undefined) {
      if (elements.length === maxElements) refuse(`more than ${maxElements} elements`)
      elements.push(this.next())
    }
    return elements
  }

  /** Nothing may follow. */
  end(): void {
    if (this.rest.length > 0) refuse('bytes after the end')
  }
}

/**
 * An object identifier with dots.
 * @throws {CoffretError} `invalid` for an empty, cut or absurdly long one
 */
export function oidText({ content }: DerElement): string {
  if (content.length === 0 || content.length > 64) refuse('object identifier length')
  const arcs: number[] = []
  let arc = 0
  content.forEach((byte, index) => {
    if (arc === 0 && byte === 0x80) refuse('object identifier arc is not minimal')
    arc = arc * 128 + (byte & 0x7f)
    if (arc > Number.MAX_SAFE_INTEGER / 128) refuse('object identifier arc is too large')
    if (byte < 0x80) {
      arcs.push(arc)
      arc = 0
    } else if (index === content.length - 1) refuse('object identifier ends early')
  })
  const [head = 0, ...tail] = arcs
  const root = Math.min(2, Math.floor(head / 40))
  return [root, head - root * 40, ...tail].join('.')
}

/**
 * An integer of 0 to 2^48 − 1.
 * @throws {CoffretError} `invalid` when it is negative, larger or not minimal
 */
export function smallInteger({ content }: DerElement): number {
  const [first, second] = content
  if (first === undefined || first >= 0x80) return refuse('integer is empty or negative')
  if (first === 0 && second !== undefined && second < 0x80) return refuse('integer is not minimal')
  if (content.length > 7 || (content.length === 7 && first !== 0))
    return refuse('integer is too large')
  return content.reduce((sum, byte) => sum * 256 + byte, 0)
}

const utcTime = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
const generalizedTime = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/

/**
 * A time of a certificate, in epoch milliseconds.
 * Source: RFC 5280 §4.1.2.5; two-digit years from 50 belong to the twentieth century.
 * @throws {CoffretError} `invalid` for another form or a day that does not exist
 */
export function derTime({ tag, content }: DerElement): number {
  const isShort = tag === derTag.utcTime
  if (!isShort && tag !== derTag.generalizedTime) refuse(`tag ${tag}, expected a time`)
  const found = (isShort ? utcTime : generalizedTime).exec(Buffer.from(content).toString('latin1'))
  if (!found) return refuse('time form')
  const [shortYear = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map(Number)
  const year = isShort ? shortYear + (shortYear < 50 ? 2000 : 1900) : shortYear
  const time = new Date(0)
  time.setUTCFullYear(year, month - 1, day)
  time.setUTCHours(hour, minute, second)
  const isSame = time.getUTCMonth() === month - 1 && time.getUTCDate() === day
  return isSame && hour < 24 && minute < 60 && second < 60
    ? time.getTime()
    : refuse('time does not exist')
}
