import { call } from '../bridge'
import type { CallOutput } from '../../src-main/contract/calls'
import type { KeptCertificate } from '../../src-main/contract/kept-certificate'
import type { LocalApiStatus } from '../../src-main/contract/listener-calls'
import { okmsAddress, okmsRegions } from '../../src-main/contract/okms-regions'
import type { KeptCertificates } from './kept-certificates.svelte'

/** A kept certificate that is shown to a server. */
export class CertificateCheck {
  /** It is of the local API, which runs at this address. */
  readonly local: string | undefined
  region = $state<string>(okmsRegions[0]?.id ?? '')
  url = $state('')
  authority = $state.raw<File>()
  /** What was in it when the server was asked last, PEM. */
  authorities = $state('')
  isWorking = $state(false)
  result = $state.raw<CallOutput<'keptCertificate.probe'>>()
  error = $state.raw<unknown>()

  constructor(
    private readonly certificates: KeptCertificates,
    readonly certificate: KeptCertificate,
    running: LocalApiStatus['running'],
  ) {
    const isOurs = running !== undefined && running.vault === certificate.okmsDomainId
    // By this name: it has a certificate for it that every client takes.
    this.local = isOurs ? `https://localhost:${running.port}` : undefined
    this.#propose()
  }

  /** A domain of OKMS somewhere. */
  readonly isRegional = $derived.by(
    () => this.certificate.okmsDomainId !== undefined && this.local === undefined,
  )

  /** The page that a browser with the certificate can open; undefined where none is known. */
  readonly page = $derived.by(() => {
    if (this.local !== undefined) return `${this.local}/docs/try/`
    return this.isRegional ? `${okmsAddress(this.region)}/swagger/` : undefined
  })

  /** Where the server is that was asked; undefined while the address is none. */
  readonly server = $derived.by(() => /^https:\/\/[^/?#\s]+/i.exec(this.url.trim())?.[0])

  chooseRegion(region: string): void {
    this.region = region
    this.#propose()
  }

  /** The settings of the domain: every certificate of it may read them. */
  #propose(): void {
    const { okmsDomainId } = this.certificate
    if (okmsDomainId === undefined) return
    const server = this.local ?? okmsAddress(this.region)
    this.url = `${server}/api/${okmsDomainId}/v2/secretConfig`
  }

  async probe(): Promise<void> {
    if (this.isWorking) return
    this.isWorking = true
    this.error = this.result = undefined
    try {
      this.authorities = (await this.authority?.text()) ?? ''
      const url = this.url.trim()
      this.result = await this.certificates.probe(this.certificate.id, url, this.authorities)
    } catch (error) {
      this.error = error
    }
    this.isWorking = false
  }

  async openPage(): Promise<void> {
    if (this.page === undefined) return
    this.error = undefined
    try {
      await call('keptCertificate.openPage', { address: this.page })
    } catch (error) {
      this.error = error
    }
  }
}
