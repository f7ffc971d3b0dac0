import type { SearchAnswer } from '../contract/search'
import type { JobOptions } from './jobs'
import type { IndexSize, SearchRequest } from './search-index'
import type { SearchSession } from './search-session'

/** The search over an unlocked vault. Its index is opened by the first call, and goes with each lock. */
export class VaultSearch {
  #session: SearchSession | undefined

  /** @param openSession opens an index, or throws `locked` */
  constructor(private readonly openSession: () => SearchSession) {}

  /**
   * Reads all names into memory; searching does it too, and answers meanwhile with what is there.
   * @throws CoffretError `locked`, `corrupt`, `busy`, `storage`
   */
  async build(): Promise<IndexSize> {
    return this.#opened().build()
  }

  /**
   * Searches paths, key names and metadata; values only when asked to.
   * @param options `onProgress` tells of the values that are opened
   * @throws CoffretError `cancelled`, and as {@link build}
   */
  async query(request: SearchRequest, options?: JobOptions): Promise<SearchAnswer> {
    return this.#opened().query(request, options)
  }

  /** Drops the index. */
  close(): void {
    this.#session?.close()
    this.#session = undefined
  }

  #opened(): SearchSession {
    if (this.#session === undefined || this.#session.isClosed) this.#session = this.openSession()
    return this.#session
  }
}
