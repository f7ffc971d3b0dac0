import { CoffretError } from '../../contract/errors'
import type { FolderPath, MountName, VaultId } from '../../contract/model'
import type { Progress, SearchAnswer } from '../../contract/search'
import type { SearchRequest } from '../../kv/search-request'
import { SecretKey } from '../../crypto/secret-key'
import { Database } from '../database'
import type { Environment, JobOptions } from '../jobs/jobs'
import { SearchIndex, type IndexSize } from './search-index'
import { UnlockedVault, wipeKeys } from '../unlocked-vault'

/** What a search index is opened with, in whatever thread: its own connection and its own keys. */
export interface SearchOrder {
  readonly file: string
  readonly vaultId: VaultId
  readonly busyTimeoutMs: number
  /** Copies of the keys; closing the session wipes them. */
  readonly keys: { readonly [K in 'record' | 'name' | 'header']: Uint8Array }
}

/** A search index for as long as a vault is unlocked. */
export interface SearchSession {
  /** It was closed, or its thread died: it answers nothing any more. */
  readonly isClosed: boolean
  /** Reads every name. @throws CoffretError `locked` when it is closed meanwhile, and as `SearchIndex` */
  build(): Promise<IndexSize>
  /** @throws CoffretError also `cancelled` */
  query(request: SearchRequest, options?: JobOptions): Promise<SearchAnswer>
  /** @throws CoffretError as {@link build} */
  folders(mount: MountName, limit: number): Promise<string[]>
  /** @throws CoffretError as {@link build} */
  countBelow(mount: MountName, folder: FolderPath): Promise<number>
  /** Wipes its keys and drops the names. */
  close(): void
}

/** Opens search indexes: in this thread, or each in one of its own. */
export type SearchRunner = (
  order: SearchOrder,
  onProgress: (progress: Progress) => void,
) => SearchSession

/** Lets timers, messages and other work of this thread go first. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

/**
 * Opens an index in this thread.
 * @param program the built `search-worker`, for a second thread while names are read
 * @throws CoffretError as `Database.openAgain` and `UnlockedVault.enter`
 */
export function openIndex(
  order: SearchOrder,
  environment: Environment,
  onProgress: (progress: Progress) => void,
  program?: string,
): { readonly index: SearchIndex; readonly close: () => void } {
  const keys = {
    record: new SecretKey(order.keys.record),
    name: new SecretKey(order.keys.name),
    header: new SecretKey(order.keys.header),
  }
  let database: Database | undefined
  const close = () => {
    wipeKeys(keys)
    database?.close()
  }
  try {
    database = Database.openAgain(order.file, order.busyTimeoutMs)
    const vault = UnlockedVault.enter(database, order.vaultId, keys, environment)
    const options = { vaultId: order.vaultId, onProgress, breathe }
    const index = new SearchIndex(vault, program === undefined ? options : { ...options, program })
    return { index, close }
  } catch (error) {
    close()
    throw error
  }
}

/** Searches in the calling thread: for the command line and tests. */
export function searchHere(environment: Environment): SearchRunner {
  return (order, onProgress) => {
    const { index, close } = openIndex(order, environment, onProgress)
    let isClosed = false
    const whileOpen = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work()
      } catch (error) {
        // Its connection is gone, which is no failure of the disk.
        throw isClosed ? closedError() : error
      }
    }
    return {
      get isClosed() {
        return isClosed
      },
      build: () => whileOpen(() => index.build()),
      query: (request, options) => whileOpen(() => index.query(request, options)),
      folders: (mount, limit) => whileOpen(() => index.folders(mount, limit)),
      countBelow: (mount, folder) => whileOpen(() => index.countBelow(mount, folder)),
      close() {
        isClosed = true
        close()
      },
    }
  }
}

/** What waits for an index that is closed hears this. */
export function closedError(): CoffretError {
  return new CoffretError('locked', 'the vault was locked while it was searched')
}
