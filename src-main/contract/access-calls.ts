import { z } from 'zod'
import { CredentialId, CredentialSummary, Scope } from './access'
import { Bytes, call, nothing } from './call'
import { KeptCertificateId } from './kept-certificate'
import { EpochMs, VaultId } from './model'

const InVault = z.strictObject({ vault: VaultId })
const One = InVault.extend({ id: CredentialId })

/** What every new credential is asked for with. */
const NewAccess = InVault.extend({
  /** 1 to 128 characters; of a certificate 1 to 56. */
  name: z.string().max(128),
  scope: Scope,
  /** Later than now. Absent: a token never ends, a certificate after a year. */
  expiresAt: EpochMs.optional(),
})

/** A client certificate as the window learns of it: the key is only in the files. */
const IssuedCertificate = z.object({
  credential: CredentialSummary,
  /** PEM. */
  certificate: z.string(),
  /** The new folder with the files, for their owner only. */
  folder: z.string(),
  /** Their names in it. */
  files: z.array(z.string()).readonly(),
})

/**
 * Who may call the local API of a vault. `access.changed` tells when a list changes. All need an unlocked
 * vault.
 */
export const accessCalls = {
  /** The newest first, those that were revoked or have ended included. */
  'access.list': call(InVault, z.array(CredentialSummary).readonly()),
  /**
   * The token goes back this once, to be shown and copied; nobody can look it up afterwards. It is no value
   * of the vault, which is why it may reach the window.
   */
  'access.issueToken': call(
    NewAccess,
    z.object({ credential: CredentialSummary, token: z.string() }),
  ),
  /**
   * Asks for a folder first, and writes the files into a new one in it; undefined when the person gave up.
   * @throws CoffretError `invalid` with the field `name`, `expiresAt`, `csr` or `password`; `exists`,
   * `not_writable`
   */
  'access.issueCertificate': call(
    NewAccess.extend({
      /** A request, PEM or DER: without it a key is made. */
      csr: Bytes.refine((b) => b.length <= 65_536, 'a request is at most 64 KiB').optional(),
      /** For `client.p12`, 1 to 1,024 characters; absent for none. */
      password: z.string().max(1024).optional(),
      /** Into the list of certificates too, where a key is made: alone, or in the place of another. */
      keeps: z.strictObject({ replaces: KeptCertificateId.optional() }).optional(),
    }),
    IssuedCertificate.optional(),
  ),
  /** It opens nothing from now on, and stays in the list. @throws CoffretError `not_found` */
  'access.revoke': call(One, nothing),
  /** Revokes it, and takes it off the list. @throws CoffretError `not_found` */
  'access.remove': call(One, nothing),
  /**
   * The certificate authority that clients are to trust, PEM, with its SHA-256; made if there is none yet.
   */
  'access.authority': call(InVault, z.object({ certificate: z.string(), fingerprint: z.string() })),
  /** Asks where to write that certificate; undefined when the person gave up. */
  'access.saveAuthority': call(InVault, z.string().optional()),
  /** Asks where to write the list of the revoked certificates, PEM; undefined when the person gave up. */
  'access.saveRevocationList': call(InVault, z.string().optional()),
} as const
