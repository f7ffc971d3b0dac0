import { z } from 'zod'
import { call, nothing } from './call'
import { FolderOfStore, WorkId } from './compare-calls'
import { failureCodes } from './errors'
import { EpochMs, SecretPath, VaultId } from './model'

/** How many secrets a plan or a report names at most; its counts go on. */
export const maxCopyRows = 1000

/** How a copy is made. */
export const CopyPolicy = z.strictObject({
  /** `latest`: the current version. `all`: every version that can be read, in order. */
  versions: z.enum(['latest', 'all']),
  /**
   * What happens to a path that holds other data. `newVersion` needs a store with versions; elsewhere it is
   * as `skip`, since nothing is overwritten for good. `rename` copies beside it: `name-copy`.
   */
  conflicts: z.enum(['skip', 'newVersion', 'rename']),
  /** Settings and custom metadata go along, where the target has them. */
  settings: z.boolean(),
  /** The source is deleted once its copy was verified: into its bin, or for good where there is none. */
  move: z.boolean(),
  /** A move deletes for good also what the target does not get: versions and words that stay behind. */
  acceptLoss: z.boolean(),
})
export type CopyPolicy = z.infer<typeof CopyPolicy>

/** What is to be copied, and where to. */
export const CopyOrder = z.strictObject({
  /** `folder`: everything below `from`, to below `to`; empty paths are whole stores. */
  kind: z.enum(['secret', 'folder']),
  from: FolderOfStore,
  to: FolderOfStore,
  policy: CopyPolicy,
})
export type CopyOrder = z.infer<typeof CopyOrder>

/** What the plan of a copy says of a secret. */
export const CopyAction = z.enum([
  'create',
  'newVersion',
  /** As a new secret beside one that holds other data. */
  'rename',
  /** The target has the same data. */
  'identical',
  /** Only settings and custom metadata differ: of snapshots alone. */
  'settings',
  /** The target has other data, and it stays. */
  'conflict',
  /** The value may not be read. */
  'notAllowed',
  /** The current version is deactivated or deleted: there is nothing to copy. */
  'inactive',
  'tooLarge',
  /** The target cannot hold it: see the reason. */
  'notExpressible',
  /** It is damaged. */
  'unreadable',
])
export type CopyAction = z.infer<typeof CopyAction>

/** Why a target cannot hold a secret. */
export const CopyReason = z.enum([
  'path',
  'emptyKey',
  'emptyData',
  'numbers',
  /** A secret without data. */
  'noData',
  /** There is no second version for a conflict. */
  'noVersions',
])
export type CopyReason = z.infer<typeof CopyReason>

const count = z.number().int().min(0)

/** One secret of a plan. Never a value. */
export const CopyRow = z.object({
  from: SecretPath,
  to: SecretPath,
  action: CopyAction,
  reason: CopyReason.optional(),
  /** How many versions are written. */
  versions: count,
  /** Their size; absent when it was not looked at. */
  bytes: count.optional(),
  /** How many versions, settings and words of the source the target does not get. */
  leftBehind: count,
})
export type CopyRow = z.infer<typeof CopyRow>

/** What a copy will do. */
export const CopyPlanReport = z.object({
  counts: z.record(CopyAction, count),
  versions: count,
  bytes: count,
  /** Secrets of which something stays behind. */
  incomplete: count,
  /** A move deletes for good: the source has no bin. */
  deletesForGood: z.boolean(),
  /** The first {@link maxCopyRows}, those that need attention first. */
  rows: z.array(CopyRow).readonly(),
})
export type CopyPlanReport = z.infer<typeof CopyPlanReport>

/** What became of a secret. */
export const CopyOutcome = z.enum([
  'copied',
  /** Copied, verified, and deleted at the source. */
  'moved',
  /** Copied; the source stays, since it has what the target did not get. */
  'kept',
  /** Somebody changed the target, or the source, in between: nothing was overwritten, the source stays. */
  'changed',
  /** It was not to be copied: what the plan said. */
  'skipped',
  'failed',
])
export type CopyOutcome = z.infer<typeof CopyOutcome>

/** What a copy did. */
export const CopyReport = z.object({
  counts: z.record(CopyOutcome, count),
  /** Versions that were written. */
  versions: count,
  /** What was changed, kept or failed; the first {@link maxCopyRows}. */
  rows: z
    .array(
      z.object({
        from: SecretPath,
        to: SecretPath,
        outcome: CopyOutcome,
        failure: z.enum(failureCodes).optional(),
      }),
    )
    .readonly(),
})
export type CopyReport = z.infer<typeof CopyReport>

/** A copy that was begun and has not ended. */
export const PendingCopy = z.object({
  /** Where its journal lies. */
  vault: VaultId,
  work: WorkId,
  order: CopyOrder,
  startedAt: EpochMs,
  /** How many secrets are done at least. */
  done: count,
  /** How many more may be: they were under way when it ended. */
  underWay: count,
})
export type PendingCopy = z.infer<typeof PendingCopy>

const Work = z.strictObject({ work: WorkId })
const Journal = z.strictObject({ vault: VaultId, work: WorkId })

/**
 * Copying between any two stores. Long work is named by the window and tells how far it is by
 * `copy.progress`; what is done of a copy that was stopped is kept, sealed, in a vault.
 */
export const copyCalls = {
  /**
   * Says what a copy will do, and keeps it for `copy.run`.
   * @throws CoffretError `cancelled`, `forbidden` (the list of the source), `invalid`, `not_found`
   */
  'copy.plan': call(
    Work.extend({
      order: CopyOrder,
      /** Reads every value, for its size and whether it may be read; otherwise only where it compares. */
      readsValues: z.boolean(),
      /** Where the journal is kept; unless told the vault of one of the two stores, or else any. */
      keeper: VaultId.optional(),
    }),
    CopyPlanReport,
  ),
  /**
   * Does what was planned. @throws CoffretError `not_found` without a plan, `invalid` when it is of another
   * order, `cancelled`, and why it stopped: then it is pending
   */
  'copy.run': call(Work.extend({ order: CopyOrder }), CopyReport),
  /** Stops work; what is done stays, for going on. Forgets a plan that does not run. */
  'copy.cancel': call(Work, nothing),
  /** Copies of unlocked vaults that were begun and have not ended. */
  'copy.pending': call(z.strictObject({}), z.array(PendingCopy).readonly()),
  /** Goes on. Nothing is done twice. @throws CoffretError as `copy.run` */
  'copy.resume': call(Journal, CopyReport),
  /** Forgets what is done of a copy; what was copied stays. @throws CoffretError `busy` while it runs */
  'copy.discard': call(Journal, nothing),
} as const
