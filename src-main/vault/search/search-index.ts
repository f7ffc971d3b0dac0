import { CoffretError } from '../../contract/errors'
import {
  SecretPath,
  StoreId,
  type FolderPath,
  type MountName,
  type VaultId,
} from '../../contract/model'
import type { Progress, SearchAnswer, SearchHit } from '../../contract/search'
import { Best } from '../../kv/best'
import type { SearchRequest } from '../../kv/search-request'
import { explain, nameIn, rankOf, searchRanks, searchWords } from '../../kv/search-rules'
import { keysWithWords } from '../../kv/search-values'
import { versionState } from '../../kv/version-state'
import { fromHex } from '../../crypto/bytes'
import {
  IndexedNames,
  type IndexedFolder,
  type IndexedPlace,
  type IndexedSecret,
} from './indexed-names'
import type { JobOptions } from '../jobs/jobs'
import type { RowOpener } from './row-opening'
import { progressOf } from '../jobs/progress'
import { readData } from '../secret-records'
import type { UnlockedVault } from '../unlocked-vault'

/** What the index holds once it is whole. */
export interface IndexSize {
  readonly secrets: number
  readonly unreadable: number
}

/** What a search index works on, and how it tells what it does. */
export interface SearchIndexOptions {
  readonly vaultId: VaultId
  /** Called at most every 50 ms while the names are read, and once at the end. */
  readonly onProgress: (progress: Progress) => void
  /** Lets others work, between slices of a few milliseconds. */
  readonly breathe: () => Promise<void>
  /** The built `search-worker`: a second thread of it helps to read many names. Without it there is none. */
  readonly program?: string
}

/** What of a vault a search is about, and what it has found so far. */
interface Search {
  readonly request: SearchRequest
  readonly words: readonly string[]
  readonly best: Best<IndexedSecret>
  /** The keys whose values matched. */
  readonly valueKeys: Map<IndexedSecret, readonly string[]>
  total: number
  searched: number
}

/** What the last search over names found: whoever types on searches among that. */
interface Found {
  readonly search: Search
  readonly revision: number
  readonly secrets: readonly IndexedSecret[]
}

/** A secret that does not match by its names, and the words that its values would have to hold. */
interface Closed {
  readonly secret: IndexedSecret
  readonly rank: number
  readonly missing: readonly string[]
}

/** How many values are opened in one transaction: a few milliseconds. */
const valuesAtOnce = 64

/**
 * The search over the names of an unlocked vault. Names are read in slices, so that whoever holds the
 * thread, and whoever writes to the file, waits a few milliseconds. It follows writes at each search.
 */
export class SearchIndex {
  readonly #names: IndexedNames
  #running: Promise<void> | undefined
  #left: number
  #searches = 0
  #last: Found | undefined

  constructor(
    private readonly vault: UnlockedVault,
    private readonly options: SearchIndexOptions,
  ) {
    this.#names = new IndexedNames(vault)
    this.#left = this.#names.size
  }

  /**
   * Reads every name that was not read.
   * @throws CoffretError `locked`, `corrupt` when nothing of the vault can be proved, `busy`, `storage`
   */
  async build(): Promise<IndexSize> {
    await this.#follow()
    const { searched, unreadable } = this.#search({ text: '', limit: 0 })
    return { secrets: searched, unreadable }
  }

