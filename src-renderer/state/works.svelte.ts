import { SvelteMap } from 'svelte/reactivity'
import { call } from '../bridge'
import { WorkId } from '../../src-main/contract/compare-calls'
import type { PendingCopy } from '../../src-main/contract/copy-calls'
import { CoffretError } from '../../src-main/contract/errors'
import type { Progress } from '../../src-main/contract/search'
import { Latest } from './latest'

/** Long work of main between stores: how far it is, and what of it was interrupted. */
export class Works {
  /** Copies that were begun and have not ended. */
  pending = $state.raw<readonly PendingCopy[]>([])
  readonly #progress = new SvelteMap<string, Progress>()
  readonly #running = new Set<string>()
  readonly #loads = new Latest()

  /** @returns undefined until the first word of it */
  progressOf(work: string | undefined): Progress | undefined {
    return work === undefined ? undefined : this.#progress.get(work)
  }

  hear({ work, done, total }: Progress & { readonly work: string }): void {
    if (this.#running.has(work)) this.#progress.set(work, { done, total })
  }

  /** Does work that tells how far it is, under a name of its own unless one is given. */
  async follow<T>(run: (work: WorkId) => Promise<T>, work: WorkId = newWork()): Promise<T> {
    this.#running.add(work)
    try {
      return await run(work)
    } finally {
      this.#running.delete(work)
      this.#progress.delete(work)
    }
  }

  async stop(work: WorkId | undefined): Promise<void> {
    if (work !== undefined) await call('copy.cancel', { work }).catch(() => undefined)
  }

  /** Looks what was interrupted; what runs just now is not among it. */
  async load(): Promise<void> {
    const isLast = this.#loads.ask()
    const pending = await call('copy.pending', {}).catch(() => [])
    if (!isLast()) return
    this.pending = pending.filter(({ work }) => !this.#running.has(work))
  }

  async discard({ vault, work }: PendingCopy): Promise<void> {
    await call('copy.discard', { vault, work })
    await this.load()
  }
}

/** A name for a piece of work. */
export function newWork(): WorkId {
  return WorkId.parse(crypto.randomUUID())
}

/** The person stopped it. */
export function isStopped(error: unknown): boolean {
  return error instanceof CoffretError && error.code === 'cancelled'
}
