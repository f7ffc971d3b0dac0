import type { DomainId } from '../../contract/domain'
import { StoreId, type FolderPath, type MountName } from '../../contract/model'
import type { SearchAnswer } from '../../contract/search'
import { searchLists } from '../../kv/list-search'
import type { SearchRequest } from '../../kv/search-request'
import type { KnownListing } from './known-listing'

/** How many folders are offered for completing a path. */
const maxFolders = 1000

/**
 * The search over what is known of a domain's secrets: by path alone, also while the server is away. Values
 * are not searched for, since each would have to be read from the server.
 */
export class DomainSearch {
  /** @param listings those of the domain, one for each store */
  constructor(
    private readonly domain: DomainId,
    private readonly listings: () => readonly KnownListing[],
  ) {}

  async query({ mounts, ...request }: SearchRequest): Promise<SearchAnswer> {
    const wanted = this.listings().filter(({ mount }) => mounts?.includes(mount.name) ?? true)
    const lists = wanted.map((listing) => {
      const mount = listing.mount.name
      const store = StoreId.parse(`${this.domain}/${mount}`)
      return { store, mount, texts: listing.texts() }
    })
    const answer = searchLists(lists, request)
    const isArriving = wanted.some((one) => {
      const { listedAt, progress } = one.state()
      return listedAt === undefined && progress?.of === 'names'
    })
    // How many will come is not known.
    return isArriving ? { ...answer, building: { done: answer.searched, total: 0 } } : answer
  }

  /** Folders with secrets in them, in their order: at most 1,000. */
  async folders(mount: MountName): Promise<string[]> {
    const folders = new Set<string>()
    for (const path of this.#paths(mount)) {
      const slash = path.lastIndexOf('/')
      if (slash > 0) folders.add(path.slice(0, slash))
      if (folders.size >= maxFolders) break
    }
    return [...folders]
  }

  /** How many secrets lie below a folder. */
  async countBelow(mount: MountName, folder: FolderPath): Promise<number> {
    const above = folder === '' ? '' : `${folder}/`
    return this.#paths(mount).filter((path) => path.startsWith(above)).length
  }

  #paths(name: MountName): readonly string[] {
    const listing = this.listings().find(({ mount }) => mount.name === name)
    return listing?.rows().map(({ path }) => path) ?? []
  }
}