  /**
   * Searches what is there. A few writes are read first; after many the answer says that it is not
   * whole. With values it waits until it is.
   * @throws CoffretError `cancelled`, and as {@link build}
   */
  async query(request: SearchRequest, watch: JobOptions = {}): Promise<SearchAnswer> {
    if (request.values === true) {
      await this.#follow()
      return this.#searchValues(request, watch)
    }
    if (this.#running === undefined) {
      this.#left = this.#names.follow()
      // Whoever asks next hears of a failure.
      if (this.#left > 0) this.#follow().catch(() => undefined)
    }
    return this.#search(request)
  }

  /** Folders of a mount that have secrets in them, each once, at most as many as wanted. */
  async folders(mount: MountName, limit: number): Promise<string[]> {
    await this.#follow()
    const found = new Set<string>()
    this.#names.eachSecret(({ folder }) => {
      const place = this.#names.placeOf(folder)
      if (place?.mount !== mount || found.size >= limit) return
      for (let path = place.path; path !== ''; path = above(path)) found.add(path)
    })
    return [...found].sort().slice(0, limit)
  }

  /** How many secrets lie below a folder. */
  async countBelow(mount: MountName, below: FolderPath): Promise<number> {
    await this.#follow()
    let count = 0
    this.#names.eachSecret(({ folder }) => {
      const place = this.#names.placeOf(folder)
      if (place?.mount === mount && isBelow(place.path, below)) count += 1
    })
    return count
  }

  /** Reads until nothing is left; once, however many ask. */
  #follow(): Promise<void> {
    this.#running ??= this.#readAll().finally(() => (this.#running = undefined))
    return this.#running
  }

  async #readAll(): Promise<void> {
    const { size } = this.#names
    const { report, flush } = progressOf(this.options, this.vault.clock)
    const opener = this.#startOpener()
    try {
      do {
        await this.options.breathe()
        this.#left = opener?.isReady ? await this.#names.followWith(opener) : this.#names.follow()
        report(size - this.#left, size)
      } while (this.#left > 0)
    } finally {
      opener?.close()
    }
    flush()
  }

  #startOpener(): RowOpener | undefined {
    const { program } = this.options
    const isMuch = this.#left > this.#names.size / 4
    return program !== undefined && isMuch ? this.#names.startOpener(program) : undefined
  }

  #search(request: SearchRequest): SearchAnswer {
    const search = begin(request)
    const secrets: IndexedSecret[] = []
    const { revision } = this.#names
    const last = this.#last?.revision === revision ? this.#last : undefined
    this.#lookAtAll(
      search,
      (secret, rank) => {
        if (rank < 0) return
        offer(search, secret, rank)
        secrets.push(secret)
      },
      last !== undefined && isNarrower(search, last.search) ? last : undefined,
    )
    this.#last = { search, revision, secrets }
    return this.#answer(search)
  }

  /**
   * @param visit gets the sum of the ranks of the words, or -1 when one does not match
   * @param among where nothing else can match
   */
  #lookAtAll(
    search: Search,
    visit: (secret: IndexedSecret, rank: number) => void,
    among?: Found,
  ): void {
    this.#searches += 1
    const look = (secret: IndexedSecret) => {
      const place = this.#searchedPlace(search, secret.folder)
      if (place === undefined) return
      search.searched += 1
      visit(secret, rankAll(search.words, secret, place))
    }
    if (among === undefined) return this.#names.eachSecret(look)
    for (const secret of among.secrets) look(secret)
    search.searched = among.search.searched
  }

  /** What is in a folder's path is found once for all that lies in it. */
  #searchedPlace(
    { request: { mounts }, words }: Search,
    folder: IndexedFolder,
  ): IndexedPlace | undefined {
    if (folder.searchedAt !== this.#searches) {
      folder.searchedAt = this.#searches
      const place = this.#names.placeOf(folder)
      const isSearched = place !== undefined && (mounts?.includes(place.mount) ?? true)
      folder.found = isSearched ? wordsIn(words, place.foldedPath) : -1
    }
    return folder.found < 0 ? undefined : folder.place
  }

  async #searchValues(request: SearchRequest, watch: JobOptions): Promise<SearchAnswer> {
    const search = begin(request)
    const closed = this.#findClosed(search)
    const { report, flush } = progressOf(watch, this.vault.clock)
    const damaged: IndexedSecret[] = []
    for (let at = 0; at < closed.length; at += valuesAtOnce) {
      if (watch.signal?.aborted === true) {
        throw new CoffretError('cancelled', 'the search was cancelled')
      }
      damaged.push(...this.#openSome(search, closed.slice(at, at + valuesAtOnce)))
      report(at, closed.length)
      await this.options.breathe()
    }
    report(closed.length, closed.length)
    flush()
    return this.#answer(search, await this.#stillThere(damaged))
  }

  #findClosed(search: Search): Closed[] {
    const closed: Closed[] = []
    const now = this.vault.clock.now()
    this.#lookAtAll(search, (secret, rank) => {
      if (rank >= 0) return offer(search, secret, rank)
      if (secret.currentVersion === 0 || versionState(secret, now) !== 'active') return
      const { place } = secret.folder
      if (place === undefined) return
      const ranks = search.words.map((word, at) => rankOne(word, at, secret, place))
      const found = ranks.filter((one) => one >= 0)
      const missing = search.words.filter((_word, at) => (ranks[at] ?? -1) < 0)
      const sum = found.reduce((all, one) => all + one, missing.length * searchRanks.value)
      closed.push({ secret, rank: sum, missing })
    })
    return closed
  }

  /** @returns the secrets whose values did not open */
  #openSome(search: Search, some: readonly Closed[]): IndexedSecret[] {
    return this.vault.read(({ records }) =>
      some.flatMap(({ secret, rank, missing }) => {
        try {
          const data = readData(records, fromHex(secret.id), secret.currentVersion)
          const keys = keysWithWords(missing, data)
          if (keys === undefined) return []
          search.valueKeys.set(secret, keys)
          offer(search, secret, rank)
          return []
        } catch (error) {
          if (error instanceof CoffretError && error.code === 'corrupt') return [secret]
          throw error
        }
      }),
    )
  }

  /** Of what did not open, how many were not removed or written meanwhile. */
  async #stillThere(damaged: readonly IndexedSecret[]): Promise<number> {
    if (damaged.length === 0) return 0
    await this.#follow()
    const suspects = new Set(damaged)
    let count = 0
    this.#names.eachSecret((secret) => (count += suspects.has(secret) ? 1 : 0))
    return count
  }

  #answer(search: Search, moreUnreadable = 0): SearchAnswer {
    const { best, total, searched } = search
    const { size, unreadable } = this.#names
    return {
      hits: best.items.flatMap((secret) => this.#hit(search, secret)),
      ...{ total, searched, unreadable: unreadable + moreUnreadable },
      ...(this.#left > 0 ? { building: { done: size - this.#left, total: size } } : {}),
    }
  }

  #hit({ words, valueKeys }: Search, secret: IndexedSecret): SearchHit[] {
    const { folder, currentVersion, updatedAt } = secret
    // A folder may have moved while values were opened.
    const place = this.#names.placeOf(folder)
    if (place === undefined) return []
    const path = pathOf(place, secret)
    const { ranges, parts } = explain(words, place.mount, path, secret)
    const now = this.vault.clock.now()
    const values = (valueKeys.get(secret) ?? []).map((text) => ({
      ...{ kind: 'value' as const, text, ranges: [] },
    }))
    return [
      {
        store: StoreId.parse(`${this.options.vaultId}/${place.mount}`),
        path: SecretPath.parse(path),
        ...{ currentVersion, updatedAt, ranges, parts: [...parts, ...values] },
        ...(currentVersion === 0 ? {} : { state: versionState(secret, now) }),
      },
    ]
  }
}

