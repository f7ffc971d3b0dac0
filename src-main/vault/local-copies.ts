import { CoffretError } from '../contract/errors'
import type { WorkId } from '../contract/compare-calls'
import type { CopyJob, CopyNotes, CopyShelf, JournalSummary } from '../kv/copy-journal'
import {
  eraseJournal,
  hasJournal,
  readJournals,
  writeJob,
  writeNotes,
  type SavedJournal,
} from './copy-records'
import type { UnlockedVault } from './unlocked-vault'

/** The journals of copies, sealed in a vault. */
export class LocalCopies implements CopyShelf {
  /** The number of the last notes of each journal that this program writes. */
  readonly #lastNumbers = new Map<WorkId, number>()

  /** @param unlocked gives the vault, or throws `locked` */
  constructor(private readonly unlocked: () => UnlockedVault) {}

  async list(): Promise<readonly JournalSummary[]> {
    return this.#all().map(({ job, notes }) => {
      const done = new Set(notes.done.map(({ from }) => from))
      // Who went on with it has announced some a second time.
      const announced = new Set(notes.started.map(({ from }) => from))
      for (const path of done) announced.delete(path)
      return { job, done: done.size, announced: announced.size }
    })
  }

  async begin(job: CopyJob): Promise<void> {
    this.unlocked().write((transaction) => {
      if (hasJournal(transaction, job.id)) {
        throw new CoffretError('exists', 'there is a journal of this copy')
      }
      writeJob(transaction, job)
    })
    this.#lastNumbers.set(job.id, 0)
  }

  async note(id: WorkId, notes: CopyNotes): Promise<void> {
    const number = (this.#lastNumbers.get(id) ?? this.#find(id).lastNumber) + 1
    this.unlocked().write((transaction) => writeNotes(transaction, id, number, notes))
    this.#lastNumbers.set(id, number)
  }

  async read(id: WorkId): Promise<CopyNotes & { readonly job: CopyJob }> {
    const { job, notes, lastNumber } = this.#find(id)
    this.#lastNumbers.set(id, lastNumber)
    return { job, ...notes }
  }

  async discard(id: WorkId): Promise<void> {
    this.unlocked().write((transaction) => eraseJournal(transaction, id))
    this.#lastNumbers.delete(id)
  }

  #find(id: WorkId): SavedJournal {
    const found = this.#all().find(({ job }) => job.id === id)
    if (found === undefined) throw new CoffretError('not_found', 'there is no such copy')
    return found
  }

  #all(): readonly SavedJournal[] {
    return this.unlocked().read(readJournals)
  }
}
