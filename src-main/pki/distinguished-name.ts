import { type DerElement, DerReader, derTag, oidText } from './der'

/** Short names of attribute types. Source: RFC 4514 §3, and those that certificates use besides. */
const attributeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
}

// Controls, and the marks that reverse the direction of text: a name must not disguise itself.
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** A text with control characters written as the hexadecimal of their UTF-8, as RFC 4514 does. */
export function printable(text: string): string {
  return text.replace(
    unprintable,
    (character) =>
      `\\${Buffer.from(character)
        .toString('hex')
        .replace(/..(?=.)/g, '$&\\')}`,
  )
}

/** The text of a string type; undefined for any other. Bytes that are no text become U+FFFD. */
export function stringText({ tag, content }: DerElement): string | undefined {
  const buffer = Buffer.from(content)
  switch (tag) {
    case derTag.utf8String:
      return buffer.toString('utf8')
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x14: // TeletexString: in fact Latin-1 wherever it is still met
    case 0x16: // IA5String
    case 0x1a: // VisibleString
      return buffer.toString('latin1')
    case derTag.bmpString:
      return buffer
        .subarray(0, buffer.length & ~1)
        .swap16()
        .toString('utf16le')
    default:
      return undefined
  }
}

function escapeValue(text: string): string {
  return printable(text.replace(/[\\,+"<>;]/g, '\\$&').replace(/^[ #]| $/g, '\\$&'))
}

function attributeText(attribute: DerElement): string {
  const reader = new DerReader(attribute.content)
  const type = oidText(reader.next(derTag.oid))
  const value = reader.next()
  reader.end()
  const text = stringText(value)
  const shown =
    text === undefined ? `#${Buffer.from(value.whole).toString('hex')}` : escapeValue(text)
  return `${attributeNames[type] ?? type}=${shown}`
}

/**
 * A distinguished name as people read it: the most specific part first, `CN=app, O=Example, C=FR`.
 * Source: RFC 4514, with a space after each comma.
 * @throws {CoffretError} `invalid` when it is no Name
 */
export function distinguishedName(name: DerElement): string {
  const parts = new DerReader(name.content).remaining().map((part) => {
    const attributes = new DerReader(part.content).remaining()
    return attributes.map(attributeText).join('+')
  })
  return parts.reverse().join(', ')
}
