import type { FolderPath, MountName } from '../../contract/model'
import type { SearchAnswer } from '../../contract/search'
import type { SearchRequest } from '../../kv/search-request'
import type { JobOptions } from '../jobs/jobs'
import type { IndexSize } from './search-index'
import type { SearchSession } from './search-session'

/** How many folders are offered for completing a path. */
const maxFolders = 1000

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

  /** Folders with secrets in them, in their order: at most 1,000. @throws CoffretError as {@link build} */
  async folders(mount: MountName): Promise<string[]> {
    return this.#opened().folders(mount, maxFolders)
  }

  /** How many secrets lie below a folder. @throws CoffretError as {@link build} */
  async countBelow(mount: MountName, folder: FolderPath): Promise<number> {
    return this.#opened().countBelow(mount, folder)
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
