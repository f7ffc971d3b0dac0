import { derOfBer } from './ber'
import { DerReader, constructed, derTag, oidText } from './der'

const signedData = '1.2.840.113549.1.7.2'

/**
 * The certificates of a PKCS#7 file (`.p7b`), as Windows and authorities hand out a chain. What may
 * be signed in it is not looked at.
 * Source: RFC 5652 §5.1.
 * @returns each in DER; undefined when it is no such file, or damaged
 */
export function certificatesOfPkcs7(bytes: Uint8Array): Uint8Array[] | undefined {
  if (bytes[0] !== derTag.sequence) return undefined
  try {
    const content = new DerReader(derOfBer(bytes)).enter(derTag.sequence)
    if (oidText(content.next(derTag.oid)) !== signedData) return undefined
    const fields = content.enter(constructed(0)).enter(derTag.sequence)
    fields.next(derTag.integer)
    fields.next(derTag.set)
    fields.next(derTag.sequence)
    const certificates = fields.optional(constructed(0))?.content ?? new Uint8Array()
    const all = new DerReader(certificates).remaining()
    // The others of the choice are forms that nobody has.
    return all.filter(({ tag }) => tag === derTag.sequence).map(({ whole }) => whole)
  } catch {
    return undefined
  }
}
