import type { DomainMount } from '../../contract/domain'
import { CoffretError } from '../../contract/errors'
import type {
  EpochMs,
  FolderPath,
  ListEntry,
  SecretPath,
  SecretSummary,
  StoreListing,
} from '../../contract/model'
import { RemoteFailure } from '../../contract/remote-failure'
import type { Clock } from '../../env'
import { listedTexts, type ListedText } from '../../kv/list-search'
import type { KnownList, KnownListHead } from '../../kv/list-shelf'
import type { Page, PageRequest } from '../../kv/secret-store'
import { pageOf } from '../../remote/listing'
import type { Arrival } from '../../remote/listing-arrivals'
import { childrenOf } from '../../remote/okms-listing'

/** What a listing stands on. */
export interface ListingPorts {
  readonly clock: Clock
  /** Asks the server. @throws CoffretError */
  arrivals(signal: AbortSignal): AsyncGenerator<Arrival>
  /** The same as {@link load} without the rows. */
  head(): KnownListHead | undefined
  /** What was kept of an earlier session; undefined when nothing was, or it is damaged. */
  load(): KnownList | undefined
  /** Keeps a list. It never throws. */
  save(list: KnownList): void
  /** Hears of rows that changed, and of how far it is. @param isEnd nothing more comes for now */
  onChange(isEnd: boolean): void
}

type Rows = Map<SecretPath, SecretSummary>

/** A list that is being read. */
interface Run {
  readonly stop: AbortController
  /** What has arrived. */
  readonly rows: Rows
  /** What this program wrote meanwhile, which wins over what arrives; undefined for what it removed. */
  readonly own: Map<SecretPath, SecretSummary | undefined>
  progress: NonNullable<StoreListing['progress']>
}

/** A list is kept again when nothing in it changed, once it is so much older, in milliseconds. */
const keptAgeMs = 3_600_000

/**
 * The list of one store of a domain, as it was last read: kept in memory for browsing and searching, and
 * sealed in the vault for the time when the server is away. It is read as a whole, since that is how the
 * servers list; the first one is shown as it arrives, a later one replaces it once all names are there.
 */
export class KnownListing {
  #rows: Rows | undefined
  #listedAt: EpochMs | undefined
  #savedAt: EpochMs | undefined
  #run: Run | undefined
  #failure: unknown
  #wasBegun = false
  #wasRead = false
  #sorted: readonly SecretSummary[] | undefined
  #texts: readonly ListedText[] | undefined
  #waiting: (() => void)[] = []

  constructor(
    readonly mount: DomainMount,
    private readonly ports: ListingPorts,
  ) {}

  /** It was read to its end since the vault was unlocked. */
  get wasRead(): boolean {
    return this.#wasRead
  }

