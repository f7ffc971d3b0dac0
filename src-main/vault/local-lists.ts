import type { DomainId } from '../contract/domain'
import { CoffretError } from '../contract/errors'
import type { MountName } from '../contract/model'
import type { KnownList, KnownListHead, ListShelf } from '../kv/list-shelf'
import { findDomain } from './domain-records'
import { eraseLists, readHeads, readList, writeList } from './list-records'
import type { UnlockedVault } from './unlocked-vault'

/** The last known lists of domains, sealed in a vault: to be seen and searched while a server is away. */
export class LocalLists implements ListShelf {
  /** @param unlocked gives the vault, or throws `locked` */
  constructor(private readonly unlocked: () => UnlockedVault) {}

  heads(domain: DomainId): readonly KnownListHead[] {
    return this.unlocked().read(({ records }) => readHeads(records, domain))
  }

  read(domain: DomainId, mount: MountName): KnownList | undefined {
    return this.unlocked().read(({ records }) => readList(records, domain, mount))
  }

  write(domain: DomainId, list: KnownList): void {
    this.unlocked().write(({ records }) => {
      // Another program may have removed it while its list was read.
      if (findDomain(records, domain) === undefined) {
        throw new CoffretError('not_found', 'the vault has no such domain')
      }
      writeList(records, domain, list)
    })
  }

  remove(domain: DomainId): void {
    this.unlocked().write(({ records }) => eraseLists(records, domain))
  }
}
