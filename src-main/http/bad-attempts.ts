import type { EpochMs } from '../contract/model'
import type { Clock } from '../env'

/** So many bad credentials in a minute cost nothing: a person mistypes, a program has an old token. */
const freeAttempts = 10

const minuteMs = 60_000

/** What each further one adds to the wait, in milliseconds, up to {@link mostMs}. */
const stepMs = 100
const mostMs = 1000

/** With these attempts the wait is at its longest: more need not be remembered. */
const remembered = freeAttempts + mostMs / stepMs

/** How many users are remembered: a computer has a handful. */
const maxUsers = 64

/**
 * Counts bad credentials of each user of the computer, and says how long to wait before the next bad
 * answer. Whoever shows a good one is never asked to wait, so that one program cannot lock out another.
 */
export class BadAttempts {
  /** The latest of each user, in the order of time. */
  readonly #times = new Map<number | undefined, EpochMs[]>()

  constructor(private readonly clock: Clock) {}

  /**
   * Notes a bad credential.
   * @param user as the system knows the other end; undefined where it does not tell
   * @returns milliseconds to wait before answering, 0 to 1,000
   */
  note(user: number | undefined): number {
    const now = this.clock.now()
    const known = this.#times.get(user) ?? []
    // A clock that was set back would keep what lies ahead for ever.
    const recent = known.filter((time) => time <= now && now - time < minuteMs)
    const times = [...recent, now].slice(-remembered)
    this.#times.delete(user)
    this.#times.set(user, times)
    if (this.#times.size > maxUsers) this.#dropOldest()
    return Math.min(Math.max(times.length - freeAttempts, 0) * stepMs, mostMs)
  }

  #dropOldest(): void {
    for (const user of this.#times.keys()) {
      this.#times.delete(user)
      return
    }
  }
}
