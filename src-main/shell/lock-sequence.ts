import type { AppEvent } from '../contract/events'
import type { Timers } from './timers'

/** How long a lock waits for the unsaved edit, in milliseconds. */
export const draftGraceMs = 300

/** What locking stands on. */
export interface LockOptions {
  readonly isInUse: () => boolean
  /** Wipes the keys before it returns. */
  readonly lockAll: () => void
  readonly clearClipboard: () => Promise<void>
  readonly replaceWindow: () => void
  readonly emit: (event: AppEvent) => void
  readonly timers: Timers
  readonly report: (where: string, error: unknown) => void
}

/** How a lock is to end. */
export interface LockEnd {
  /** False when the app ends anyway. */
  readonly replacesWindow: boolean
}

/**
 * Locks the app: asks the window for its unsaved edit, wipes the keys, clears the clipboard, and puts a new renderer
 * process in the place of the one that has seen secrets. Nothing in the window can hold it up: no dialog, no
 * hung page, only {@link draftGraceMs}.
 */
export class LockSequence {
  #running: Promise<void> | undefined
  #stopWaiting: () => void = () => undefined

  constructor(private readonly options: LockOptions) {}

  /** Locks; a lock that is under way is joined. It never rejects. */
  run(end: LockEnd = { replacesWindow: true }): Promise<void> {
    this.#running ??= this.#lock(end).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** The window has sent its unsaved edit: no need to wait longer. */
  draftKept(): void {
    this.#stopWaiting()
  }

  async #lock({ replacesWindow }: LockEnd): Promise<void> {
    const { isInUse, lockAll, replaceWindow } = this.options
    const wasInUse = isInUse()
    if (wasInUse) {
      await this.#waitForDraft()
      this.#attempt('lock', lockAll)
    }
    const cleared = this.#clearClipboard()
    // The window is replaced even when a disk or the clipboard hangs.
    if (wasInUse && replacesWindow) this.#attempt('replace window', replaceWindow)
    await cleared
  }

  #waitForDraft(): Promise<void> {
    const { emit, timers } = this.options
    return new Promise((resolve) => {
      const stopTimer = timers.after(draftGraceMs, resolve)
      this.#stopWaiting = () => {
        stopTimer()
        resolve()
      }
      emit({ name: 'lock.pending' })
    })
  }

  async #clearClipboard(): Promise<void> {
    try {
      await this.options.clearClipboard()
    } catch (error) {
      this.options.report('clear clipboard', error)
    }
  }

  #attempt(where: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.options.report(where, error)
    }
  }
}
