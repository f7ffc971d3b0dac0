import { call } from '../bridge'
import type { CredentialId, CredentialSummary, Scope } from '../../src-main/contract/access'
import type { CallOutput } from '../../src-main/contract/calls'
import type { KeptCertificateId } from '../../src-main/contract/kept-certificate'
import type { EpochMs, VaultId } from '../../src-main/contract/model'

/** What a new credential is to be. */
export interface NewCredential {
  readonly name: string
  readonly scope: Scope
  readonly expiresAt: EpochMs | undefined
}

/** What a client certificate is to be, besides. */
export interface NewCertificate extends NewCredential {
  readonly csr: Uint8Array | undefined
  readonly password: string | undefined
  /** Into the list of certificates too, perhaps in the place of another. */
  readonly keeps: { readonly replaces?: KeptCertificateId } | undefined
}

/** A certificate that was issued. */
export type IssuedCertificate = NonNullable<CallOutput<'access.issueCertificate'>>

/** Who may call the local API of a vault. */
export class Access {
  /** The newest first; undefined until it was read. */
  list = $state.raw<readonly CredentialSummary[]>()
  error = $state.raw<unknown>()

  constructor(private readonly vault: VaultId) {}

  async load(): Promise<void> {
    try {
      this.list = await call('access.list', { vault: this.vault })
      this.error = undefined
    } catch (error) {
      this.error = error
    }
  }

  /** The list changed: whoever has read it follows. */
  async heard(): Promise<void> {
    if (this.list !== undefined) await this.load()
  }

  /** @returns the token, this once @throws CoffretError as main refuses it */
  async issueToken({ name, scope, expiresAt }: NewCredential): Promise<string> {
    const ends = expiresAt === undefined ? {} : { expiresAt }
    const { token } = await call('access.issueToken', { vault: this.vault, name, scope, ...ends })
    await this.load()
    return token
  }

  /** @returns undefined when the person chose no folder @throws CoffretError as main refuses it */
  async issueCertificate(request: NewCertificate): Promise<IssuedCertificate | undefined> {
    const { name, scope, expiresAt, csr, password, keeps } = request
    const issued = await call('access.issueCertificate', {
      ...{ vault: this.vault, name, scope },
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(csr === undefined ? {} : { csr }),
      ...(password === undefined ? {} : { password }),
      ...(keeps === undefined ? {} : { keeps }),
    })
    await this.load()
    return issued
  }

  /** @throws CoffretError `not_found`, `locked`, `storage` */
  async revoke(id: CredentialId): Promise<void> {
    await call('access.revoke', { vault: this.vault, id })
    await this.load()
  }

  /** @throws CoffretError `not_found`, `locked`, `storage` */
  async remove(id: CredentialId): Promise<void> {
    await call('access.remove', { vault: this.vault, id })
    await this.load()
  }

  /** @returns the file; undefined when the person gave up @throws CoffretError as main refuses it */
  saveAuthority(): Promise<string | undefined> {
    return call('access.saveAuthority', { vault: this.vault })
  }

  /** @returns as {@link saveAuthority} */
  saveRevocationList(): Promise<string | undefined> {
    return call('access.saveRevocationList', { vault: this.vault })
  }
}

/** How a credential stands at a time. */
export function standingOf(
  { revokedAt, expiresAt }: CredentialSummary,
  now: number,
): 'good' | 'revoked' | 'ended' {
  if (revokedAt !== undefined) return 'revoked'
  return expiresAt !== undefined && expiresAt <= now ? 'ended' : 'good'
}
