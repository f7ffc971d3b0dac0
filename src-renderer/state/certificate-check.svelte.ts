import { call } from '../bridge'
import type { CallOutput } from '../../src-main/contract/calls'
import type { KeptCertificate } from '../../src-main/contract/kept-certificate'
import type { LocalApiStatus } from '../../src-main/contract/listener-calls'
import type { DomainSummary } from '../../src-main/contract/domain-calls'
import type { VaultSummary } from '../../src-main/contract/model'
import { okmsAddress, okmsRegions, regionOfAddress } from '../../src-main/contract/okms-regions'
import type { KeptCertificates } from './kept-certificates.svelte'

/** Where a certificate may belong. */
export interface KnownServers {
  readonly running: LocalApiStatus['running']
  readonly vaults: readonly VaultSummary[]
  /** That of the certificate says where its server is. */
  readonly domains: readonly DomainSummary[]
}

/** A kept certificate that is shown to a server. */
export class CertificateCheck {
  /** It is of the local API, which runs at this address. */
  readonly local: string | undefined
  /** It is of the local API of a vault, which nobody listens for. */
  readonly isOff: boolean
  url = $state('')
  authority = $state.raw<File>()
  /** Who was trusted beside the public ones when the server was asked last, PEM. */
  authorities = $state('')
  isWorking = $state(false)
  error = $state.raw<unknown>()
  #answer = $state.raw<{
    readonly url: string
    readonly result: CallOutput<'keptCertificate.probe'>
  }>()

  constructor(
    private readonly certificates: KeptCertificates,
    readonly certificate: KeptCertificate,
    private readonly servers: KnownServers,
  ) {
    const { running, vaults } = servers
    const isOurs = running !== undefined && running.vault === certificate.okmsDomainId
    this.isOff = !isOurs && vaults.some(({ id }) => id === certificate.okmsDomainId)
    // By this name: it has a certificate for it that every client takes.
    this.local = isOurs ? `https://localhost:${running.port}` : undefined
    const usual = okmsAddress(okmsRegions[0]?.id ?? '')
    if (!this.isOff) this.#propose(this.local ?? this.#known?.address ?? usual)
  }

  /** What the server said; undefined once the address is another. */
  readonly result = $derived.by(() =>
    this.#answer?.url === this.url.trim() ? this.#answer.result : undefined,
  )

  /** A domain of OKMS somewhere. */
  readonly isRegional = $derived.by(
    () => this.certificate.okmsDomainId !== undefined && this.local === undefined && !this.isOff,
  )

  /** Where the server is that was asked; undefined while the address is none. */
  readonly server = $derived.by(() =>
    /^https:\/\/[^/?#\s]+/i.exec(this.url.trim())?.[0].toLowerCase(),
  )

  /** That of the address; empty for a host of one's own. */
  readonly region = $derived.by(() => regionOfAddress(this.server ?? '') ?? '')

  /** Coffret knows the server already. */
  readonly isKnown = $derived.by(() => this.local !== undefined || this.#asked !== undefined)

  /** The page that a browser with the certificate can open; undefined where none is known. */
  readonly page = $derived.by(() => {
    if (this.local !== undefined) return `${this.local}/docs/try/`
    return this.isRegional && this.region !== ''
      ? `${okmsAddress(this.region)}/swagger/`
      : undefined
  })

  chooseRegion(region: string): void {
    if (region !== '') this.#propose(okmsAddress(region))
  }

  /** The domain whose server the address is of. */
  readonly #asked = $derived.by(() =>
    this.servers.domains.find(({ address }) => `${this.url.trim()}/`.startsWith(`${address}/`)),
  )

  get #known(): DomainSummary | undefined {
    const { okmsDomainId } = this.certificate
    return this.servers.domains.find(
      ({ okmsId }) => okmsId !== undefined && okmsId === okmsDomainId,
    )
  }

  /** The settings of the domain: every certificate of it may read them. */
  #propose(server: string): void {
    const { okmsDomainId } = this.certificate
    if (okmsDomainId === undefined) return
    this.url = `${server}/api/${okmsDomainId}/v2/secretConfig`
  }

  async probe(): Promise<void> {
    if (this.isWorking) return
    this.isWorking = true
    this.error = this.#answer = undefined
    const url = this.url.trim()
    try {
      this.authorities = (await this.authority?.text()) ?? (await this.#knownAuthorities())
      const result = await this.certificates.probe(this.certificate.id, url, this.authorities)
      this.#answer = { url, result }
    } catch (error) {
      this.error = error
    }
    this.isWorking = false
  }

  /** As the domain itself is entered, where it is that server. */
  async #knownAuthorities(): Promise<string> {
    if (this.#asked === undefined) return ''
    const { authorities } = await call('domain.profile', { domain: this.#asked.id })
    return authorities.kind === 'own' ? authorities.pem : ''
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
