import { CoffretError } from '../contract/errors'
import type { VaultId } from '../contract/model'
import type { Progress } from '../contract/search'

/** Long work on vaults, one at a time for each. */
export class LongWork {
  readonly #running = new Map<VaultId, AbortController>()

  /** @param onProgress hears how far the work on a vault is */
  constructor(private readonly onProgress: (vault: VaultId, progress: Progress) => void) {}

  /** @throws CoffretError `busy`, `cancelled`, and what the work throws */
  async run<T>(
    id: VaultId,
    work: (options: {
      signal: AbortSignal
      onProgress: (progress: Progress) => void
    }) => Promise<T>,
  ): Promise<T> {
    if (this.#running.has(id)) throw new CoffretError('busy', 'this is being done already')
    const stop = new AbortController()
    this.#running.set(id, stop)
    try {
      const onProgress = (progress: Progress) => this.onProgress(id, progress)
      return await work({ signal: stop.signal, onProgress })
    } finally {
      this.#running.delete(id)
    }
  }

  /** Ends what runs on a vault; nothing happens when nothing does. */
  cancel(id: VaultId): void {
    this.#running.get(id)?.abort()
  }
}
