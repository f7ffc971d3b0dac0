import { z } from 'zod'
import { call, nothing } from './call'
import { WorkId } from './compare-calls'
import { CopyReport } from './copy-calls'
import { EpochMs, StoreId, VaultId } from './model'

/** An offline copy of a store, kept in a vault. It is listed among the stores of that vault too. */
export const SnapshotSummary = z.object({
  id: StoreId,
  /** The store that it is of. */
  of: StoreId,
  /** What that store was called when it was made. */
  label: z.string(),
  /** When what it holds was read; absent until it was filled once. */
  takenAt: EpochMs.optional(),
  /** How many secrets of the store it lacks. */
  missing: z.number().int().min(0).optional(),
})
export type SnapshotSummary = z.infer<typeof SnapshotSummary>

/** What filling a snapshot did. */
const Filled = z.object({ snapshot: SnapshotSummary, report: CopyReport })

/**
 * Read-only offline copies of stores: the current versions, with their custom metadata. Long work tells how
 * far it is by `copy.progress`; `copy.cancel` stops it, and `copy.resume` goes on.
 */
export const snapshotCalls = {
  'snapshot.list': call(z.strictObject({ vault: VaultId }), z.array(SnapshotSummary).readonly()),
  /**
   * Makes one and fills it. One that was stopped stays, without an age.
   * @throws CoffretError `cancelled`, `forbidden` (the list of the store), `locked`, `invalid`
   */
  'snapshot.take': call(
    z.strictObject({ work: WorkId, vault: VaultId, store: StoreId, label: z.string().max(256) }),
    Filled,
  ),
  /** Brings one to what its store holds now. @throws CoffretError as `snapshot.take`, `not_found` */
  'snapshot.refresh': call(z.strictObject({ work: WorkId, snapshot: StoreId }), Filled),
  /** Erases one. @throws CoffretError `not_found`, `locked` */
  'snapshot.remove': call(z.strictObject({ snapshot: StoreId }), nothing),
} as const
