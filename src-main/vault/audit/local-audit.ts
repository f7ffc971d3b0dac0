import { outcomeOf, type AuditResult, type AuditWho } from '../../contract/audit-line'
import { CoffretError } from '../../contract/errors'
import type { EpochMs } from '../../contract/model'
import type { Clock } from '../../env'
import {
  noTicket,
  type AuditCheck,
  type AuditEntry,
  type AuditLog,
  type AuditPage,
  type AuditPageRequest,
  type AuditReader,
  type AuditStart,
  type AuditTicket,
  type NewAuditLine,
  type WaitingLines,
} from '../../kv/audit-log'
import type { UnlockedVault } from '../unlocked-vault'
import { AuditQueue } from './audit-queue'
import { readPage } from './audit-page'

/** How long a line waits in memory, in milliseconds: what a crash may lose. */
const flushMs = 200

/** How long until writing is tried again where it failed, in milliseconds. */
const retryMs = 5000

/** How often a change of the log is told at most: once in so many milliseconds. */
const tellMs = 250

/** Runs work later, once. @returns what stops it */
export type After = (milliseconds: number, work: () => void) => () => void

/** What the log stands on. */
export interface LocalAuditOptions {
  readonly clock: Clock
  /** Undefined while the vault is locked. */
  readonly unlocked: () => UnlockedVault | undefined
  /** Without it lines are written with the next write, when the log is read, and on locking. */
  readonly after?: After | undefined
  /** Hears that there are new lines. */
  readonly onChange?: (() => void) | undefined
  /** Hears once that lines cannot be written; they are kept and tried again. */
  readonly onFault?: ((error: unknown) => void) | undefined
}

/** The audit log of a vault: what waits in memory, and what lies in the file. */
export class LocalAudit implements AuditLog, AuditReader, WaitingLines {
  readonly #queue = new AuditQueue()
  #stopFlush: (() => void) | undefined
  #isTelling = false
  #hasFailed = false

  constructor(private readonly options: LocalAuditOptions) {}

  open(start: AuditStart): AuditTicket {
    return this.options.unlocked() === undefined ? noTicket : new Ticket(this, start)
  }

  page(request: AuditPageRequest): AuditPage {
    this.flush()
    return this.#opened().read(({ audit }) => readPage(audit, request))
  }

  check(): AuditCheck {
    this.flush()
    const vault = this.#opened()
    return vault.read(({ audit }, state) => audit.check(state.audit))
  }

  /**
   * Writes what waits. It never throws: what cannot be written now is tried again.
   * @param waits whether it waits for another program that is writing
   */
  flush(waits = false): void {
    this.#stopFlush?.()
    this.#stopFlush = undefined
    const vault = this.options.unlocked()
    if (vault === undefined) return this.#queue.clear()
    const lines = this.#queue.ready(this.options.clock.now())
    if (lines.length > 0) this.#write(vault, lines, waits)
    if (this.#queue.isWaiting) this.#flushSoon()
  }

  /** To be called before the keys go: writes what waits, also what would have waited longer. */
  locking(): void {
    this.#queue.closeMinute()
    this.flush(true)
    this.#stopFlush?.()
    this.#stopFlush = undefined
    this.#queue.clear()
  }

  /** The time, for a line. */
  now(): EpochMs {
    return this.options.clock.now()
  }

  /** Takes a line that no write has carried. */
  queue(line: NewAuditLine): void {
    if (this.options.unlocked() === undefined) return
    this.#queue.add(line)
    this.#flushSoon()
  }

  /** The lines that go with a write. */
  waiting(): readonly NewAuditLine[] {
    return this.#queue.ready(this.options.clock.now())
  }

  /** So many of the lines that waited are on the disk. */
  written(count: number): void {
    this.#queue.drop(count)
    this.#hasFailed = false
    this.#tell()
  }

  #write(vault: UnlockedVault, lines: readonly NewAuditLine[], waits: boolean): void {
    try {
      vault.appendAudit(lines, waits)
      this.written(lines.length)
    } catch (error) {
      if (!waits && error instanceof CoffretError && error.code === 'busy') return
      // Said once: a disk that is full would be told of five times a second.
      if (!this.#hasFailed) this.options.onFault?.(error)
      this.#hasFailed = true
    }
  }

  #flushSoon(): void {
    const { after } = this.options
    this.#stopFlush ??= after?.(this.#hasFailed ? retryMs : flushMs, () => {
      this.#stopFlush = undefined
      this.flush()
    })
  }

  #tell(): void {
    const { after, onChange } = this.options
    if (onChange === undefined || this.#isTelling) return
    if (after === undefined) return onChange()
    this.#isTelling = true
    after(tellMs, () => {
      this.#isTelling = false
      onChange()
    })
  }

  #opened(): UnlockedVault {
    const vault = this.options.unlocked()
    if (vault === undefined) throw new CoffretError('locked', 'the vault is locked')
    return vault
  }
}

/** As long as texts of a line get; an address that somebody made up may be longer. */
const longest = { what: 96, mount: 128, path: 1100 }

class Ticket implements AuditTicket {
  readonly entry: AuditEntry
  readonly #at: EpochMs
  #start: AuditStart
  #isWritten = false
  #hasEnded = false

  constructor(
    private readonly log: LocalAudit,
    start: AuditStart,
  ) {
    this.#at = log.now()
    this.#start = start
    this.entry = {
      log,
      line: () => (this.#isWritten || this.#hasEnded ? undefined : this.#line('ok')),
      kept: () => {
        this.#isWritten = true
      },
    }
  }

  describe(more: Partial<AuditStart>): void {
    this.#start = { ...this.#start, ...more }
  }

  end(result: AuditResult): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    if (!this.#isWritten || outcomeOf(result) !== 'ok') this.log.queue(this.#line(result))
  }

  discard(): void {
    this.#hasEnded = true
  }

  #line(result: AuditResult): NewAuditLine {
    const { who, peer, what, mount = '', path = '', source } = this.#start
    return {
      at: this.#at,
      who: clippedWho(who),
      ...(peer === undefined ? {} : { peer }),
      what: what.slice(0, longest.what),
      mount: mount.slice(0, longest.mount),
      path: path.slice(0, longest.path),
      ...(source === undefined ? {} : { source: source.slice(0, longest.path) }),
      result,
      count: 1,
    }
  }
}

function clippedWho(who: AuditWho): AuditWho {
  return who.kind === 'credential' ? { ...who, name: who.name.slice(0, 128) } : who
}
