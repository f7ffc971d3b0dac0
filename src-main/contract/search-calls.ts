import { z } from 'zod'
import { call, nothing } from './call'
import { FolderPath, StoreId } from './model'
import { SearchAnswer, maxSearchHits, maxSearchText } from './search'

/** What the window may ask of the search over unlocked vaults. */
export const searchCalls = {
  /**
   * Finds secrets by path, key names and metadata. With `values` also by the values of active current
   * versions, which are opened for it; that takes a while, tells its progress, and answers only with the
   * names of keys. Another search of values ends it with `cancelled`.
   */
  'search.query': call(
    z.strictObject({
      /** Words, all of which must match. */
      text: z.string().max(maxSearchText),
      /** All of the unlocked vaults when absent. */
      stores: z.array(StoreId).max(1000).readonly().optional(),
      values: z.boolean().optional(),
      /** How many hits are listed; 0 to count only. */
      limit: z.number().int().min(0).max(maxSearchHits),
    }),
    SearchAnswer,
  ),
  /** Ends the search of values, if one runs. */
  'search.cancel': call(nothing, nothing),
  /** Folders with secrets in them, for completing a path: some of them where there are many. */
  'search.folders': call(z.strictObject({ store: StoreId }), z.array(z.string()).readonly()),
  /** How many secrets lie below a folder. */
  'search.countBelow': call(
    z.strictObject({ store: StoreId, folder: FolderPath }),
    z.number().int().min(0),
  ),
} as const
