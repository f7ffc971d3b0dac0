import type { DomainId, DomainProfile } from '../contract/domain'
import { CoffretError } from '../contract/errors'
import { compareBytes } from '../kv/byte-order'
import type { DomainBook, DomainSecret } from '../kv/domain-book'
import {
  allDomains,
  findDomain,
  putDomain,
  removeDomain,
  type StoredDomain,
} from './domain-records'
import { eraseLists } from './list-records'
import type { UnlockedVault, VaultTransaction } from './unlocked-vault'

/** How many domains a vault has at most. */
export const maxDomains = 200

/** The domains that a vault leads to, sealed in it with their keys. Each method is one transaction. */
export class LocalDomains implements DomainBook {
  /** @param unlocked gives the vault, or throws `locked` */
  constructor(private readonly unlocked: () => UnlockedVault) {}

  list(): readonly DomainProfile[] {
    return this.unlocked()
      .read(({ records }) => allDomains(records))
      .map(({ profile }) => profile)
      .sort((a, b) => compareBytes(a.label, b.label))
  }

  find(id: DomainId): DomainProfile {
    return this.#existing(id).profile
  }

  secretOf(id: DomainId): DomainSecret {
    return this.#existing(id).secret
  }

  add(profile: DomainProfile, secret: DomainSecret): void {
    checkKind(profile, secret)
    this.unlocked().write(({ records }) => {
      const known = allDomains(records)
      if (known.some(({ profile: { id } }) => id === profile.id)) {
        throw new CoffretError('exists', 'the vault has this domain already')
      }
      if (known.length >= maxDomains) {
        throw new CoffretError('invalid', `a vault has at most ${maxDomains} domains`)
      }
      putDomain(records, { profile, secret })
    })
  }

  change(profile: DomainProfile, secret?: DomainSecret): void {
    this.unlocked().write((transaction) => {
      const known = existing(transaction, profile.id)
      const kept = secret ?? known.secret
      checkKind(profile, kept)
      putDomain(transaction.records, { profile, secret: kept })
    })
  }

  /** Also erases what is known of its secrets. */
  remove(id: DomainId): void {
    this.unlocked().write(({ records }) => {
      if (!removeDomain(records, id)) throw missing()
      eraseLists(records, id)
    })
  }

  #existing(id: DomainId): StoredDomain {
    return this.unlocked().read((transaction) => existing(transaction, id))
  }
}

function existing({ records }: VaultTransaction, id: DomainId): StoredDomain {
  const found = findDomain(records, id)
  if (found === undefined) throw missing()
  return found
}

function missing(): CoffretError {
  return new CoffretError('not_found', 'the vault has no such domain')
}

function checkKind({ auth }: DomainProfile, { kind }: DomainSecret): void {
  if (auth !== kind) throw new CoffretError('invalid', `a ${auth} is expected`, { field: 'secret' })
}
