import { CoffretError } from '../contract/errors'
import type { EpochMs } from '../contract/model'
import { type Authority, validFromAt } from './authority'
import { loadLibrary, signingAlgorithm, wholeSecond } from './certificate-writer'
import { integer } from './der-writer'
import { writePem } from './pem'

/** A certificate that is no longer good. */
export interface Revocation {
  /** As in `CertificateInfo.serialNumber`. */
  readonly serialNumber: string
  readonly revokedAt: EpochMs
}

const crlNumber = '2.5.29.20'
const serialForm = /^[0-9A-F]{32}$/

/**
 * Signs the list of revoked certificates. It holds until the authority ends: it is issued anew with
 * each revocation, and a listener that holds an old one would otherwise refuse everyone one day.
 * Source: RFC 5280 §5.
 * @param options `number` grows with each list, 0 to 2^31 − 1; each serial number is there once
 * @returns PEM and DER
 * @throws {CoffretError} `invalid` for a serial number that the authority has not given
 */
export async function issueRevocationList(
  authority: Authority,
  options: {
    readonly revoked: readonly Revocation[]
    readonly number: number
    readonly now: EpochMs
  },
): Promise<{ readonly pem: string; readonly der: Uint8Array }> {
  const { revoked, number, now } = options
  if (!revoked.every(({ serialNumber }) => serialForm.test(serialNumber))) {
    throw new CoffretError('invalid', 'serial number is 32 hexadecimal digits in upper case', {
      field: 'revoked',
    })
  }
  const library = await loadLibrary()
  const { subjectDer, publicKeyDer, info } = authority.certificate
  const list = await library.X509CrlGenerator.create({
    issuer: new library.Name(Uint8Array.from(subjectDer)),
    thisUpdate: wholeSecond(validFromAt(now)),
    nextUpdate: wholeSecond(info.validTo),
    entries: revoked.map(({ serialNumber, revokedAt }) => ({
      serialNumber,
      revocationDate: wholeSecond(revokedAt),
      // Without a reason the library writes an empty list of extensions, which RFC 5280 forbids.
      reason: library.X509CrlReason.privilegeWithdrawn,
    })),
    extensions: [
      await library.AuthorityKeyIdentifierExtension.create(Uint8Array.from(publicKeyDer)),
      new library.Extension(crlNumber, false, Uint8Array.from(integer(number))),
    ],
    signingAlgorithm,
    signingKey: authority.signingKey,
  })
  const der = new Uint8Array(list.rawData)
  // The library would call the PEM block `CRL`, which OpenSSL does not take.
  return { pem: writePem('X509 CRL', der), der }
}
