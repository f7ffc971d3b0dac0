import { z } from 'zod'
import { call } from './call'
import { FolderPath, SecretPath, StoreId, VersionNumber } from './model'

/** How many rows a comparison names at most; its counts go on. */
export const maxComparedRows = 1000

/** One key of two versions; `key` leads there from the top. Never a value. */
export const KeyDifference = z.object({
  key: z.array(z.string()).readonly(),
  relation: z.enum(['same', 'different', 'onlyFirst', 'onlySecond']),
})
export type KeyDifference = z.infer<typeof KeyDifference>

/** How a secret of one subtree stands to that of another. */
export const SecretRelation = z.enum([
  'same',
  'different',
  'onlyFirst',
  'onlySecond',
  /** One of the two values may not be read, is damaged or deactivated. */
  'unknown',
])
export type SecretRelation = z.infer<typeof SecretRelation>

const count = z.number().int().min(0)

/** What differs between two subtrees. */
export const TreeComparison = z.object({
  counts: z.record(SecretRelation, count),
  /** What is not the same, by path below the two folders; the first {@link maxComparedRows}. */
  rows: z.array(z.object({ path: SecretPath, relation: SecretRelation })).readonly(),
})
export type TreeComparison = z.infer<typeof TreeComparison>

/** What differs between two versions. */
export const SecretComparison = z.object({
  relation: SecretRelation,
  /** Absent when one of the two has no data that can be read. */
  keys: z.array(KeyDifference).readonly().optional(),
})
export type SecretComparison = z.infer<typeof SecretComparison>

/** A folder of a store; empty for all of it. */
export const FolderOfStore = z.strictObject({ store: StoreId, path: FolderPath })
export type FolderOfStore = z.infer<typeof FolderOfStore>

/** A version of a secret, the current one when absent. */
export const VersionOfStore = z.strictObject({
  store: StoreId,
  path: SecretPath,
  version: VersionNumber.optional(),
})
export type VersionOfStore = z.infer<typeof VersionOfStore>

/** A piece of work that can be followed by `copy.progress` and stopped: the window makes a new one each time. */
export const WorkId = z.uuid().brand('WorkId')
export type WorkId = z.infer<typeof WorkId>

/** What differs between two places, masked: values come by `secret.reveal` alone. */
export const compareCalls = {
  /** Long: `copy.progress` tells how far, `copy.cancel` stops it. @throws CoffretError `cancelled`, `forbidden` */
  'compare.trees': call(
    z.strictObject({ work: WorkId, first: FolderOfStore, second: FolderOfStore }),
    TreeComparison,
  ),
  /** @throws CoffretError `not_found` when neither is there, `forbidden` */
  'compare.secrets': call(
    z.strictObject({ first: VersionOfStore, second: VersionOfStore }),
    SecretComparison,
  ),
} as const
