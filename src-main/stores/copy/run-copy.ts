import { maxCopyRows, type CopyOutcome, type CopyReport } from '../../contract/copy-calls'
import { CoffretError } from '../../contract/errors'
import type { WorkId } from '../../contract/compare-calls'
import type { Clock } from '../../env'
import type { CopyShelf, DoneSecret } from '../../kv/copy-journal'
import { isActed } from '../../kv/copy-plan'
import { checkCancelled, eachBounded, type WorkOptions } from './bounded'
import { copySecret } from './copy-secret'
import type { CopyEnds } from './ends'
import type { PlannedItem } from './plan-copy'

/** How many secrets are announced at once; what is done is noted with them. */
const announcedAtOnce = 100

/** At the latest after so long what is done is noted, in milliseconds. */
const noteAfterMs = 200

/** So many failures in a row mean that a store is away, not that a secret is bad. */
const failuresInARow = 5

/** Failures that end the work; it can be gone on with. */
const ending: readonly unknown[] = ['locked', 'cancelled', 'not_writable', 'stale']

/** Where a copy is remembered while it runs. */
export interface Remembering {
  readonly shelf: CopyShelf
  readonly id: WorkId
  readonly clock: Clock
}

/**
 * Does what was planned, several secrets at a time. Secrets are announced in the journal before anything of
 * them is written, a hundred at a time, and noted there once they are done.
 */
export class CopyRun {
  readonly #counts: Record<CopyOutcome, number>
  readonly #rows: CopyReport['rows'][number][] = []
  readonly #acted: readonly PlannedItem[]
  #versions = 0
  #finished = 0
  #failures = 0
  /** How many of the items are in the journal, and will be once that was written. */
  #announced = 0
  #noting: Promise<void> = Promise.resolve()
  #undone: DoneSecret[] = []
  #notedAt: number

  constructor(
    private readonly ends: CopyEnds,
    items: readonly PlannedItem[],
    private readonly remembering: Remembering,
    private readonly options: WorkOptions = {},
    before: readonly DoneSecret[] = [],
  ) {
    this.#acted = items.filter((item) => isActed(item, ends.order.policy))
    this.#counts = { copied: 0, moved: 0, kept: 0, changed: 0, skipped: 0, failed: 0 }
    this.#counts.skipped = items.length - this.#acted.length
    for (const { outcome } of before) this.#counts[outcome] += 1
    this.#notedAt = remembering.clock.now()
  }

  /** @throws CoffretError `cancelled`, and why it cannot go on; what is done is in the journal */
  async run(): Promise<CopyReport> {
    try {
      await eachBounded(this.#acted.entries(), (entry) => this.#one(entry), this.options.signal)
      checkCancelled(this.options.signal)
    } catch (error) {
      // What is not noted is compared by whoever goes on: nothing is lost when this fails too.
      await this.#note([]).catch(() => undefined)
      throw error
    }
    return { counts: this.#counts, versions: this.#versions, rows: this.#rows }
  }

  async #one([at, item]: readonly [number, PlannedItem]): Promise<void> {
    while (at >= this.#announced) await this.#announce()
    await this.#noting
    await this.#copy(item)
    this.#finished += 1
    this.options.onProgress?.({ done: this.#finished, total: this.#acted.length })
    const isDue = this.remembering.clock.now() - this.#notedAt >= noteAfterMs
    if (isDue && this.#undone.length > 0) await this.#note([])
  }

  async #copy(item: PlannedItem): Promise<void> {
    const { from, to } = item
    try {
      const { outcome, versions } = await copySecret(this.ends, item)
      this.#failures = 0
      this.#versions += versions
      this.#counts[outcome] += 1
      if (outcome !== 'changed') this.#undone.push({ from, outcome })
      if (outcome === 'changed' || outcome === 'kept') this.#addRow({ from, to, outcome })
    } catch (error) {
      if (!(error instanceof CoffretError) || ending.includes(error.code)) throw error
      this.#failures += isOfSecret(error) ? 0 : 1
      if (this.#failures >= failuresInARow) throw error
      this.#counts.failed += 1
      this.#addRow({ from, to, outcome: 'failed', failure: error.code })
    }
  }

  #addRow(row: CopyReport['rows'][number]): void {
    if (this.#rows.length < maxCopyRows) this.#rows.push(row)
  }

  #announce(): Promise<void> {
    const some = this.#acted.slice(this.#announced, this.#announced + announcedAtOnce)
    this.#announced += some.length
    return this.#note(some)
  }

  /** One after the other, so that the journal has them in order. */
  #note(started: readonly PlannedItem[]): Promise<void> {
    const done = this.#undone
    this.#undone = []
    this.#notedAt = this.remembering.clock.now()
    if (started.length === 0 && done.length === 0) return this.#noting
    const { shelf, id } = this.remembering
    const notes = {
      started: started.map(({ from, to, base, sourceVersion }) => ({
        ...{ from, to, base, sourceVersion },
      })),
      done,
    }
    const noting = this.#noting.then(() => shelf.note(id, notes))
    this.#noting = noting
    return noting
  }
}

/** Whether a failure says something of the secret, and nothing of its store. */
function isOfSecret({ code }: CoffretError): boolean {
  return (
    ['invalid', 'not_found', 'exists', 'cas_mismatch', 'cas_required'].includes(code) ||
    ['too_large', 'forbidden', 'unsupported', 'corrupt'].includes(code)
  )
}
