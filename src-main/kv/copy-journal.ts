import type { WorkId } from '../contract/compare-calls'
import type { CopyOrder } from '../contract/copy-calls'
import type { EpochMs, SecretPath } from '../contract/model'

/** A copy as its journal begins: what it is, never what is copied. */
export interface CopyJob {
  readonly id: WorkId
  readonly order: CopyOrder
  /** The target is brought to be as the source is: of snapshots. */
  readonly mirrors: boolean
  readonly startedAt: EpochMs
}

/** A secret that is about to be written, and what was at both ends then. */
export interface StartedSecret {
  readonly from: SecretPath
  readonly to: SecretPath
  /** The current version of the target before: 0 for none. */
  readonly base: number
  /** The current version of the source. */
  readonly sourceVersion: number
}

/** A secret that needs nothing more: it is at the target and verified, and what a move asks was done. */
export interface DoneSecret {
  readonly from: SecretPath
  readonly outcome: 'copied' | 'moved' | 'kept'
}

/** What is added to a journal at once. */
export interface CopyNotes {
  readonly started: readonly StartedSecret[]
  readonly done: readonly DoneSecret[]
}

/** A copy that has not ended, as lists show it. */
export interface JournalSummary {
  readonly job: CopyJob
  /** How many secrets are noted as done. */
  readonly done: number
  /** How many others were announced: each of them is perhaps done and not noted any more. */
  readonly announced: number
}

/**
 * Where copies that run are remembered. What is announced and not done was perhaps written: whoever goes on
 * reads it back first. Each method is one transaction, and rejects with `locked`, `corrupt`, `busy`,
 * `not_writable`, `storage`.
 */
export interface CopyShelf {
  list(): Promise<readonly JournalSummary[]>
  /** @throws CoffretError `exists` */
  begin(job: CopyJob): Promise<void>
  note(id: WorkId, notes: CopyNotes): Promise<void>
  /** @throws CoffretError `not_found` */
  read(id: WorkId): Promise<CopyNotes & { readonly job: CopyJob }>
  /** Erases a journal; nothing happens when there is none. */
  discard(id: WorkId): Promise<void>
}
