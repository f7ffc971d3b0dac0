import type { CredentialBook } from '../kv/credential-book'
import type { ServedVault } from '../kv/mount-table'
import type { LocalVault } from '../vault/local-vault'

/** What a listener serves. */
export interface VaultToServe {
  readonly vault: ServedVault
  readonly book: CredentialBook
}

const known = new WeakMap<LocalVault, VaultToServe>()

/**
 * A vault as the API for programs sees it: always the same object for the same vault.
 * @param hasAudit false for measuring what the audit log costs; the first call decides
 */
export function vaultToServe(vault: LocalVault, hasAudit = true): VaultToServe {
  const made = known.get(vault) ?? { vault: served(vault, hasAudit), book: vault.credentials }
  known.set(vault, made)
  return made
}

function served(vault: LocalVault, hasAudit: boolean): ServedVault {
  return {
    id: vault.id,
    isLocked: () => vault.isLocked,
    mounts: vault.mounts,
    snapshots: vault.snapshots,
    storeOf: (mount, ticket) => vault.storeOf(mount, ticket),
    ...(hasAudit ? { audit: vault.audit } : {}),
  }
}
