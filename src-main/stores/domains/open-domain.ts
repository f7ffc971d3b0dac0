import type { DomainMount, DomainProfile } from '../../contract/domain'
import type { DomainSummary } from '../../contract/domain-calls'
import { CoffretError } from '../../contract/errors'
import type { EpochMs, StoreId, StoreSummary } from '../../contract/model'
import type { RemoteReason } from '../../contract/remote-failure'
import { dueWarning } from '../../kv/expiry-rules'
import type { SecretStore } from '../../kv/secret-store'
import {
  capabilitiesAt,
  mountsIn,
  RemoteDomain,
  type DomainEnvironment,
} from '../../remote/remote-domain'
import type { LocalVault } from '../../vault/local-vault'
import { DomainSearch } from './domain-search'
import { statusAfter, storeStatusOf, type Status } from './domain-status'
import { KnownListing } from './known-listing'
import { NotedStore } from './noted-store'

/** What a domain stands on. */
export interface DomainPorts extends DomainEnvironment {
  /** Its summary says something else now. */
  onChange(): void
  /** Secrets of a store arrived, or changed. @param isEnd nothing more comes for now */
  onSecrets(store: StoreId, isEnd: boolean): void
}

/** A domain of an unlocked vault: nothing is sent before something is asked for. */
export class OpenDomain {
  readonly search: DomainSearch
  #remote: RemoteDomain | undefined
  #mounts: readonly DomainMount[] | undefined
  readonly #listings = new Map<string, KnownListing>()
  #status: Status = 'idle'
  #reason: RemoteReason | undefined
  #checkedAt: EpochMs | undefined
  #isClosed = false

