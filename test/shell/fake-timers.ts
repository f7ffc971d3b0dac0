import type { EpochMs } from '../../src-main/contract/model'
import type { Clock } from '../../src-main/env'
import type { Timers } from '../../src-main/shell/timers'

interface Alarm {
  readonly at: number
  readonly everyMs?: number
  readonly work: () => void
}

/** A clock whose hands are moved by the test, with the timers that hang on it. */
export class FakeTime implements Clock, Timers {
  #now = 1_700_000_000_000
  readonly #alarms = new Set<Alarm>()

  now(): EpochMs {
    return this.#now as EpochMs
  }

  after(milliseconds: number, work: () => void): () => void {
    return this.#set({ at: this.#now + milliseconds, work })
  }

  every(milliseconds: number, work: () => void): () => void {
    return this.#set({ at: this.#now + milliseconds, everyMs: milliseconds, work })
  }

  /** How many timers run. */
  get running(): number {
    return this.#alarms.size
  }

  /** Moves the clock, rings what falls due, and lets the promises in between settle. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds
    for (;;) {
      const [next] = [...this.#alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.#alarms.delete(next)
      this.#now = next.at
      if (next.everyMs !== undefined) this.#set({ ...next, at: next.at + next.everyMs })
      next.work()
      await settled()
    }
    this.#now = end
    await settled()
  }

  /** Moves the clock without the timers, as sleep and the hands of people do. */
  jump(milliseconds: number): void {
    this.#now += milliseconds
  }

  #set(alarm: Alarm): () => void {
    this.#alarms.add(alarm)
    return () => void this.#alarms.delete(alarm)
  }
}

/** Lets promises that are ready run on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
