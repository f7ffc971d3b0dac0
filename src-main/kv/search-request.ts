import type { MountName } from '../contract/model'

/** What is searched for in a vault. */
export interface SearchRequest {
  /** Words, all of which must match; everything matches when there is none. */
  readonly text: string
  /** All mounts when absent. */
  readonly mounts?: readonly MountName[] | undefined
  /** Also opens the values of secrets whose current version is active. */
  readonly values?: boolean | undefined
  /** How many hits are listed at most. */
  readonly limit: number
}
