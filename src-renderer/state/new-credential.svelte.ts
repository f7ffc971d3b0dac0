import type { EpochMs } from '../../src-main/contract/model'
import type { CredentialSummary } from '../../src-main/contract/access'
import type { Access, IssuedCertificate } from './access.svelte'
import { ScopeForm } from './scope-form.svelte'

/** Days that a credential may be good for; 0 for no end. */
export const lifetimes = [1, 7, 30, 90, 365, 0] as const

const dayMs = 24 * 60 * 60 * 1000

/** What was made: shown once. */
export type Issued =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'certificate'; readonly issued: IssuedCertificate }

/** A new credential as it is typed. */
export class NewCredentialForm {
  name = $state('')
  days = $state<number>(90)
  source = $state<'generate' | 'csr'>('generate')
  csr = $state('')
  password = $state('')
  isTried = $state(false)
  isWorking = $state(false)
  error = $state.raw<unknown>()
  issued = $state.raw<Issued>()
  readonly scope = new ScopeForm()

  readonly isComplete = $derived.by(
    () =>
      this.name.trim() !== '' &&
      this.wanted !== undefined &&
      (this.source === 'generate' || this.csr.trim() !== ''),
  )

  constructor(
    readonly kind: 'token' | 'certificate',
    private readonly access: Access,
    /** The certificate whose name and scope the new one takes. */
    readonly renews?: CredentialSummary,
  ) {
    if (renews === undefined) return
    this.name = renews.name
    this.days = 365
  }

  /** What it may do; undefined while what is typed is none. */
  readonly wanted = $derived.by(() => this.renews?.scope ?? this.scope.scope)

  /** Ends the certificate that was renewed. What fails stays in the form. */
  async revokeOld(): Promise<boolean> {
    if (this.renews === undefined || this.isWorking) return false
    this.isWorking = true
    this.error = undefined
    try {
      await this.access.revoke(this.renews.id)
    } catch (error) {
      this.error = error
    }
    this.isWorking = false
    return this.error === undefined
  }

  /** Makes it. What fails stays in the form. */
  async submit(now: number): Promise<void> {
    this.isTried = true
    const scope = this.wanted
    if (this.isWorking || !this.isComplete || scope === undefined) return
    this.isWorking = true
    this.error = undefined
    const expiresAt = this.days === 0 ? undefined : ((now + this.days * dayMs) as EpochMs)
    const request = { name: this.name.trim(), scope, expiresAt }
    try {
      this.issued =
        this.kind === 'token'
          ? { kind: 'token', token: await this.access.issueToken(request) }
          : await this.#certificate(request)
      this.password = ''
    } catch (error) {
      this.error = error
    }
    this.isWorking = false
  }

  async #certificate(
    request: Parameters<Access['issueToken']>[0],
  ): Promise<Extract<Issued, { kind: 'certificate' }> | undefined> {
    const csr = this.source === 'csr' ? new TextEncoder().encode(this.csr) : undefined
    const password = csr === undefined && this.password !== '' ? this.password : undefined
    const issued = await this.access.issueCertificate({ ...request, csr, password })
    return issued === undefined ? undefined : { kind: 'certificate', issued }
  }
}
