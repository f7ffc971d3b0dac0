import { constructed, derTag, primitive } from './der'

/** One element. Source: X.690 §8.1 with the definite, minimal lengths of §10.1. */
function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts)
  const length: number[] = []
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256))
    length.unshift(rest % 256)
  const head =
    content.length < 0x80 ? [tag, content.length] : [tag, 0x80 | length.length, ...length]
  return Buffer.concat([Uint8Array.from(head), content])
}

/** SEQUENCE. */
export const sequence = (...parts: readonly Uint8Array[]): Uint8Array =>
  element(derTag.sequence, ...parts)

/** SET OF, in the order that X.690 §11.6 demands. */
export const setOf = (...parts: readonly Uint8Array[]): Uint8Array =>
  element(derTag.set, ...[...parts].sort(Buffer.compare))

/** OCTET STRING. */
export const octets = (bytes: Uint8Array): Uint8Array => element(derTag.octetString, bytes)

/** NULL. */
export const nothing = (): Uint8Array => element(derTag.null)

/** `[number] EXPLICIT` around one element. */
export const explicit = (number: number, part: Uint8Array): Uint8Array =>
  element(constructed(number), part)

/** `[number] IMPLICIT OCTET STRING`. */
export const implicitOctets = (number: number, bytes: Uint8Array): Uint8Array =>
  element(primitive(number), bytes)

/** INTEGER from 0 to 2^31 − 1. */
export function integer(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  if ((bytes[0] ?? 0x80) >= 0x80) bytes.unshift(0)
  return element(derTag.integer, Uint8Array.from(bytes))
}

/** OBJECT IDENTIFIER, from its text with dots. */
export function oid(text: string): Uint8Array {
  const [root = 0, second = 0, ...tail] = text.split('.').map(Number)
  const bytes = [root * 40 + second, ...tail].flatMap((arc) => {
    const digits = [arc % 128]
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
      digits.unshift(0x80 | (rest % 128))
    }
    return digits
  })
  return element(derTag.oid, Uint8Array.from(bytes))
}

/** UTF-16, big end first, as BMPString holds it. Nothing beyond U+FFFF belongs there. */
export function utf16(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le').swap16()
}

/** BMPString. */
export const bmpString = (text: string): Uint8Array => element(derTag.bmpString, utf16(text))
