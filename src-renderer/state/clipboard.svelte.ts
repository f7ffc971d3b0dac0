import { call } from '../bridge'

/** The copied value's countdown, as main tells it. The value itself is never here. */
export class Clipboard {
  #clearsAt = $state.raw<number>()
  #now = $state.raw(0)
  #timer: ReturnType<typeof setInterval> | undefined

  /** Seconds until the value leaves the clipboard; undefined when none is there. */
  readonly secondsLeft = $derived(
    this.#clearsAt === undefined
      ? undefined
      : Math.max(0, Math.ceil((this.#clearsAt - this.#now) / 1000)),
  )

  /** @param clearsAt epoch milliseconds; undefined when nothing of ours is in the clipboard */
  changed(clearsAt: number | undefined): void {
    clearInterval(this.#timer)
    this.#clearsAt = clearsAt
    this.#now = Date.now()
    if (clearsAt === undefined) return
    this.#timer = setInterval(() => {
      this.#now = Date.now()
      // Main tells when it is cleared; this only ends a countdown whose end was missed.
      if (this.#now > clearsAt + 2000) this.changed(undefined)
    }, 250)
  }

  async clear(): Promise<void> {
    await call('clipboard.clear')
    this.changed(undefined)
  }
}
