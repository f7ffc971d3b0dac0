import { createHash } from 'node:crypto'
import type { CredentialId, CredentialSummary, Scope } from '../contract/access'
import { CoffretError } from '../contract/errors'
import type { EpochMs } from '../contract/model'
import type { Clock, RandomBytes } from '../env'
import type { Revocations } from '../kv/authority-keeper'
import type { CertificateOffice, ClientCertificate, OpenAuthority } from '../kv/certificate-office'
import type { LocalVault } from '../vault/local-vault'

/** What every token begins with, so that people and scanners know one when they see it. */
export const tokenPrefix = 'cft_'

const dayMs = 24 * 60 * 60 * 1000

/** How long a client certificate is good unless told otherwise, in milliseconds. */
export const usualClientLifeMs = 365 * dayMs

/** How long a listener's certificate is good, in milliseconds; it is never longer than that. */
export const serverLifeMs = 90 * dayMs

/** With less than this left a listener's certificate is replaced. */
export const renewalMs = 30 * dayMs

/** What access is made with. */
export interface AccessParts {
  readonly office: CertificateOffice
  readonly clock: Clock
  readonly random: RandomBytes
  /** Hears that the credentials of a vault changed. */
  readonly onChange?: (vault: LocalVault) => void
}

/** What a new credential is to be. */
export interface CredentialRequest {
  /** 1 to 128 characters; of a certificate 1 to 56. */
  readonly name: string
  readonly scope: Scope
  /** Absent for a token that does not end; a certificate then ends after {@link usualClientLifeMs}. */
  readonly expiresAt?: EpochMs | undefined
}

/** What a client certificate is to be. */
export interface ClientRequest extends CredentialRequest {
  /** PKCS#10, PEM or DER: the key stays with whoever made it. */
  readonly csr?: Uint8Array | undefined
  /** For `client.p12`, 1 to 1,024 characters; without it, or with a `csr`, that file is not made. */
  readonly password?: string | undefined
}

/** A file to be given to a client. */
export interface AccessFile {
  readonly name: string
  readonly bytes: Uint8Array
  /** It holds a key. */
  readonly isSecret: boolean
}

/** A client certificate, with its files as OKMS names them. */
export interface IssuedAccess {
  readonly credential: CredentialSummary
  /** PEM. */
  readonly certificate: string
  /** PKCS#8 in PEM, unencrypted; absent when the key stayed with whoever made the request. */
  readonly privateKey?: string
  readonly files: readonly AccessFile[]
}

/** A certificate and its key, PEM. */
export interface KeyPair {
  readonly certificate: string
  readonly privateKey: string
}

/** What a listener shows and trusts, all in PEM. */
export interface ServerIdentity extends KeyPair {
  /**
   * To be shown to clients that ask for `localhost` (SNI) instead: without addresses, since BoringSSL
   * (Node inside Electron, Bun) refuses the other one.
   */
  readonly localhost: KeyPair
  /** The vault's certificate authority: clients trust it, and their certificates are of it. */
  readonly authority: string
  /** Of the authority: SHA-256, hexadecimal pairs in upper case, separated by colons. */
  readonly fingerprint: string
  /** The revoked client certificates. */
  readonly revoked: string
  readonly endsAt: EpochMs
}

/** The file with the authority's certificate, beside those of a client. */
export const authorityFile = 'coffret-ca.pem'

/**
 * Who may call the local API of one vault: what the window and the command line do with its credentials.
 * The certificate authority is made when it is first needed. Honest limit: tokens and PEM are texts, which
 * JavaScript cannot wipe.
 */
export class LocalAccess {
  #leaf: Omit<ServerIdentity, 'revoked'> | undefined
  #list: { readonly number: number; readonly pem: string } | undefined
  #making: Promise<ServerIdentity> | undefined

  constructor(
    private readonly vault: LocalVault,
    private readonly parts: AccessParts,
  ) {}

  /** All credentials, the newest first. @throws CoffretError `locked`, `corrupt` */
  list(): readonly CredentialSummary[] {
    return this.vault.credentials.list()
  }

  /**
   * Makes a token: {@link tokenPrefix} and 32 random bytes in base64url. It is given this once; the vault
   * keeps its SHA-256. (No salt, no slow hash: there is nothing to guess in 256 random bits.)
   * @throws CoffretError `invalid`, `locked`, `storage`
   */
  issueToken(request: CredentialRequest): {
    readonly token: string
    readonly credential: CredentialSummary
  } {
    this.#check(request)
    const secret = this.parts.random(32)
    const token = tokenPrefix + Buffer.from(secret).toString('base64url')
    secret.fill(0)
    const { name, scope, expiresAt } = request
    const credential = this.vault.credentials.add({
      ...{ kind: 'token', hash: hashOfToken(token), name, scope },
      ...(expiresAt === undefined ? {} : { expiresAt }),
    })
    this.#changed()
    return { token, credential }
  }

