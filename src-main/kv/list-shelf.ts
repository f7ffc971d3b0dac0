import type { DomainId, DomainMount } from '../contract/domain'
import type { EpochMs, MountName, SecretSummary } from '../contract/model'

/** What is said of a list without reading it. */
export interface KnownListHead {
  readonly mount: DomainMount
  /** When the list was whole. */
  readonly listedAt: EpochMs
  readonly count: number
}

/** The secrets that a domain had when it was last asked: no value, and no key name. */
export interface KnownList extends Omit<KnownListHead, 'count'> {
  /** In any order, each path once. */
  readonly rows: readonly SecretSummary[]
}

/** The port to the last known lists of domains, sealed in a vault. Each method is one transaction. */
export interface ListShelf {
  /** @throws CoffretError `locked`, `corrupt` */
  heads(domain: DomainId): readonly KnownListHead[]
  /** Undefined when there is none. @throws CoffretError `locked`, `corrupt` */
  read(domain: DomainId, mount: MountName): KnownList | undefined
  /** Replaces the list of a mount. @throws CoffretError `locked`, `corrupt`, `not_found` without the domain */
  write(domain: DomainId, list: KnownList): void
  /** Erases the lists of a domain. @throws CoffretError `locked`, `corrupt` */
  remove(domain: DomainId): void
}
