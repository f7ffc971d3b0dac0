import type { After } from '../../src-main/remote/fetch'

/** Timers that stand until a test lets them ring. */
export class ManualTimers {
  readonly #pending = new Set<{ readonly ms: number; readonly work: () => void }>()
  /** Every time that was asked for, in order. */
  readonly asked: number[] = []

  /** @param isAtOnce whether a time rings by itself, as soon as nothing else is to be done */
  constructor(private readonly isAtOnce: (ms: number) => boolean = () => false) {}

  readonly after: After = (ms, work) => {
    this.asked.push(ms)
    if (this.isAtOnce(ms)) {
      const soon = setImmediate(work)
      return () => clearImmediate(soon)
    }
    const timer = { ms, work }
    this.#pending.add(timer)
    return () => void this.#pending.delete(timer)
  }

  /** The times that stand now. */
  get pending(): readonly number[] {
    return Array.from(this.#pending, ({ ms }) => ms)
  }

  /** Lets one of this time ring. */
  ring(ms: number): void {
    const timer = [...this.#pending].find((one) => one.ms === ms)
    if (timer === undefined) throw new Error(`nothing waits for ${ms} ms`)
    this.#pending.delete(timer)
    timer.work()
  }
}
