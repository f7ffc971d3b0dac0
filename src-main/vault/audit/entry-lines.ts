import type { AuditEntry, NewAuditLine, WaitingLines } from '../../kv/audit-log'

/**
 * The lines of the audit log that go into one transaction: those that wait, once, and behind them those of
 * the calls whose writes share it.
 */
export class EntryLines {
  readonly #entries: readonly AuditEntry[]
  /** How many of the lines that waited were given. */
  readonly #taken = new Map<WaitingLines, number>()

  /** @param entries of the calls in their order; a call that writes several things may stand there several times */
  constructor(entries: readonly (AuditEntry | undefined)[]) {
    this.#entries = [...new Set(entries)].filter((entry) => entry !== undefined)
  }

  /** They stay until {@link kept}. */
  lines(): readonly NewAuditLine[] {
    const all: NewAuditLine[] = []
    for (const log of new Set(this.#entries.map((entry) => entry.log))) {
      const waiting = log.waiting()
      this.#taken.set(log, waiting.length)
      all.push(...waiting)
    }
    for (const entry of this.#entries) {
      const line = entry.line()
      if (line !== undefined) all.push(line)
    }
    return all
  }

  /** They are on the disk. */
  kept(): void {
    for (const entry of this.#entries) entry.kept()
    for (const [log, count] of this.#taken) log.written(count)
  }
}