  /** How it is, for showing it. */
  state(): StoreListing {
    // What is kept is not opened for this: there may be much of it.
    const head = this.#rows === undefined ? this.ports.head() : undefined
    const listedAt = this.#listedAt ?? head?.listedAt
    const failure = failureOf(this.#failure)
    return {
      ...(listedAt === undefined ? {} : { listedAt }),
      count: this.#rows?.size ?? head?.count ?? 0,
      ...(this.#run === undefined ? {} : { progress: this.#run.progress }),
      ...(failure === undefined ? {} : { failure }),
    }
  }

  /** All that is known, by path. */
  rows(): readonly SecretSummary[] {
    this.#sorted ??= pageOf([...this.#known().values()], {}, ({ path }) => path).items
    return this.#sorted
  }

  /** The same for searching. */
  texts(): readonly ListedText[] {
    this.#texts ??= listedTexts(this.rows())
    return this.#texts
  }

  /**
   * The children of a folder as far as they are known. Where nothing is, it waits for the first to arrive.
   * @throws CoffretError when nothing is known, why
   */
  async list(folder: FolderPath, page: PageRequest = {}): Promise<Page<ListEntry>> {
    await this.#something()
    return pageOf(childrenOf(folder, this.rows()), page, (row) =>
      row.kind === 'folder' ? `${row.name}/` : row.name,
    )
  }

  /** All secrets as far as they are known. @throws CoffretError as {@link list} */
  async listAll(page: PageRequest = {}): Promise<Page<SecretSummary>> {
    await this.#something()
    return pageOf(this.rows(), page, ({ path }) => path)
  }

  /** Begins to read it, unless that is under way. */
  begin(): void {
    if (this.#run !== undefined) return
    this.#wasBegun = true
    const run: Run = {
      stop: new AbortController(),
      ...{ rows: new Map(), own: new Map() },
      progress: { of: 'names', done: 0, total: 0 },
    }
    const isFirst = this.#known().size === 0 && this.#listedAt === undefined
    this.#run = run
    if (isFirst) this.#replace(run.rows)
    this.#failure = undefined
    this.ports.onChange(false)
    void this.#read(run).then(
      () => this.#ended(run, undefined),
      (error: unknown) => this.#ended(run, error),
    )
  }

  /** Ends the reading. */
  stop(): void {
    this.#run?.stop.abort()
  }

  /** This program wrote a secret. */
  put(row: SecretSummary): void {
    this.#run?.own.set(row.path, row)
    this.#known().set(row.path, row)
    this.#changed()
  }

  /** What is known of one secret. */
  find(path: SecretPath): SecretSummary | undefined {
    return this.#known().get(path)
  }

  /** This program removed a secret. */
  drop(path: SecretPath): void {
    this.#run?.own.set(path, undefined)
    this.#known().delete(path)
    this.#changed()
  }

  async #read(run: Run): Promise<void> {
    for await (const arrival of this.ports.arrivals(run.stop.signal)) {
      if (arrival.kind === 'secrets') {
        for (const row of arrival.rows) run.rows.set(row.path, row)
        run.progress = { of: 'names', done: run.rows.size, total: 0 }
      } else {
        if (run.progress.of === 'names') this.#namesAreHere(run)
        for (const row of arrival.rows) run.rows.set(row.path, row)
        for (const path of arrival.gone) run.rows.delete(path)
        run.progress = { of: 'facts', done: arrival.done, total: arrival.total }
      }
      this.#ownWins(run)
      this.#changed()
      // Who may not read metadata of so many may not read that of the others: twenty thousand refusals
      // would tell no more.
      const tellsNothing = arrival.rows.every((row) => row.currentVersion === undefined)
      if (arrival.kind === 'facts' && arrival.rows.length > 0 && tellsNothing) break
    }
    if (run.progress.of === 'names') this.#namesAreHere(run)
  }

  /** Shows the new names, with what was known of each until more of it arrives. */
  #namesAreHere(run: Run): void {
    const before = this.#known()
    if (before !== run.rows) {
      for (const [path, row] of run.rows) {
        const known = before.get(path)
        if (row.currentVersion === undefined && known !== undefined) run.rows.set(path, known)
      }
    }
    this.#ownWins(run)
    this.#replace(run.rows)
    this.#listedAt = this.ports.clock.now()
    this.#wasRead = true
  }

  #ownWins({ own, rows }: Run): void {
    for (const [path, row] of own) {
      if (row === undefined) rows.delete(path)
      else rows.set(path, row)
    }
  }

  #ended(run: Run, error: unknown): void {
    if (this.#run !== run) return
    this.#run = undefined
    this.#failure = error
    if (this.#listedAt !== undefined && this.#wasRead) this.#keep(this.#listedAt)
    this.#changed()
  }

  /** A list that says the same as the one that is kept is kept again only once that one is old. */
  #keep(listedAt: EpochMs): void {
    const { mount, ports } = this
    const age = listedAt - (this.#savedAt ?? -Infinity)
    const rows = this.rows()
    if (age < keptAgeMs && isSame(rows, ports.load()?.rows ?? [])) return
    ports.save({ mount, listedAt, rows })
    this.#savedAt = listedAt
  }

  /** Until something is known, or it is known that nothing will be. */
  async #something(): Promise<void> {
    if (!this.#wasBegun) this.begin()
    while (this.#known().size === 0 && this.#listedAt === undefined && this.#run !== undefined) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    if (this.#known().size > 0 || this.#listedAt !== undefined) return
    throw this.#failure ?? new CoffretError('cancelled', 'the list was not read')
  }

  #known(): Rows {
    if (this.#rows !== undefined) return this.#rows
    const list = this.ports.load()
    this.#listedAt = list?.listedAt
    this.#savedAt = list?.listedAt
    this.#rows = new Map(list?.rows.map((row) => [row.path, row]))
    return this.#rows
  }

  #replace(rows: Rows): void {
    this.#rows = rows
    this.#sorted = undefined
    this.#texts = undefined
  }

  #changed(): void {
    this.#sorted = undefined
    this.#texts = undefined
    for (const resolve of this.#waiting.splice(0)) resolve()
    this.ports.onChange(this.#run === undefined)
  }
}

function failureOf(error: unknown): StoreListing['failure'] {
  if (!(error instanceof CoffretError)) return undefined
  const { code } = error
  return error instanceof RemoteFailure ? { code, reason: error.reason } : { code }
}

function isSame(rows: readonly SecretSummary[], others: readonly SecretSummary[]): boolean {
  if (rows.length !== others.length) return false
  return rows.every((row, at) => {
    const other = others[at]
    return (
      row.path === other?.path &&
      row.currentVersion === other.currentVersion &&
      row.state === other.state &&
      row.updatedAt === other.updatedAt
    )
  })
}
