import type { AuditLine, AuditOutcome, AuditResult, AuditWho } from '../contract/audit-line'
import type { EpochMs } from '../contract/model'

/** A line before it has its number. */
export type NewAuditLine = Omit<AuditLine, 'number'>

/** What is known of a call when it begins. */
export interface AuditStart {
  readonly who: AuditWho
  readonly peer?: AuditLine['peer']
  readonly what: string
  readonly mount?: string
  readonly path?: string
  /** See `AuditLine`. */
  readonly source?: string
}

/**
 * One call on its way to its line. Every call is ended once, or discarded; its line is queued then, unless a write has
 * taken it into its own transaction before. It never throws.
 */
export interface AuditTicket {
  /** What becomes known on the way. */
  describe(more: Partial<AuditStart>): void
  /** @param result what the caller is told; a second end changes nothing */
  end(result: AuditResult): void
  /** The call leaves no line. */
  discard(): void
  /** For the vault that is written to; absent where no log is kept. */
  readonly entry?: AuditEntry
}

/** Lines of a log that wait: whoever writes takes them along. */
export interface WaitingLines {
  /** The lines. They stay until they are {@link written}. */
  waiting(): readonly NewAuditLine[]
  /** So many of them are on the disk now. */
  written(count: number): void
}

/** The line of a call, for the transaction that does what was called for. */
export interface AuditEntry {
  readonly log: WaitingLines
  /** The line, of the call as done; undefined when the call has left one. It stays until {@link kept}. */
  line(): NewAuditLine | undefined
  /** It is on the disk now. A transaction that failed does not call it. */
  kept(): void
}

/** What lines to find. What is absent matches all. */
export interface AuditFilter {
  /** The window, somebody without a credential, or a credential by its id. */
  readonly who?: 'window' | 'nobody' | { readonly credential: string } | undefined
  readonly outcome?: AuditOutcome | undefined
  readonly mount?: string | undefined
  /** What the path begins with. */
  readonly path?: string | undefined
  readonly since?: EpochMs | undefined
}

/** A part of the log. */
export interface AuditPageRequest extends AuditFilter {
  /** Only lines with lower numbers. */
  readonly before?: number | undefined
  /** 1 to 1,000. */
  readonly limit: number
}

/** Lines, the newest first. */
export interface AuditPage {
  readonly lines: readonly AuditLine[]
  /** What to ask for next as `before`; absent at the end. There may be fewer lines than asked for. */
  readonly next?: number
}

/** Whether the log is what was written. */
export interface AuditCheck {
  /** How many lines there are. */
  readonly lines: number
  /** The number of the oldest line that is kept: older ones were dropped. */
  readonly first: number
  /** The line at which something was removed, replaced or moved; absent where nothing was. */
  readonly brokenAt?: number
}

/** The port to the audit log of one vault. */
export interface AuditLog {
  /** Begins a line. While the vault is locked it goes nowhere: the log is sealed too. */
  open(start: AuditStart): AuditTicket
}

/** The port to what the log holds. All throw CoffretError `locked`, `corrupt`, `busy`, `storage`. */
export interface AuditReader {
  page(request: AuditPageRequest): AuditPage
  check(): AuditCheck
}

/** A ticket of no log. */
export const noTicket: AuditTicket = {
  describe: () => undefined,
  end: () => undefined,
  discard: () => undefined,
}

/** The log that is switched off. */
export const noAudit: AuditLog = { open: () => noTicket }
