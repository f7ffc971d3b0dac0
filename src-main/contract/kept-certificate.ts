import { z } from 'zod'
import { EpochMs } from './model'

/** What a kept certificate is called within the program: a UUID. */
export const KeptCertificateId = z.uuid().brand('KeptCertificateId')
export type KeptCertificateId = z.infer<typeof KeptCertificateId>

/** What a person calls it: 1 to 128 characters, none of them at its ends a space. */
export const KeptCertificateName = z.string().trim().min(1).max(128)

/** What a list shows of a certificate; its fields are those of `CertificateInfo`. */
export const CertificateFacts = z.strictObject({
  subject: z.string().max(4096),
  issuer: z.string().max(4096),
  okmsDomainId: z.string().max(128).optional(),
  keyType: z.string().max(128),
  sha256Fingerprint: z.string().regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/),
  validFrom: EpochMs,
  validTo: EpochMs,
  /** It may identify a client. */
  clientAuth: z.boolean(),
})
export type CertificateFacts = z.infer<typeof CertificateFacts>

/** A certificate that the vault keeps with its key and chain, as a list shows it. */
export const KeptCertificate = CertificateFacts.extend({
  id: KeptCertificateId,
  name: KeptCertificateName,
  addedAt: EpochMs,
})
export type KeptCertificate = z.infer<typeof KeptCertificate>

/**
 * Those of a list that a new certificate may be the renewal of, the one that ends last first: of the same
 * OKMS domain, or of the same subject where neither has one. The very same certificate is no renewal.
 */
export function renewedBy(
  list: readonly KeptCertificate[],
  { okmsDomainId, subject, sha256Fingerprint }: Omit<CertificateFacts, 'keyType' | 'clientAuth'>,
): readonly KeptCertificate[] {
  return list
    .filter((one) => one.sha256Fingerprint !== sha256Fingerprint)
    .filter((one) => one.okmsDomainId === okmsDomainId)
    .filter((one) => okmsDomainId !== undefined || one.subject === subject)
    .sort((a, b) => b.validTo - a.validTo)
}
