import {
  DomainDraft,
  type DomainKind,
  type DomainProfile,
  type TrustedAuthorities,
} from '../../src-main/contract/domain'
import type { DomainInspection, ImportedProfile } from '../../src-main/contract/domain-calls'
import { okmsAddress, regionOfAddress } from '../../src-main/contract/okms-regions'

/** What kinds of server there are, as people tell them apart. */
export type DomainServer = 'okms' | 'central' | 'vault'

/** Fields that can be wrong. */
export type DomainField =
  | 'label'
  | 'address'
  | 'okmsId'
  | 'proxy'
  | 'authorities'
  | 'namespace'
  | 'loginMount'
  | 'mounts'
  | 'region'

/** The central API of OVHcloud in Europe. Source: okms-api 11. */
const centralAddress = 'https://eu.api.ovh.com/v2'

/** A domain as it is typed. */
export class DomainForm {
  server = $state<DomainServer>('okms')
  api = $state<'rest' | 'kv2'>('rest')
  label = $state('')
  /** Empty for a host of one's own. */
  region = $state('')
  address = $state('')
  okmsId = $state('')
  trust = $state<'public' | 'own' | 'both'>('public')
  pem = $state('')
  proxy = $state('')
  namespace = $state('')
  loginMount = $state('')
  mounts = $state('')
  isTried = $state(false)
  /** What fields were taken over from. */
  #proposed: DomainInspection | undefined

  /** A region's address is known; otherwise it is typed. */
  chooseRegion(region: string): void {
    this.region = region
    this.address = region === '' ? '' : okmsAddress(region)
  }

  /** An address says its region, where that is known. */
  chooseAddress(address: string): void {
    this.region = regionOfAddress(address) ?? ''
    this.address = address
  }

  /** @param pem authorities to be trusted beside the public ones */
  trustAlso(pem: string): void {
    this.trust = 'both'
    this.pem = pem
  }

  chooseServer(server: DomainServer): void {
    this.server = server
    if (server === 'central') {
      this.region = ''
      this.address = centralAddress
    } else if (this.address === centralAddress) this.address = ''
  }

  /** The same place by its name, where the address is a number of this computer; otherwise undefined. */
  readonly namedAddress: string | undefined = $derived.by(() => {
    const loopback = /^\s*https:\/\/(?:127\.0\.0\.1|\[::1\])(?=[:/]|\s*$)/i
    return loopback.test(this.address)
      ? this.address.replace(loopback, 'https://localhost').trim()
      : undefined
  })

  readonly kind: DomainKind = $derived.by(() => {
    if (this.server === 'vault') return 'vault'
    if (this.server === 'central') return 'okms-central'
    return this.api === 'rest' ? 'okms-rest' : 'okms-kv2'
  })

  readonly #parsed = $derived.by(() => DomainDraft.safeParse(this.#typed()))

  /** Undefined while something is wrong. */
  readonly draft: DomainDraft | undefined = $derived(this.#parsed.data)

  /** What is wrong, once it was tried. */
  readonly wrong: ReadonlySet<string> = $derived.by(() => {
    if (!this.isTried || this.#parsed.success) return new Set<string>()
    return new Set(this.#parsed.error.issues.map(({ path: [field] }) => String(field)))
  })

  #typed() {
    const { kind } = this
    const common = {
      kind,
      label: this.label,
      address: this.address,
      authorities: this.#authorities(),
      ...(this.proxy.trim() === '' ? {} : { proxy: this.proxy }),
    }
    if (kind !== 'vault') {
      const region = this.region || regionOfAddress(this.address)
      return { ...common, okmsId: this.okmsId.trim().toLowerCase(), ...(region ? { region } : {}) }
    }
    const mounts = this.mounts.split(/[\s,]+/).filter((one) => one !== '')
    return {
      ...common,
      ...(this.namespace.trim() === '' ? {} : { namespace: this.namespace.trim() }),
      ...(this.loginMount.trim() === '' ? {} : { loginMount: this.loginMount.trim() }),
      ...(mounts.length === 0 ? {} : { mounts: mounts.map(mountOf) }),
    }
  }

  #authorities(): TrustedAuthorities {
    if (this.trust === 'public') return { kind: 'public' }
    return { kind: 'own', pem: this.pem, withPublic: this.trust === 'both' }
  }

  /** Takes over what files say, where nothing was typed. */
  propose(inspection: DomainInspection): void {
    const { okmsId, proposal, report } = inspection
    // Of a file that needs its password nothing is known yet.
    if (report.certificates.length === 0) return
    // A certificate knows its domain; who then types another one means it.
    const isNew = inspection !== this.#proposed
    this.#proposed = inspection
    if (okmsId !== undefined && (isNew || this.okmsId === '')) this.okmsId = okmsId
    if (proposal.kind === 'vault' && okmsId === undefined && this.server === 'okms') {
      this.chooseServer('vault')
    }
    if (this.label === '') this.label = proposal.label
    if (this.address === '' && proposal.address !== undefined) this.address = proposal.address
    if (this.region === '' && proposal.region !== undefined) this.region = proposal.region
  }

  /** Takes over a profile of okms-cli. */
  takeProfile({ name, address, region, okmsId }: ImportedProfile): void {
    this.chooseServer('okms')
    this.label = name
    this.address = address ?? ''
    this.region = region ?? ''
    if (okmsId !== undefined) this.okmsId = okmsId
  }

  /** Shows what is kept of a domain. */
  show(profile: DomainProfile): void {
    this.label = profile.label
    this.address = profile.address
    this.proxy = profile.proxy ?? ''
    const { authorities } = profile
    if (authorities.kind === 'own') {
      this.trust = authorities.withPublic ? 'both' : 'own'
      this.pem = authorities.pem
    }
    if (profile.kind === 'vault') {
      this.server = 'vault'
      this.namespace = profile.namespace ?? ''
      this.loginMount = profile.loginMount ?? ''
      this.mounts = (profile.mounts ?? [])
        .map(({ name, version }) => (version === 1 ? `${name}:1` : name))
        .join(' ')
      return
    }
    this.server = profile.kind === 'okms-central' ? 'central' : 'okms'
    this.api = profile.kind === 'okms-kv2' ? 'kv2' : 'rest'
    this.okmsId = profile.okmsId
    this.region = profile.region ?? ''
  }
}

/** `name`, or `name:1` for a mount of KV1. */
function mountOf(text: string): { name: string; version: 1 | 2 } {
  const isFirst = text.endsWith(':1')
  return { name: text.replace(/:[12]$/, ''), version: isFirst ? 1 : 2 }
}
