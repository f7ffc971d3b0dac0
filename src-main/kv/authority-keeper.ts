import type { EpochMs } from '../contract/model'

/** The certificate authority of a vault. */
export interface KeptAuthority {
  /** DER. */
  readonly certificate: Uint8Array
  /** PKCS#8, unencrypted; the receiver's to wipe. */
  readonly privateKey: Uint8Array
}

/** A certificate that is no longer good. */
export interface RevokedCertificate {
  /** 32 hexadecimal digits in upper case. */
  readonly serialNumber: string
  readonly revokedAt: EpochMs
}

/** What the next list of revoked certificates says. */
export interface Revocations {
  /** Rises with each change: the number of the list. */
  readonly number: number
  readonly revoked: readonly RevokedCertificate[]
}

/** The port to what a vault keeps of its certificate authority, sealed. */
export interface AuthorityKeeper {
  /** Undefined before it is made. @throws CoffretError `locked`, `corrupt` */
  find(): KeptAuthority | undefined
  /**
   * Keeps a new authority where there is none. What is given stays the caller's to wipe.
   * @returns the one that counts: another program may have been faster
   */
  keep(authority: KeptAuthority): KeptAuthority
  /** What was revoked; without certificates that have expired since. @throws CoffretError `locked`, `corrupt` */
  revocations(): Revocations
}
