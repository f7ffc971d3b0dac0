import type { CredentialId } from '../contract/access'
import type { EpochMs, VaultId } from '../contract/model'
import type { KeptAuthority, Revocations } from './authority-keeper'

/** A certificate and its key for a listener. */
export interface ServerCertificate {
  /** PEM. */
  readonly certificate: string
  /** PKCS#8 in PEM, unencrypted. */
  readonly privateKey: string
  readonly endsAt: EpochMs
}

/** What a client certificate is to be. */
export interface ClientCertificateRequest {
  /** The vault's id: it goes into the certificate, as in those of OKMS. */
  readonly okmsDomainId: VaultId
  /** 1 to 56 characters without line breaks; that of the request unless told. */
  readonly name?: string
  readonly endsAt: EpochMs
  /** PKCS#10, PEM or DER: the key stays with whoever made it. */
  readonly csr?: Uint8Array
}

/** A certificate for a client. */
export interface ClientCertificate {
  /** Its serial number as a UUID. */
  readonly id: CredentialId
  readonly name: string
  /** PEM. */
  readonly certificate: string
  /** PKCS#8 in PEM, unencrypted; absent when the key stayed with whoever made the request. */
  readonly privateKey?: string
  /** SHA-256 of the DER. */
  readonly hash: Uint8Array
  readonly endsAt: EpochMs
}

/** An authority that can sign. */
export interface OpenAuthority {
  /** PEM: what clients are given to trust. */
  readonly certificate: string
  /** SHA-256 of the DER, hexadecimal pairs in upper case, separated by colons. */
  readonly fingerprint: string
  readonly endsAt: EpochMs
  /** @param hasAddresses or the name `localhost` alone, for clients that know no constraint on addresses */
  issueServer(options: { endsAt: EpochMs; hasAddresses: boolean }): Promise<ServerCertificate>
  /** @throws CoffretError `invalid` with the field `name`, `notAfter` or `csr` */
  issueClient(request: ClientCertificateRequest): Promise<ClientCertificate>
  /** The list of revoked certificates, PEM. */
  listRevoked(revocations: Revocations): Promise<string>
}

/** What a PKCS#12 file is made of: all in PEM. */
export interface ClientBundle {
  readonly name: string
  readonly certificate: string
  readonly privateKey: string
  readonly authority: string
  /** 1 to 1,024 characters. */
  readonly password: string
}

/** The port to the making of certificates. */
export interface CertificateOffice {
  /** @param vault the label may be any text */
  makeAuthority(vault: { readonly id: VaultId; readonly label: string }): Promise<KeptAuthority>
  /** What is given may be wiped afterwards. @throws CoffretError `corrupt` */
  openAuthority(authority: KeptAuthority): Promise<OpenAuthority>
  /** @throws CoffretError `invalid` with the field `password` */
  bundle(client: ClientBundle): Promise<Uint8Array>
}
