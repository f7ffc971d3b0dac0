import type { DomainId, DomainProfile } from '../contract/domain'

/** With what a domain is entered. It leaves the vault for the connection alone. */
export type DomainSecret =
  | {
      readonly kind: 'certificate'
      /** PEM: the certificate of the key, then the chain above it. */
      readonly certificate: string
      /** PKCS#8 in PEM, unencrypted. */
      readonly privateKey: string
    }
  | { readonly kind: 'token'; readonly token: string }

/** The port to the domains that a vault keeps, sealed. Each method is one transaction. */
export interface DomainBook {
  /** By label. @throws CoffretError `locked`, `corrupt` */
  list(): readonly DomainProfile[]
  /** @throws CoffretError `not_found`, `locked`, `corrupt` */
  find(id: DomainId): DomainProfile
  /** @throws CoffretError `not_found`, `locked`, `corrupt` */
  secretOf(id: DomainId): DomainSecret
  /** @throws CoffretError `exists`, `invalid` beyond 200 domains or for a secret of the other kind */
  add(profile: DomainProfile, secret: DomainSecret): void
  /**
   * Changes a domain; the secret stays unless one is given: a renewed certificate.
   * @throws CoffretError `not_found`, `invalid`
   */
  change(profile: DomainProfile, secret?: DomainSecret): void
  /** Takes the domain and its secret away for good. @throws CoffretError `not_found` */
  remove(id: DomainId): void
}
