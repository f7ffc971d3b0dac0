import type { BinId, BinnedSecret, BinRestore } from '../contract/bin-calls'
import type { SecretPath } from '../contract/model'

/** What goes into the bin: one secret, or all that are below a folder. */
export interface DiscardRequest {
  readonly path: SecretPath
  readonly kind: 'secret' | 'folder'
}

/**
 * The bin of a store that has the capability `bin`. What is in it is no longer in the store: it is neither
 * listed nor read there, and a write to its path begins a new secret. It is erased when its time is over;
 * see `bin-rules.ts`.
 *
 * Each method is one transaction, and rejects as those of the store do.
 */
export interface SecretBin {
  /** What is in the bin, the latest first, then by path. */
  list(): Promise<readonly BinnedSecret[]>

  /** @returns what the secrets are called in the bin @throws CoffretError `not_found` */
  discard(request: DiscardRequest): Promise<readonly BinId[]>

  /**
   * Puts secrets back with all their versions, each to its old path unless another is given: all, or none.
   * @returns their paths in the order of the items
   * @throws CoffretError `not_found`; `exists` when a path is taken
   */
  restore(items: readonly BinRestore[]): Promise<readonly SecretPath[]>

  /** Erases secrets: all that are named, or none. @throws CoffretError `not_found` */
  purge(items: readonly BinId[] | 'all'): Promise<void>
}