function begin(request: SearchRequest): Search {
  const words = searchWords(request.text)
  const best = new Best<IndexedSecret>(request.limit, byPath)
  return { request, words, best, valueKeys: new Map(), total: 0, searched: 0 }
}

/**
 * Whether a search can find only what another found: each of its words is in a word of the new one. A
 * word with a slash may also begin in the mount's name, where its parts alone are not searched.
 */
function isNarrower(search: Search, before: Search): boolean {
  if (before.words.length === 0) return false
  const isSameIn = String(search.request.mounts) === String(before.request.mounts)
  const isInOne = (word: string) =>
    search.words.some((one) => one.includes(word) && (word.includes('/') || !one.includes('/')))
  return isSameIn && before.words.every(isInOne)
}

function offer(search: Search, secret: IndexedSecret, rank: number): void {
  search.total += 1
  search.best.add(rank, secret)
}

function rankAll(words: readonly string[], secret: IndexedSecret, place: IndexedPlace): number {
  let sum = 0
  for (let at = 0; at < words.length; at += 1) {
    const rank = rankOne(words[at] ?? '', at, secret, place)
    if (rank < 0) return -1
    sum += rank
  }
  return sum
}

function rankOne(word: string, at: number, secret: IndexedSecret, place: IndexedPlace): number {
  return rankOf(word, secret, place.folded, (secret.folder.found & (1 << at)) !== 0)
}

/** One bit for each word that is in a text. */
function wordsIn(words: readonly string[], text: string): number {
  let found = 0
  for (const [at, word] of words.entries()) if (text.includes(word)) found |= 1 << at
  return found
}

/** Folder by folder, and in each by name. */
function byPath(a: IndexedSecret, b: IndexedSecret): number {
  const [left, right] = [a.folder.place, b.folder.place]
  if (left !== undefined && right !== undefined && left !== right) {
    return left.folded < right.folded || (left.folded === right.folded && a.id < b.id) ? -1 : 1
  }
  if (a.folded === b.folded) return a.id < b.id ? -1 : 1
  return a.folded < b.folded ? -1 : 1
}

function pathOf({ path }: IndexedPlace, secret: IndexedSecret): string {
  return path === '' ? nameIn(secret) : `${path}/${nameIn(secret)}`
}

function above(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`)
}
