import { call } from '../bridge'
import type {
  SecretComparison,
  TreeComparison,
  WorkId,
} from '../../src-main/contract/compare-calls'
import {
  FolderPath,
  SecretPath,
  type StoreId,
  type StoreSummary,
} from '../../src-main/contract/model'
import { likelyTarget, type CopySource } from './copy-form.svelte'
import { isSecretPath, joinPath } from './paths'
import { isStopped, newWork, type Works } from './works.svelte'

/** What differs between two places, masked. */
export class Comparison {
  target = $state('')
  path = $state('')
  isRunning = $state(false)
  work = $state.raw<WorkId>()
  tree = $state.raw<TreeComparison>()
  /** Key by key, of one secret; `path` is that of the first side. */
  secret = $state.raw<{ readonly path: string; readonly found: SecretComparison }>()
  error = $state.raw<unknown>()

  constructor(
    readonly source: CopySource,
    private readonly works: Works,
    others: readonly StoreSummary[],
  ) {
    this.target = likelyTarget(source.store, others)?.id ?? ''
    this.path = source.path
  }

  readonly isPath = $derived.by(() =>
    this.source.kind === 'secret'
      ? isSecretPath(this.path)
      : FolderPath.safeParse(this.path).success,
  )
  readonly isSame = $derived.by(
    () => this.source.store.id === this.target && this.source.path === this.path,
  )

  async run(): Promise<void> {
    if (!this.isPath || this.isSame || this.target === '') return
    if (this.source.kind === 'secret') return this.compareSecrets(this.source.path, this.path)
    const second = { store: this.target as StoreId, path: FolderPath.parse(this.path) }
    const { store, path } = this.source
    const first = { store: store.id, path: FolderPath.parse(path) }
    await this.#attempt(async (work) => {
      this.tree = await call('compare.trees', { work, first, second })
    })
  }

  /** One secret of the two folders. */
  async open(path: string): Promise<void> {
    await this.compareSecrets(joinPath(this.source.path, path), joinPath(this.path, path))
  }

  async compareSecrets(first: string, second: string): Promise<void> {
    await this.#attempt(async () => {
      const found = await call('compare.secrets', {
        first: { store: this.source.store.id, path: SecretPath.parse(first) },
        second: { store: this.target as StoreId, path: SecretPath.parse(second) },
      })
      this.secret = { path: first, found }
    })
  }

  stop(): void {
    if (this.isRunning) void this.works.stop(this.work)
  }

  async #attempt(run: (work: WorkId) => Promise<void>): Promise<void> {
    if (this.isRunning) return
    this.isRunning = true
    this.error = undefined
    const work = newWork()
    this.work = work
    try {
      await this.works.follow(run, work)
    } catch (error) {
      if (!isStopped(error)) this.error = error
    }
    this.isRunning = false
  }
}
