import forge from 'node-forge'
import { constructed, derTag, primitive } from './der'

const { asn1 } = forge

/** forge holds bytes as text, one character a byte. */
const toForge = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const fromForge = (buffer: forge.util.ByteStringBuffer): Uint8Array =>
  Buffer.from(buffer.getBytes(), 'latin1')

/**
 * One element from its identifier octet and its content. Parts of a constructed element are DER
 * already, so that forge sees content only; the length is definite and minimal (X.690 §10.1).
 */
function element(identifier: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = toForge(Buffer.concat(parts))
  return fromForge(asn1.toDer(asn1.create(identifier & 0xc0, identifier & 0x3f, false, content)))
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

/** `[number] IMPLICIT` around a constructed element: its content in parts. */
export const implicit = (number: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  element(constructed(number), ...parts)

/** `[number] IMPLICIT OCTET STRING`. */
export const implicitOctets = (number: number, bytes: Uint8Array): Uint8Array =>
  element(primitive(number), bytes)

/** INTEGER from 0 to 2^31 − 1. */
export const integer = (value: number): Uint8Array =>
  element(derTag.integer, fromForge(asn1.integerToDer(value)))

/** OBJECT IDENTIFIER, from its text with dots. */
export const oid = (text: string): Uint8Array => element(derTag.oid, fromForge(asn1.oidToDer(text)))

/** UTF8String. */
export const utf8String = (text: string): Uint8Array =>
  element(derTag.utf8String, Buffer.from(text))

/** UTF-16, big end first, as BMPString holds it. Nothing beyond U+FFFF belongs there. */
export function utf16(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le').swap16()
}

/** BMPString: the one type that forge takes as text, two bytes a character. */
export const bmpString = (text: string): Uint8Array =>
  fromForge(asn1.toDer(asn1.create(asn1.Class.UNIVERSAL, asn1.Type.BMPSTRING, false, text)))
