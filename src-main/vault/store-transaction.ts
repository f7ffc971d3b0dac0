import type { EpochMs, MountName, StoreConfig } from '../contract/model'
import { noSettings } from '../kv/settings-rules'
import { readMount, rootOf, type Mount } from './mounts'
import { Tree } from './tree'
import type { UnlockedVault, VaultTransaction } from './unlocked-vault'

/** What an operation on one mount works on, for the length of its transaction. */
export interface StoreTransaction extends VaultTransaction {
  readonly mount: Mount
  readonly tree: Tree
  /** The settings of the store, as the rules take them. */
  readonly config: StoreConfig
  /** The time at which the transaction began, after it had waited for others. */
  readonly now: EpochMs
}

/** KV version 1 is version 2 that keeps one version: a write replaces, and erases, what was there. */
const oneVersion: StoreConfig = { ...noSettings, maxVersions: 1 }

/** Reads one consistent state of a mount. @throws CoffretError `not_found` when the mount is gone */
export function readStore<T>(
  vault: UnlockedVault,
  name: MountName,
  work: (transaction: StoreTransaction) => T,
): T {
  return vault.read((transaction) => work(enterStore(vault, transaction, name)))
}

/** Changes a mount: all that `work` does, or nothing. @throws CoffretError `not_found` */
export function writeStore<T>(
  vault: UnlockedVault,
  name: MountName,
  work: (transaction: StoreTransaction) => T,
): T {
  return vault.write((transaction) => work(enterStore(vault, transaction, name)))
}

/** An operation on the mount of a name, inside a transaction. @throws CoffretError `not_found` */
export function enterStore(
  vault: UnlockedVault,
  transaction: VaultTransaction,
  name: MountName,
): StoreTransaction {
  return enterMount(transaction, readMount(transaction.records, name), vault.clock.now())
}

/** An operation on a mount, inside a transaction. */
export function enterMount(
  transaction: VaultTransaction,
  mount: Mount,
  now: EpochMs,
): StoreTransaction {
  const { records, names, scan, audit } = transaction
  const tree = new Tree(transaction, rootOf(mount))
  const config = mount.version === 1 ? oneVersion : mount.config
  return { records, names, scan, audit, mount, tree, config, now }
}
