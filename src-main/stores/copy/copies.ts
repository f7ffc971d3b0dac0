import type { CopyOrder, CopyPlanReport, CopyReport, PendingCopy } from '../../contract/copy-calls'
import type { WorkId } from '../../contract/compare-calls'
import { CoffretError } from '../../contract/errors'
import type { SecretPath, StoreId, VaultId } from '../../contract/model'
import type { Clock } from '../../env'
import type { CopyJob, CopyNotes, CopyShelf } from '../../kv/copy-journal'
import { reportOfPlan } from '../../kv/copy-report'
import type { SecretStore } from '../../kv/secret-store'
import { checkCancelled, type WorkOptions } from './bounded'
import { isThere } from './copy-secret'
import { openEnds, type CopyEnds } from './ends'
import { planCopy, type PlannedItem } from './plan-copy'
import { CopyRun } from './run-copy'
import { finishSnapshot, type SnapshotShelves } from './snapshots'

/** What copying stands on. */
export interface CopyPorts {
  readonly clock: Clock
  /** @throws CoffretError `locked`, `not_found` */
  store(id: StoreId): SecretStore
  /** The journals of a vault. @throws CoffretError `locked`, `not_found` */
  shelf(vault: VaultId): CopyShelf
  /** The vaults that are unlocked, where journals can lie. */
  unlocked(): readonly VaultId[]
  readonly snapshots: SnapshotShelves
}

/** What is to be planned. */
export interface PlanRequest {
  readonly order: CopyOrder
  readonly readsValues: boolean
  /** Where the journal is to be; when absent the vault of one of the stores, or else any. */
  readonly keeper?: VaultId | undefined
}

/** A plan that waits to be run. */
interface Planned {
  readonly ends: CopyEnds
  readonly items: readonly PlannedItem[]
  readonly keeper: VaultId
}

/** How many plans wait at once; the oldest one goes. */
const maxPlans = 4

const nothingDone: CopyNotes = { started: [], done: [] }

/** Copies between any two stores: planned, run, stopped and gone on with. */
export class Copies {
  readonly #plans = new Map<WorkId, Planned>()
  readonly #running = new Map<WorkId, AbortController>()

  constructor(private readonly ports: CopyPorts) {}

