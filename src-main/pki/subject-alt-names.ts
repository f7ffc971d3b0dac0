import { type DerElement, DerReader, constructed, derTag, oidText, primitive } from './der'
import { distinguishedName, printable, stringText } from './distinguished-name'

/** What the subjectAltName extension says. */
export interface SubjectAltNames {
  /** Each with its kind in front. */
  readonly names: readonly string[]
  /** From an OKMS access certificate: the domain that it belongs to, a UUID in lower case. */
  readonly okmsDomainId: string | undefined
}

/** User principal name: where OKMS writes the domain. */
const upn = '1.3.6.1.4.1.311.20.2.3'
const okmsDomain = /^okms\.domain:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i
const zeroId = '00000000-0000-0000-0000-000000000000'

function addressText(content: Uint8Array): string {
  if (content.length === 4) return content.join('.')
  const groups =
    Buffer.from(content)
      .toString('hex')
      .match(/.{1,4}/g) ?? []
  return groups.map((group) => group.replace(/^0{1,3}/, '')).join(':')
}

function otherName(content: Uint8Array): { type: string; text: string | undefined } {
  const reader = new DerReader(content)
  const type = oidText(reader.next(derTag.oid))
  const value = reader.enter(constructed(0)).next()
  reader.end()
  return { type, text: stringText(value) }
}

function nameText({ tag, content }: DerElement): string {
  const text = (): string => printable(Buffer.from(content).toString('latin1'))
  switch (tag) {
    case constructed(0): {
      const other = otherName(content)
      return `${other.type === upn ? 'UPN' : other.type}:${printable(other.text ?? '?')}`
    }
    case primitive(1):
      return `email:${text()}`
    case primitive(2):
      return `DNS:${text()}`
    case constructed(4):
      return `directory:${distinguishedName(new DerReader(content).next(derTag.sequence))}`
    case primitive(6):
      return `URI:${text()}`
    case primitive(7):
      return `IP:${addressText(content)}`
    default:
      return `other:${Buffer.from(content).toString('hex')}`
  }
}

/**
 * Reads the value of a subjectAltName extension. It is read from the DER because Electron's
 * BoringSSL prints an otherName as unsupported.
 * Source: RFC 5280 §4.2.1.6. A domain of `*` (any) or of zeros names no domain.
 * @throws {CoffretError} `invalid` when it is no GeneralNames
 */
export function readSubjectAltNames(value: Uint8Array): SubjectAltNames {
  const reader = new DerReader(value)
  const names = reader.enter(derTag.sequence).remaining()
  reader.end()
  const okmsDomainIds = names
    .filter(({ tag }) => tag === constructed(0))
    .map(({ content }) => otherName(content))
    .filter(({ type }) => type === upn)
    .map(({ text = '' }) => okmsDomain.exec(text)?.[1]?.toLowerCase())
    .filter((id) => id !== undefined && id !== zeroId)
  return { names: names.map(nameText), okmsDomainId: okmsDomainIds[0] }
}
