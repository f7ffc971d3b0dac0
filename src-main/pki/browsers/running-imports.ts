import type { BrowserStoreId } from '../../contract/browser-calls'

/** The imports that are under way: a store that another program holds keeps one waiting. */
export class RunningImports {
  readonly #running = new Map<AbortController, BrowserStoreId>()

  /** Lets work run into a store, and tells it to end when it is cancelled. @throws what the work throws */
  async run<T>(store: BrowserStoreId, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController()
    this.#running.set(stop, store)
    try {
      return await work(stop.signal)
    } finally {
      this.#running.delete(stop)
    }
  }

  /** Tells those of one store to end; nothing happens when there is none. */
  cancel(store: BrowserStoreId): void {
    for (const [stop, id] of this.#running) if (id === store) stop.abort()
  }
}
