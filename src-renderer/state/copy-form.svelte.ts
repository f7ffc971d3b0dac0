import { call } from '../bridge'
import type { WorkId } from '../../src-main/contract/compare-calls'
import {
  type CopyOrder,
  type CopyPlanReport,
  type CopyPolicy,
  type CopyReport,
  type PendingCopy,
} from '../../src-main/contract/copy-calls'
import { FolderPath, type StoreId, type StoreSummary } from '../../src-main/contract/model'
import { isSecretPath } from './paths'
import { isStopped, newWork, type Works } from './works.svelte'

/** A secret, or everything below a folder; an empty path is a whole store. */
export interface CopySource {
  readonly kind: 'secret' | 'folder'
  readonly store: StoreSummary
  readonly path: string
}

/** A copy from the first question to what came of it. */
export class CopyForm {
  target = $state<string>('')
  path = $state('')
  versions = $state<CopyPolicy['versions']>('latest')
  conflicts = $state<CopyPolicy['conflicts']>('skip')
  settings = $state(true)
  acceptLoss = $state(false)
  running = $state<'plan' | 'copy'>()
  plan = $state.raw<CopyPlanReport>()
  report = $state.raw<CopyReport>()
  wasStopped = $state(false)
  error = $state.raw<unknown>()
  work = $state.raw<WorkId>()
  /** What the plan is of. */
  #planned: CopyOrder | undefined

  constructor(
    readonly source: CopySource,
    readonly isMove: boolean,
    private readonly works: Works,
    targets: readonly StoreSummary[],
  ) {
    const { store, path } = source
    this.target = likelyTarget(store, targets)?.id ?? ''
    this.path = path
  }

  readonly isPath = $derived.by(() =>
    this.source.kind === 'secret'
      ? isSecretPath(this.path)
      : FolderPath.safeParse(this.path).success,
  )

  /** Onto itself, or a folder into itself. */
  readonly isSame = $derived.by(() => {
    const { store, path, kind } = this.source
    if (store.id !== this.target) return false
    if (path === this.path) return true
    return kind === 'folder' && (path === '' || this.path.startsWith(`${path}/`))
  })

  readonly isComplete = $derived(this.isPath && !this.isSame && this.target !== '')

  #order(): CopyOrder {
    const { versions, conflicts, settings, isMove: move } = this
    return {
      kind: this.source.kind,
      from: { store: this.source.store.id, path: FolderPath.parse(this.source.path) },
      to: { store: this.target as StoreId, path: FolderPath.parse(this.path) },
      policy: { versions, conflicts, settings, move, acceptLoss: move && this.acceptLoss },
    }
  }

  /** Asks what would happen. */
  async look(): Promise<void> {
    if (!this.isComplete) return
    const order = this.#order()
    // Values of a remote store are asked for one by one: only where they are compared.
    const readsValues = this.source.store.kind === 'vault'
    await this.#run('plan', async (work) => {
      this.plan = await call('copy.plan', { work, order, readsValues })
      this.#planned = order
    })
  }

  /** Back to the questions. */
  change(): void {
    this.plan = undefined
    this.forget()
  }

  /** A plan that is not carried out is forgotten by main too. */
  forget(): void {
    if (this.#planned !== undefined && this.report === undefined) void this.works.stop(this.work)
    this.#planned = undefined
  }

  async copy(): Promise<void> {
    const order = this.#planned
    if (order === undefined) return
    await this.#run(
      'copy',
      async (work) => {
        this.report = await call('copy.run', { work, order })
      },
      this.work,
    )
  }

  stop(): void {
    void this.works.stop(this.work)
  }

  async #run(what: 'plan' | 'copy', run: (work: WorkId) => Promise<void>, work = newWork()) {
    if (this.running !== undefined) return
    this.running = what
    this.work = work
    this.error = undefined
    this.wasStopped = false
    try {
      await this.works.follow(run, work)
    } catch (error) {
      if (isStopped(error)) this.wasStopped = what === 'copy'
      else this.error = error
      if (what === 'copy') this.plan = undefined
    }
    this.running = undefined
    void this.works.load()
  }
}

/** Elsewhere, of the same name or at least with versions, where there is such a store. */
export function likelyTarget<T extends StoreSummary>(
  from: StoreSummary,
  targets: readonly T[],
): T | undefined {
  const ownerOf = (id: string) => id.slice(0, id.indexOf('/'))
  const others = targets.filter(({ id }) => ownerOf(id) !== ownerOf(from.id))
  return (
    others.find(({ label }) => label === from.label) ??
    others.find(({ capabilities }) => capabilities.includes('versions')) ??
    others[0] ??
    targets.find(({ id }) => id !== from.id) ??
    targets[0]
  )
}

/** A copy that was interrupted goes on. */
export class CopyResume {
  report = $state.raw<CopyReport>()
  wasStopped = $state(false)
  error = $state.raw<unknown>()
  isRunning = $state(true)

  constructor(
    readonly pending: PendingCopy,
    private readonly works: Works,
  ) {}

  async run(): Promise<void> {
    const { vault, work } = this.pending
    try {
      await this.works.follow(async () => {
        this.report = await call('copy.resume', { vault, work })
      }, work)
    } catch (error) {
      if (isStopped(error)) this.wasStopped = true
      else this.error = error
    }
    this.isRunning = false
    void this.works.load()
  }

  stop(): void {
    void this.works.stop(this.pending.work)
  }
}
