import { basename } from 'node:path'
import { CoffretError, type FailureCode } from '../contract/errors'
import type { StoreSummary, VaultId, VaultSummary } from '../contract/model'
import type { SecretStore } from '../kv/secret-store'
import type { LocalVault } from '../vault/local-vault'
import type { StoreSnapshot } from '../vault/store-snapshots'

/** The extension of a vault file. */
export const vaultExtension = '.coffret'

/** A known vault file: open, or with the reason why it is not. */
export type Entry = { readonly id: VaultId; readonly file: string } & (
  { readonly vault: LocalVault } | { readonly problem: FailureCode }
)

/** What a list shows of a known vault. */
export function summaryOf(entry: Entry): VaultSummary {
  const { id, file } = entry
  if ('problem' in entry) {
    const label = basename(file, vaultExtension)
    return { id, file, label, status: 'unreachable', stores: [], problem: entry.problem }
  }
  const { vault } = entry
  if (vault.isLocked) {
    const { label } = vault
    return { id, file, label, status: 'locked', stores: [], ...waysInto(vault) }
  }
  const { label } = vault
  // Nothing can be read of it; whoever shows it keeps what was there.
  if (vault.isReplaced) {
    return { id, file, label, status: 'unlocked', stores: [], isReplaced: true }
  }
  const snapshots = vault.storeSnapshots.list()
  const stores = vault.stores().map((store) => {
    const summary = storeSummaryOf(store)
    const found = snapshots.find((one) => one.id === store.id)
    return found === undefined ? summary : asSnapshot(summary, found)
  })
  return { id, file, label, status: 'unlocked', stores, ...noticedIn(vault) }
}

/** What people are to hear of the file of an unlocked vault. */
function noticedIn({ discontinuity, findings }: LocalVault): Partial<VaultSummary> {
  return {
    ...(discontinuity === undefined ? {} : { discontinuity }),
    ...(findings.length === 0 ? {} : { foreignJournals: findings.map(({ keptAs }) => keptAs) }),
  }
}

/** Nothing when the file cannot be read just now: unlocking will say why. */
function waysInto({ keys }: LocalVault): Pick<VaultSummary, 'ways' | 'pinTriesLeft'> {
  try {
    const { pinTriesLeft } = keys
    return { ways: keys.ways(), ...(pinTriesLeft > 0 ? { pinTriesLeft } : {}) }
  } catch (error) {
    if (error instanceof CoffretError) return {}
    throw error
  }
}

/** The backups of a vault that are open, as vaults of their own that can only be read. */
export function openedBackupsOf({
  id: of,
  label,
  backups: { opened },
}: LocalVault): VaultSummary[] {
  return opened.list().flatMap(({ id, file, madeAt }) => {
    try {
      const stores = opened.stores(id).map(storeSummaryOf)
      return [{ id, file, label, status: 'unlocked', stores, backup: { of, madeAt } }]
    } catch (error) {
      if (!(error instanceof CoffretError)) throw error
      // Its disk is away, or somebody removed the file.
      opened.close(id)
      return []
    }
  })
}

/** A snapshot goes by the name of its store, and says its age. */
function asSnapshot(
  summary: StoreSummary,
  { id: _id, label, ...snapshot }: StoreSnapshot,
): StoreSummary {
  return { ...summary, label, snapshot }
}

function storeSummaryOf(store: SecretStore): StoreSummary {
  return {
    id: store.id,
    label: store.id.slice(store.id.indexOf('/') + 1),
    kind: 'vault',
    status: 'unlocked',
    capabilities: store.capabilities(),
  }
}
