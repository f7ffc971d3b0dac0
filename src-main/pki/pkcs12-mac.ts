import { createHmac, timingSafeEqual } from 'node:crypto'
import { CoffretError } from '../contract/errors'
import { DerReader, derTag, oidText, smallInteger } from './der'
import { type Password, deriveAsPkcs12, deriveWithPbkdf2, hmacDigest } from './key-derivation'
import { type Pkcs12Digest, digestLength, purpose } from './pkcs12-kdf'
import type { WorkBudget } from './work-budget'

const pbkdf2 = '1.2.840.113549.1.5.12'
const pbmac1 = '1.2.840.113549.1.5.14'

const digests: Readonly<Record<string, Pkcs12Digest>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

function unsupported(what: string): never {
  throw new CoffretError('unsupported', `pkcs#12: ${what}`)
}

/** The key and the digest of the MAC. */
interface MacKey {
  readonly key: Uint8Array
  readonly digest: Pkcs12Digest
}

/**
 * The length that PBKDF2-params name, which PBMAC1 needs. Source: RFC 9879 §4: a file without it,
 * or with one below 20 bytes, is refused.
 */
function namedKeyLength(parameters: Uint8Array): number {
  const reader = new DerReader(parameters)
  reader.next(derTag.octetString)
  reader.next(derTag.integer)
  const named = reader.optional(derTag.integer)
  const length = named ? smallInteger(named) : 0
  return length >= 20 && length <= 64 ? length : unsupported(`MAC key of ${length} bytes`)
}

/** Source: RFC 9879 §4, RFC 8018 §7.1. The password as UTF-8. */
function keyOfPbmac1(parameters: DerReader, password: Password, work: WorkBudget): MacKey {
  const derivation = parameters.enter(derTag.sequence)
  const digest = hmacDigest(parameters.enter(derTag.sequence))
  const method = oidText(derivation.next(derTag.oid))
  if (method !== pbkdf2) return unsupported(`key derivation ${method} of the MAC`)
  const cost = derivation.next(derTag.sequence).content
  const length = namedKeyLength(cost)
  return { key: deriveWithPbkdf2(new DerReader(cost), password, length, work), digest }
}

/**
 * Whether the password is the one that the file was closed with, and the file unchanged since.
 * Source: RFC 7292 §4 and appendix A, RFC 9879.
 * @param macData the content of MacData
 * @param contents what it is about
 * @throws {CoffretError} `unsupported` for another digest or more work than is accepted, before
 * anything is derived; `invalid` when it is not DER
 */
export function isMacOf(
  macData: Uint8Array,
  contents: Uint8Array,
  password: Password,
  work: WorkBudget,
): boolean {
  const reader = new DerReader(macData)
  const digestInfo = reader.enter(derTag.sequence)
  const salt = reader.next(derTag.octetString).content
  const named = reader.optional(derTag.integer)
  const iterations = named ? smallInteger(named) : 1
  const algorithm = digestInfo.enter(derTag.sequence)
  const expected = digestInfo.next(derTag.octetString).content
  const id = oidText(algorithm.next(derTag.oid))
  const macKey = (): MacKey => {
    if (id === pbmac1) return keyOfPbmac1(algorithm.enter(derTag.sequence), password, work)
    const digest = digests[id] ?? unsupported(`MAC with ${id}`)
    const use = { purpose: purpose.mac, digest, length: digestLength[digest] }
    return { key: deriveAsPkcs12({ salt, iterations }, password, use, work), digest }
  }
  const { key, digest } = macKey()
  const actual = createHmac(digest, key).update(contents).digest()
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}