  /**
   * Makes a client certificate, with a new key or for that of a request, and its files: the certificate
   * and key as OKMS names them, `client.p12`, and the authority's certificate.
   * @throws CoffretError `invalid` with the field `name`, `expiresAt`, `csr` or `password`; `locked`, `storage`
   */
  async issueCertificate(request: ClientRequest): Promise<IssuedAccess> {
    const { clock, office } = this.parts
    this.#check(request)
    const { name, scope, csr, password } = request
    const authority = await this.#authority()
    const wanted = request.expiresAt ?? ((clock.now() + usualClientLifeMs) as EpochMs)
    if (request.expiresAt !== undefined && wanted > authority.endsAt) {
      const problem = 'it ends after the certificate authority of the vault'
      throw new CoffretError('invalid', problem, { field: 'expiresAt' })
    }
    const endsAt = Math.min(wanted, authority.endsAt) as EpochMs
    const okmsDomainId = this.vault.id
    const more = csr === undefined ? {} : { csr }
    const client = await authority.issueClient({ okmsDomainId, name, endsAt, ...more })
    const bundle =
      client.privateKey === undefined || password === undefined
        ? undefined
        : await office.bundle({
            ...{ ...client, privateKey: client.privateKey },
            ...{ authority: authority.certificate, password },
          })
    const { id, hash, endsAt: expiresAt } = client
    const credential = this.vault.credentials.add({
      ...{ id, kind: 'certificate', hash, name: client.name, scope, expiresAt },
    })
    this.#changed()
    const { certificate, privateKey } = client
    return {
      ...{ credential, certificate, files: filesOf(client, authority.certificate, bundle) },
      ...(privateKey === undefined ? {} : { privateKey }),
    }
  }

  /** It opens nothing from now on, and stays in the list. @throws CoffretError `not_found`, `locked`, `storage` */
  revoke(id: CredentialId): void {
    this.vault.credentials.revoke(id)
    this.#changed()
  }

  /** Revokes it, and takes it off the list. @throws CoffretError `not_found`, `locked`, `storage` */
  remove(id: CredentialId): void {
    this.vault.credentials.remove(id)
    this.#changed()
  }

  /**
   * What a listener shows and trusts now: to be asked for again after each change and once a day. While
   * the vault is locked it is the one that was asked for before.
   * @throws CoffretError `locked` when the vault must be unlocked for it; `corrupt`, `storage`
   */
  serverIdentity(): Promise<ServerIdentity> {
    // Two at once would make two.
    this.#making ??= this.#identity().finally(() => {
      this.#making = undefined
    })
    return this.#making
  }

  async #identity(): Promise<ServerIdentity> {
    const now = this.parts.clock.now()
    const leaf = this.#leaf
    const isGood = leaf !== undefined && leaf.endsAt - now >= renewalMs && leaf.endsAt > now
    if (leaf !== undefined && this.#list !== undefined && this.vault.isLocked) {
      if (leaf.endsAt > now) return { ...leaf, revoked: this.#list.pem }
    }
    // Read before the authority is opened: what is revoked meanwhile asks for this again.
    const { number, revoked } = this.vault.authority.revocations()
    const isListed = this.#list?.number === number
    if (isGood && isListed && this.#list !== undefined) return { ...leaf, revoked: this.#list.pem }
    const authority = await this.#authority()
    const made = isGood ? leaf : await this.#newLeaf(authority)
    const pem = await authority.listRevoked({ number, revoked } satisfies Revocations)
    this.#leaf = made
    this.#list = { number, pem }
    return { ...made, revoked: pem }
  }

  async #newLeaf(authority: OpenAuthority): Promise<Omit<ServerIdentity, 'revoked'>> {
    const endsAt = (this.parts.clock.now() + serverLifeMs) as EpochMs
    const usual = await authority.issueServer({ endsAt, hasAddresses: true })
    const localhost = await authority.issueServer({ endsAt, hasAddresses: false })
    return {
      ...usual,
      localhost: { certificate: localhost.certificate, privateKey: localhost.privateKey },
      authority: authority.certificate,
      fingerprint: authority.fingerprint,
    }
  }

  /** The authority that can sign; its key goes from memory when it is not needed any more. */
  async #authority(): Promise<OpenAuthority> {
    const { office } = this.parts
    const { authority: keeper } = this.vault
    const kept = keeper.find() ?? (await this.#makeAuthority())
    try {
      return await office.openAuthority(kept)
    } finally {
      kept.privateKey.fill(0)
    }
  }

  async #makeAuthority() {
    const made = await this.parts.office.makeAuthority(this.vault)
    try {
      return this.vault.authority.keep(made)
    } finally {
      made.privateKey.fill(0)
    }
  }

  #check({ name, expiresAt }: CredentialRequest): void {
    if (name.trim() === '' || name.length > 128) {
      throw new CoffretError('invalid', 'name is 1 to 128 characters', { field: 'name' })
    }
    if (expiresAt !== undefined && expiresAt <= this.parts.clock.now()) {
      throw new CoffretError('invalid', 'it ends before it begins', { field: 'expiresAt' })
    }
  }

  #changed(): void {
    this.parts.onChange?.(this.vault)
  }
}

/** Gives the access of each vault: always the same one as long as the vault is open. */
export function accessOfVaults(parts: AccessParts): (vault: LocalVault) => LocalAccess {
  const known = new WeakMap<LocalVault, LocalAccess>()
  return (vault) => {
    const found = known.get(vault) ?? new LocalAccess(vault, parts)
    known.set(vault, found)
    return found
  }
}

/** What the vault keeps of a token. */
export function hashOfToken(token: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(token, 'utf8').digest())
}

function filesOf(
  { id, certificate, privateKey }: ClientCertificate,
  authority: string,
  bundle: Uint8Array | undefined,
): AccessFile[] {
  const text = (name: string, pem: string, isSecret: boolean) => ({
    ...{ name, bytes: new TextEncoder().encode(pem), isSecret },
  })
  return [
    text(`${id}_certificate.pem`, certificate, false),
    ...(privateKey === undefined ? [] : [text(`${id}_privatekey.pem`, privateKey, true)]),
    ...(bundle === undefined ? [] : [{ name: 'client.p12', bytes: bundle, isSecret: true }]),
    text(authorityFile, authority, false),
  ]
}
