import type { DomainSummary } from '../../src-main/contract/domain-calls'
import type { StoreSummary, VaultSummary } from '../../src-main/contract/model'

/** A store, and whose it is. */
export interface StorePlace {
  readonly store: StoreSummary
  /** The vault or the domain. */
  readonly owner: string
}

/** Every store that is open: those of vaults, but for backups, then those of domains. */
export function placesOf(
  vaults: readonly VaultSummary[],
  domains: readonly DomainSummary[],
): StorePlace[] {
  const own = vaults.filter(({ backup }) => backup === undefined)
  return [...own, ...domains].flatMap(({ label, stores }) =>
    stores.map((store) => ({ store, owner: label })),
  )
}

/** Whether secrets can be written into a store. */
export function isTarget({ store }: StorePlace): boolean {
  return store.capabilities.includes('write')
}
