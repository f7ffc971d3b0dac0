import type { EpochMs } from '../../src-main/contract/model'
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

  readonly isComplete = $derived(
    this.name.trim() !== '' &&
      this.scope.scope !== undefined &&
      (this.source === 'generate' || this.csr.trim() !== ''),
  )

  constructor(
    readonly kind: 'token' | 'certificate',
    private readonly access: Access,
  ) {}

  /** Makes it. What fails stays in the form. */
  async submit(now: number): Promise<void> {
    this.isTried = true
    const { scope } = this.scope
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
