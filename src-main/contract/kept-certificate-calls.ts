import { z } from 'zod'
import { BrowserImport, BrowserStoreId, DatabasePassword } from './browser-calls'
import { CredentialFile, call, nothing } from './call'
import { KeptCertificate, KeptCertificateId, KeptCertificateName } from './kept-certificate'
import { VaultId } from './model'
import { Pkcs12Profile } from './pkcs12-profile'
import { ProbeResult } from './probe'

const InVault = z.strictObject({ vault: VaultId })
const One = InVault.extend({ id: KeptCertificateId })

/**
 * Certificates that a vault keeps, each with its key and chain. The window never gets a key: main makes the
 * files out of it. All need an unlocked vault; `keptCertificates.changed` tells when a list changes.
 */
export const keptCertificateCalls = {
  /** By name. */
  'keptCertificate.list': call(InVault, z.array(KeptCertificate).readonly()),
  /**
   * Takes the key, its certificate and the chain out of files, and keeps them. In the place of another one
   * it keeps that one's id, and the domains that were entered with that one are entered with the new one.
   * @throws CoffretError as `credential.savePkcs12`; `exists` when this certificate is kept already;
   * `not_found` with the field `replaces`
   */
  'keptCertificate.keep': call(
    InVault.extend({
      files: z.array(CredentialFile).min(1).max(16),
      keyPassword: z.string().max(1024).optional(),
      name: KeptCertificateName,
      replaces: KeptCertificateId.optional(),
    }),
    KeptCertificate,
  ),
  /** @throws CoffretError `not_found` */
  'keptCertificate.rename': call(One.extend({ name: KeptCertificateName }), KeptCertificate),
  /** @throws CoffretError `not_found` */
  'keptCertificate.remove': call(One, nothing),
  /** As `credential.savePkcs12`; the name that it is kept under is its friendly name. */
  'keptCertificate.savePkcs12': call(
    One.extend({ password: z.string().min(1).max(1024), profile: Pkcs12Profile }),
    z.string().optional(),
  ),
  /** As `credential.savePem`. */
  'keptCertificate.savePem': call(
    One.extend({ newKeyPassword: z.string().min(1).max(1024).optional() }),
    z.string().optional(),
  ),
  /** As `browser.import`, which also says how it fails. */
  'keptCertificate.importIntoBrowser': call(
    One.extend({ store: BrowserStoreId, databasePassword: DatabasePassword.optional() }),
    BrowserImport,
  ),
  /**
   * Shows the certificate to a server and tells what it answers. Trusted are the public authorities, those
   * given, and for this computer itself the vault's own.
   * @throws CoffretError `invalid` with the field `url` or `authorities`
   */
  'keptCertificate.probe': call(
    One.extend({
      /** `https://host[:port]/path` */
      url: z.string().max(2048),
      /** PEM. */
      authorities: z.string().max(65_536).optional(),
    }),
    ProbeResult,
  ),
  /**
   * Opens a page in the person's browser, once a dialog of the system that shows the host was answered.
   * Only the Swagger pages of OKMS, and that of the local API while it runs.
   * @returns whether it was opened
   * @throws CoffretError `forbidden` for any other address
   */
  'keptCertificate.openPage': call(z.strictObject({ address: z.string().max(2048) }), z.boolean()),
} as const
