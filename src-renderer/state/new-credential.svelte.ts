import type { EpochMs } from '../../src-main/contract/model'
import type { CredentialSummary } from '../../src-main/contract/access'
import type { KeptCertificate } from '../../src-main/contract/kept-certificate'
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
  /** It goes into the list of certificates too. */
  isKept = $state(false)
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
    /** That certificate in the list of those that are kept: the new one takes its place. */
    readonly older?: KeptCertificate,
  ) {
    if (renews === undefined) return
    this.isKept = older !== undefined
    this.name = renews.name
    this.days = 365
  }

  /** Takes a request out of a file, PEM or DER. What is longer than any request is cut, and refused. */
  async takeRequest(file: File): Promise<void> {
    const bytes = new Uint8Array(await file.slice(0, 65_537).arrayBuffer())
    this.csr = requestText(bytes)
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
    const replaces = this.older === undefined ? {} : { replaces: this.older.id }
    const keeps = csr === undefined && this.isKept ? replaces : undefined
    const issued = await this.access.issueCertificate({ ...request, csr, password, keeps })
    return issued === undefined ? undefined : { kind: 'certificate', issued }
  }
}

/** A certificate request as PEM text: DER begins with a sequence, which no text does. */
export function requestText(bytes: Uint8Array): string {
  if (bytes[0] !== 0x30) return new TextDecoder().decode(bytes)
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  const lines = base64.match(/.{1,64}/g) ?? []
  return [
    '-----BEGIN CERTIFICATE REQUEST-----',
    ...lines,
    '-----END CERTIFICATE REQUEST-----',
    '',
  ].join('\n')
}
