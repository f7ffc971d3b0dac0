import type { CopyReport } from '../../contract/copy-calls'
import type { EpochMs, SecretPath, StoreId } from '../../contract/model'
import type { CopyJob } from '../../kv/copy-journal'
import type { SecretStore } from '../../kv/secret-store'
import { unlessFailing } from './bounded'
import type { CopyEnds } from './ends'
import type { PlannedItem } from './plan-copy'
import { pathsBelow } from './subtree'

/** The snapshots of the unlocked vaults, as copying needs them. */
export interface SnapshotShelves {
  /** The store of a snapshot, to be written to. @throws CoffretError `not_found`, `locked` */
  writable(snapshot: StoreId): SecretStore
  /** Notes that a snapshot holds what its store held then. @param missing how many secrets it lacks */
  finished(snapshot: StoreId, takenAt: EpochMs, missing: number): void
}

/** Erases from a snapshot what its store has no more, and notes its age. @throws CoffretError */
export async function finishSnapshot(
  snapshots: SnapshotShelves,
  { target, order }: CopyEnds,
  { startedAt }: CopyJob,
  { items, report }: { items: readonly PlannedItem[]; report: CopyReport },
): Promise<void> {
  const kept = new Set<SecretPath>()
  let missing = report.counts.failed + report.counts.changed
  for (const { to, action } of items) {
    // What is deactivated there can no longer be read here either.
    if (action !== 'inactive') kept.add(to)
    if (isMissing(action)) missing += 1
  }
  for (const path of await pathsBelow(target, order.to.path)) {
    if (!kept.has(path)) await unlessFailing(['not_found'], undefined, target.remove(path))
  }
  snapshots.finished(order.to.store, startedAt, missing)
}

function isMissing(action: PlannedItem['action']): boolean {
  return ['notAllowed', 'unreadable', 'tooLarge', 'notExpressible'].includes(action)
}
