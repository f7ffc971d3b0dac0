import type { EpochMs } from '../../contract/model'
import type { NewAuditLine } from '../../kv/audit-log'

/** How many lines wait at most; where nothing can be written, the later ones are only counted. */
export const maxWaiting = 20_000

/**
 * How many lines a minute people without a credential get. What they do beyond that becomes one line with
 * its count: nobody is to push the lines of others out of the log by being refused.
 */
export const maxNobodyLines = 60

const minuteMs = 60_000

/** What the line says that counts those for which there was no room. */
export const lost = 'audit.lost'

/** Lines that wait for being written. */
export class AuditQueue {
  #lines: NewAuditLine[] = []
  #lost: NewAuditLine | undefined
  #minute = 0
  #nobodyLines = 0
  /** Stands for all beyond {@link maxNobodyLines} of this minute. */
  #crowd: NewAuditLine | undefined

  /** Whether anything is left to be written, now or when the minute is over. */
  get isWaiting(): boolean {
    return this.#lines.length > 0 || this.#crowd !== undefined || this.#lost !== undefined
  }

  add(line: NewAuditLine): void {
    if (line.who.kind !== 'nobody') return this.#push(line)
    this.#turn(line.at)
    if (this.#nobodyLines < maxNobodyLines) {
      this.#nobodyLines += 1
      return this.#push(line)
    }
    this.#crowd = united(this.#crowd, line)
  }

  /** What can be written now; it stays until it is dropped. */
  ready(now: EpochMs): readonly NewAuditLine[] {
    this.#turn(now)
    if (this.#lost !== undefined && this.#lines.length < maxWaiting) {
      this.#lines.push(this.#lost)
      this.#lost = undefined
    }
    return [...this.#lines]
  }

  /** The first so many are written. */
  drop(count: number): void {
    this.#lines = this.#lines.slice(count)
  }

  /** What waits for the end of the minute need not. */
  closeMinute(): void {
    if (this.#crowd !== undefined) this.#push(this.#crowd)
    this.#crowd = undefined
  }

  clear(): void {
    this.#lines = []
    this.#crowd = undefined
    this.#lost = undefined
  }

  #turn(now: EpochMs): void {
    const minute = Math.floor(now / minuteMs)
    if (minute === this.#minute) return
    this.#minute = minute
    this.#nobodyLines = 0
    this.closeMinute()
  }

  #push(line: NewAuditLine): void {
    if (this.#lines.length < maxWaiting) this.#lines.push(line)
    else this.#lost = { ...united(this.#lost, line), what: lost }
  }
}

/** One line for several: what is not the same in all of them is left out. */
function united(one: NewAuditLine | undefined, other: NewAuditLine): NewAuditLine {
  if (one === undefined) return other
  const peer = one.peer?.address === other.peer?.address ? one.peer : undefined
  return {
    at: one.at,
    ...(peer === undefined ? {} : { peer }),
    who:
      one.who.kind === other.who.kind && one.who.kind !== 'credential'
        ? one.who
        : { kind: 'nobody' },
    what: one.what === other.what ? one.what : '',
    mount: one.mount === other.mount ? one.mount : '',
    path: one.path === other.path ? one.path : '',
    result: other.result,
    count: one.count + other.count,
  }
}
