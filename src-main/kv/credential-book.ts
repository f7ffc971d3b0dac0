import type { CredentialId, CredentialSummary, Scope } from '../contract/access'
import type { EpochMs } from '../contract/model'

/** How a program shows who it is. */
export type CredentialKind = CredentialSummary['kind']

/** What a new credential is to be. */
export interface NewCredential {
  /** Of a certificate its serial number as a UUID; a random one unless told. */
  readonly id?: CredentialId
  readonly kind: CredentialKind
  /** SHA-256 of the token as text, or of the certificate as DER; 32 bytes. */
  readonly hash: Uint8Array
  /** Free words, 1 to 128 characters. */
  readonly name: string
  readonly scope: Scope
  /** Absent for never. */
  readonly expiresAt?: EpochMs
}

/** The port to the credentials of one vault. It holds nothing that opens anything. */
export interface CredentialBook {
  /** All of them, the newest first. @throws CoffretError `locked`, `corrupt` */
  list(): readonly CredentialSummary[]
  /** @throws CoffretError `exists`, `invalid` beyond 1,000 credentials, `locked`, `storage` */
  add(credential: NewCredential): CredentialSummary
  /**
   * The credential of a hash, whether it is good or not: see {@link isGood}. It is asked for with every
   * request: what was found once costs no opening again until the vault changes.
   * @throws CoffretError `locked`, `corrupt`
   */
  find(kind: CredentialKind, hash: Uint8Array): CredentialSummary | undefined
  /**
   * Notes that a credential was used just now. It is kept in memory and written within a minute or so; a
   * failure to write it is no failure of what the credential was used for.
   */
  touch(id: CredentialId): void
  /** From now on it opens nothing; it stays in the list. @throws CoffretError `not_found` */
  revoke(id: CredentialId): void
  /** Revokes it, and takes it off the list. @throws CoffretError `not_found` */
  remove(id: CredentialId): void
}

/** Whether a credential may be used at an instant. */
export function isGood({ revokedAt, expiresAt }: CredentialSummary, now: EpochMs): boolean {
  return revokedAt === undefined && (expiresAt === undefined || now < expiresAt)
}
