import { z } from 'zod'
import { SecretSummary, StoreId } from './model'

/** The most characters of a search text. */
export const maxSearchText = 256

/** The most hits that one answer lists; it counts them all. */
export const maxSearchHits = 500

/** Start (inclusive) and end (exclusive) of a matched piece, in UTF-16 units of the text it belongs to. */
export const TextRange = z.tuple([z.number().int().min(0), z.number().int().min(0)]).readonly()
export type TextRange = z.infer<typeof TextRange>

/** What matched besides the path. A value is told by the name of its top-level key, and never itself. */
export const SearchPart = z.object({
  kind: z.enum(['key', 'metadata', 'value']),
  /** The name of the key; of metadata `key=value`. */
  text: z.string(),
  /** Ascending, apart from each other; none for a value. */
  ranges: z.array(TextRange).readonly(),
})
export type SearchPart = z.infer<typeof SearchPart>

/** A secret that a search found. */
export const SearchHit = SecretSummary.extend({
  store: StoreId,
  /** What matched of the path. */
  ranges: z.array(TextRange).readonly(),
  parts: z.array(SearchPart).readonly(),
})
export type SearchHit = z.infer<typeof SearchHit>

/** How far work is; `total` is 0 while it is not known. The unit is its own. */
export const Progress = z.object({
  done: z.number().int().min(0),
  total: z.number().int().min(0),
})
export type Progress = z.infer<typeof Progress>

/** What a search found. */
export const SearchAnswer = z.object({
  /** Best first; at most as many as were asked for. */
  hits: z.array(SearchHit).readonly(),
  /** All that match. */
  total: z.number().int().min(0),
  /** All that could match: the secrets of the stores that were searched. */
  searched: z.number().int().min(0),
  /** While the index is being built, and the answer therefore not whole. */
  building: Progress.optional(),
  /** How many rows of the vault are damaged, and could not be searched. */
  unreadable: z.number().int().min(0),
})
export type SearchAnswer = z.infer<typeof SearchAnswer>