  /** @throws CoffretError `invalid` when no vault can keep the journal, and as `planCopy` */
  async plan(
    id: WorkId,
    { order, readsValues, keeper }: PlanRequest,
    options: WorkOptions = {},
  ): Promise<CopyPlanReport> {
    const kept = this.#keeper(order, keeper)
    return this.work(id, options, async (more) => {
      const ends = await this.#ends(order)
      const items = await planCopy(ends, { ...more, readsValues })
      this.#plans.set(id, { ends, items, keeper: kept })
      const [oldest] = this.#plans.keys()
      if (this.#plans.size > maxPlans && oldest !== undefined) this.#plans.delete(oldest)
      return reportOfPlan(items, ends.rules)
    })
  }

  /** What was planned under this id. @throws CoffretError `not_found` */
  planned(id: WorkId): CopyOrder {
    return this.#planned(id).ends.order
  }

  /** Does what was planned under this id. @throws CoffretError `not_found`, `exists`, and as `CopyRun` */
  async run(id: WorkId, options: WorkOptions = {}): Promise<CopyReport> {
    const planned = this.#planned(id)
    const { ends, keeper } = planned
    return this.work(id, options, async (more) => {
      this.#plans.delete(id)
      const startedAt = this.ports.clock.now()
      const job = { id, order: ends.order, mirrors: false, startedAt }
      await this.ports.shelf(keeper).begin(job)
      return this.#perform(planned, job, nothingDone, more)
    })
  }

  /** Goes on with a copy that was begun. @throws CoffretError `not_found`, and as `CopyRun` */
  async resume(keeper: VaultId, id: WorkId, options: WorkOptions = {}): Promise<CopyReport> {
    return this.work(id, options, async (more) => {
      const { job, ...notes } = await this.ports.shelf(keeper).read(id)
      const ends = await this.#ends(job.order, job.mirrors)
      const done = new Set<SecretPath>(notes.done.map(({ from }) => from))
      const started = new Map(notes.started.map((one) => [one.from, one]))
      for (const path of done) started.delete(path)
      // A mirror is compared as a whole: what it has no more is known only then.
      const left = job.mirrors ? {} : { done, started }
      const { signal } = more
      const items = await planCopy(ends, { signal, readsValues: job.mirrors, ...left })
      if (job.mirrors) return this.#perform({ ends, items, keeper }, job, nothingDone, more)
      const before = await this.#vanished(ends, items, { ...notes, started: [...started.values()] })
      const found = { ends, items, keeper }
      return this.#perform(found, job, { ...notes, done: [...notes.done, ...before] }, more)
    })
  }

  /** Brings a snapshot to what its store holds now. @throws CoffretError as {@link run} */
  async mirror(id: WorkId, order: CopyOrder, options: WorkOptions = {}): Promise<CopyReport> {
    const keeper = this.#keeper(order, undefined)
    return this.work(id, options, async (more) => {
      const job = { id, order, mirrors: true, startedAt: this.ports.clock.now() }
      const ends = await this.#ends(order, true)
      const items = await planCopy(ends, { ...more, readsValues: true })
      await this.ports.shelf(keeper).begin(job)
      return this.#perform({ ends, items, keeper }, job, nothingDone, more)
    })
  }

  /** Stops work; nothing happens when none runs. A plan that waits is forgotten. */
  cancel(id: WorkId): void {
    this.#running.get(id)?.abort()
    this.#plans.delete(id)
  }

  /** Stops all work, and forgets the plans, which name paths: a lock comes. */
  stop(): void {
    for (const running of this.#running.values()) running.abort()
    this.#plans.clear()
  }

  /** Copies that were begun and have not ended, the latest first; also those that run now. */
  async pending(): Promise<readonly PendingCopy[]> {
    const lists = this.ports.unlocked().map(async (vault) => {
      const found = await this.ports.shelf(vault).list()
      return found.map(({ job: { id, order, startedAt }, done, announced }) => {
        return { vault, work: id, order, startedAt, done, underWay: announced }
      })
    })
    return (await Promise.all(lists)).flat().sort((a, b) => b.startedAt - a.startedAt)
  }

  /** Forgets what is done of a copy. @throws CoffretError `busy` while it runs */
  async discard(keeper: VaultId, id: WorkId): Promise<void> {
    if (this.#running.has(id)) throw new CoffretError('busy', 'the copy is running')
    await this.ports.shelf(keeper).discard(id)
  }

  /** Runs work that can be cancelled by its id. @throws CoffretError `busy` when the id is in use */
  async work<T>(
    id: WorkId,
    options: WorkOptions,
    work: (options: WorkOptions & { readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    if (this.#running.has(id)) throw new CoffretError('busy', 'this is being done already')
    const stop = new AbortController()
    this.#running.set(id, stop)
    options.signal?.addEventListener('abort', () => stop.abort(), { signal: stop.signal })
    try {
      checkCancelled(options.signal)
      return await work({ ...options, signal: stop.signal })
    } finally {
      this.#running.delete(id)
    }
  }

  async #perform(
    { ends, items, keeper }: Planned,
    job: CopyJob,
    { done }: CopyNotes,
    options: WorkOptions,
  ): Promise<CopyReport> {
    const shelf = this.ports.shelf(keeper)
    const remembering = { shelf, id: job.id, clock: this.ports.clock }
    const report = await new CopyRun(ends, items, remembering, options, done).run()
    if (job.mirrors) await finishSnapshot(this.ports.snapshots, ends, job, { items, report })
    await shelf.discard(job.id)
    return report
  }

  /** Of a move: what is gone from the source, and at the target, was moved and not noted any more. */
  async #vanished(
    ends: CopyEnds,
    items: readonly PlannedItem[],
    { started }: CopyNotes,
  ): Promise<CopyNotes['done']> {
    if (!ends.order.policy.move) return []
    const listed = new Set(items.map(({ from }) => from))
    const done: CopyNotes['done'][number][] = []
    for (const { from, to, base } of started) {
      if (listed.has(from) || !(await isThere(ends, to, base))) continue
      done.push({ from, outcome: 'moved' })
    }
    return done
  }

  async #ends(order: CopyOrder, mirrors = false): Promise<CopyEnds> {
    const target = mirrors
      ? this.ports.snapshots.writable(order.to.store)
      : this.ports.store(order.to.store)
    const source = this.ports.store(order.from.store)
    return openEnds(order, { source, target }, this.ports.clock, mirrors)
  }

  #planned(id: WorkId): Planned {
    const planned = this.#plans.get(id)
    if (planned === undefined) throw new CoffretError('not_found', 'there is no such plan')
    return planned
  }

  #keeper({ from, to }: CopyOrder, wanted: VaultId | undefined): VaultId {
    const unlocked = this.ports.unlocked()
    const own = [to.store, from.store].map((store) => store.slice(0, store.indexOf('/')))
    const near = own.map((place) => unlocked.find((id) => id === place))
    const found = wanted ?? near[0] ?? near[1] ?? unlocked[0]
    if (found !== undefined && unlocked.includes(found)) return found
    throw new CoffretError('invalid', 'no unlocked vault keeps the journal', { field: 'keeper' })
  }
}
