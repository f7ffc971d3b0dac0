import type { CredentialBook } from '../kv/credential-book'
import type { ServedVault } from '../kv/mount-table'
import type { LocalVault } from '../vault/local-vault'
import { isEndedSession } from './session-credential'

/** What a listener serves. */
export interface VaultToServe {
  readonly vault: ServedVault
  readonly book: Pick<CredentialBook, 'find' | 'touch' | 'revoke'>
}

/** How a vault is served. */
export interface Serving {
  /** False for measuring what the audit log costs. */
  readonly hasAudit?: boolean
  /** Revokes a credential where more than the book has to know of it, such as the list of a listener. */
  readonly revoke?: CredentialBook['revoke']
}

const known = new WeakMap<LocalVault, VaultToServe>()

/** A vault as the API for programs sees it: always the same object for the same vault; the first call decides. */
export function vaultToServe(vault: LocalVault, serving: Serving = {}): VaultToServe {
  const made = known.get(vault) ?? { vault: served(vault, serving), book: bookOf(vault, serving) }
  known.set(vault, made)
  return made
}

function bookOf({ credentials }: LocalVault, { revoke }: Serving): VaultToServe['book'] {
  return {
    find: (kind, hash) => {
      const found = credentials.find(kind, hash)
      return found === undefined || isEndedSession(found.name) ? undefined : found
    },
    touch: (id) => credentials.touch(id),
    revoke: revoke ?? ((id) => credentials.revoke(id)),
  }
}

function served(vault: LocalVault, { hasAudit = true }: Serving): ServedVault {
  return {
    id: vault.id,
    isLocked: () => vault.isLocked,
    mounts: vault.mounts,
    snapshots: vault.snapshots,
    storeOf: (mount, ticket) => vault.storeOf(mount, ticket),
    ...(hasAudit ? { audit: vault.audit } : {}),
  }
}