  constructor(
    readonly vault: LocalVault,
    readonly profile: DomainProfile,
    private readonly ports: DomainPorts,
  ) {
    this.search = new DomainSearch(profile.id, () => this.#allListings())
    this.#mounts = mountsIn(profile) ?? this.#keptMounts()
  }

  get id(): DomainProfile['id'] {
    return this.profile.id
  }

  summary(): DomainSummary {
    const { id, label, kind, address, expiresAt } = this.profile
    const stores = this.#allListings().map((listing) => this.#storeSummary(listing))
    const ages = stores.flatMap(({ listing }) => listing?.listedAt ?? [])
    const due = expiresAt && dueWarning(expiresAt, this.ports.clock.now())
    const isExpired = due === 0
    return {
      ...{ id, vault: this.vault.id, label, kind, address, stores },
      ...okmsPlaceOf(this.profile),
      status: isExpired ? 'expired' : this.#status,
      ...(isExpired ? { reason: 'certificate_expired' } : reasonOf(this.#reason)),
      ...(this.#checkedAt === undefined ? {} : { checkedAt: this.#checkedAt }),
      ...(ages.length === 0 ? {} : { listedAt: Math.min(...ages) as EpochMs }),
      ...(expiresAt === undefined ? {} : { credentialEndsAt: expiresAt }),
      ...(due === undefined ? {} : { endsWithinDays: due }),
    }
  }

  /** @throws CoffretError `not_found` for a mount that is not known */
  store(id: StoreId): SecretStore {
    const listing = this.listing(id)
    const { mount } = listing
    return new NotedStore({
      id,
      capabilities: capabilitiesAt(this.profile, mount, this.ports.clock),
      store: () => this.#entered().store(mount),
      noting: (work) => this.#noting(work),
      listing,
      now: () => this.ports.clock.now(),
    })
  }

  /** What is known of a store's secrets. @throws CoffretError `not_found` for a mount that is not known */
  listing(id: StoreId): KnownListing {
    const found = this.#allListings().find(({ mount }) => this.#storeId(mount) === id)
    if (found === undefined) throw new CoffretError('not_found', 'the domain has no such store')
    return found
  }

  /** Somebody looks at it: what was not read since the vault was unlocked is read. */
  async open(): Promise<void> {
    await this.#findMounts(false)
    for (const listing of this.#allListings()) if (!listing.wasRead) listing.begin()
  }

  /** Reads mounts and lists again. */
  async refresh(): Promise<void> {
    await this.#findMounts(true)
    for (const listing of this.#allListings()) listing.begin()
  }

  /** Ends the reading of lists. */
  stopListing(): void {
    for (const listing of this.#listings.values()) listing.stop()
  }

  /** Ends what runs, and lets the credential go. JavaScript cannot promise that its text is wiped. */
  close(): void {
    this.#isClosed = true
    this.stopListing()
    this.#remote?.close()
    this.#remote = undefined
  }

  /** @throws RemoteFailure for a credential that cannot work; CoffretError `locked` */
  #entered(): RemoteDomain {
    if (this.#isClosed) throw new CoffretError('locked', 'the vault of the domain is locked')
    const { vault, profile, ports } = this
    this.#remote ??= new RemoteDomain(profile, vault.domains.secretOf(profile.id), ports)
    return this.#remote
  }

  async #findMounts(again: boolean): Promise<void> {
    if (mountsIn(this.profile) !== undefined || (this.#mounts !== undefined && !again)) return
    this.#mounts = await this.#noting(() => this.#entered().mounts({ again }))
    this.ports.onChange()
  }

  async #noting<T>(work: () => Promise<T>): Promise<T> {
    this.#begun()
    try {
      const result = await work()
      this.#note({ status: 'ready' })
      return result
    } catch (error) {
      this.#failed(error)
      throw error
    }
  }

  #begun(): void {
    if (this.#status === 'idle') this.#turn('connecting', undefined)
  }

  #failed(error: unknown): void {
    const noted = statusAfter(error)
    if (noted !== undefined) this.#note(noted)
    // Nobody knows more than before.
    else if (this.#status === 'connecting') this.#turn('idle', undefined)
  }

  #note({ status, reason }: { status: Status; reason?: RemoteReason }): void {
    this.#checkedAt = this.ports.clock.now()
    this.#turn(status, reason)
  }

  #turn(status: Status, reason: RemoteReason | undefined): void {
    if (this.#isClosed || (status === this.#status && reason === this.#reason)) return
    this.#status = status
    this.#reason = reason
    this.ports.onChange()
  }

  #allListings(): readonly KnownListing[] {
    return (this.#mounts ?? []).map((mount) => {
      const key = `${mount.version} ${mount.name}`
      const known = this.#listings.get(key)
      if (known !== undefined) return known
      const listing = this.#newListing(mount)
      this.#listings.set(key, listing)
      return listing
    })
  }

  #newListing(mount: DomainMount): KnownListing {
    const { lists } = this.vault
    const { id } = this.profile
    const isOf = (one: DomainMount) => one.name === mount.name && one.version === mount.version
    return new KnownListing(mount, {
      clock: this.ports.clock,
      arrivals: (signal) => this.#arrivals(mount, signal),
      head: () => unlessDamaged(() => lists.heads(id))?.find((head) => isOf(head.mount)),
      load: () => {
        const list = unlessDamaged(() => lists.read(id, mount.name))
        return list !== undefined && isOf(list.mount) ? list : undefined
      },
      // What cannot be kept now is kept the next time; it is a copy of what the server knows.
      save: (list) => unlessDamaged(() => lists.write(id, list)),
      onChange: (isEnd) => {
        if (!this.#isClosed) this.ports.onSecrets(this.#storeId(mount), isEnd)
      },
    })
  }

  async *#arrivals(mount: DomainMount, signal: AbortSignal) {
    this.#begun()
    try {
      for await (const arrival of this.#entered().arrivals(mount, signal)) {
        this.#note({ status: 'ready' })
        yield arrival
      }
      this.#note({ status: 'ready' })
    } catch (error) {
      this.#failed(error)
      throw error
    }
  }

  #keptMounts(): readonly DomainMount[] | undefined {
    const heads = unlessDamaged(() => this.vault.lists.heads(this.profile.id)) ?? []
    return heads.length === 0 ? undefined : heads.map(({ mount }) => mount)
  }

  #storeSummary(listing: KnownListing): StoreSummary {
    const { mount } = listing
    return {
      id: this.#storeId(mount),
      label: mount.name,
      kind: 'domain',
      status: storeStatusOf(this.#status),
      capabilities: capabilitiesAt(this.profile, mount, this.ports.clock),
      listing: listing.state(),
    }
  }

  #storeId({ name }: DomainMount): StoreId {
    return `${this.profile.id}/${name}` as StoreId
  }
}

function okmsPlaceOf(profile: DomainProfile): Pick<DomainSummary, 'okmsId' | 'region'> {
  if (profile.kind === 'vault') return {}
  const { okmsId, region } = profile
  return region === undefined ? { okmsId } : { okmsId, region }
}

function reasonOf(reason: RemoteReason | undefined): Pick<DomainSummary, 'reason'> {
  return reason === undefined ? {} : { reason }
}

/** A list is only a copy: where it is damaged, or cannot be kept, there is none. */
function unlessDamaged<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof CoffretError) return undefined
    throw error
  }
}
