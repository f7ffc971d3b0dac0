import type { Clock } from '../env'

/** How often it is looked whether the app is idle. */
export const idleCheckMs = 5000

/** What the idle lock stands on. */
export interface IdleLockOptions {
  readonly clock: Clock
  /** Minutes without use of this app until it locks; 0 never. */
  readonly minutesToLock: () => number
  /** Whether there is anything to lock. */
  readonly isInUse: () => boolean
  readonly lock: () => void
}

/**
 * Locks the app when nobody has used it for some time. Idle is this app, not the computer: who works in
 * another program for an hour has left the vault alone for an hour.
 */
export class IdleLock {
  #idleMs = 0
  #checkedAt: number

  constructor(private readonly options: IdleLockOptions) {
    this.#checkedAt = options.clock.now()
  }

  /** Somebody uses the window. */
  touch(): void {
    this.#idleMs = 0
    this.#checkedAt = this.options.clock.now()
  }

  /** To be called every {@link idleCheckMs}, and when the computer wakes up. */
  check(): void {
    const { clock, minutesToLock, isInUse, lock } = this.options
    if (!isInUse()) return this.touch()
    const now = clock.now()
    const passed = now - this.#checkedAt
    // A clock set back counts as the time between two checks: setting it must not keep the vault open.
    this.#idleMs += passed >= 0 ? passed : idleCheckMs
    this.#checkedAt = now
    const limitMs = minutesToLock() * 60_000
    if (limitMs > 0 && this.#idleMs >= limitMs) {
      this.touch()
      lock()
    }
  }
}
