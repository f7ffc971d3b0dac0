import { call } from '../bridge'
import type { BinnedSecret } from '../../src-main/contract/bin-calls'
import type { StoreSummary } from '../../src-main/contract/model'
import { Latest } from './latest'

/** A deleted secret, and whose it is. */
export interface BinItem extends BinnedSecret {
  readonly store: StoreSummary
}

/** What was deleted from one vault and can be restored. */
export class Bin {
  /** The latest first; undefined until they are known. */
  items = $state.raw<readonly BinItem[]>()
  error = $state.raw<unknown>()
  /** Somebody looks at it, so that it has to follow what others do. */
  isShown = false
  /** Ids of what is on its way in or out: it stands where it was until the lists are read again. */
  readonly going = new Set<string>()
  readonly #stores: () => readonly StoreSummary[]
  readonly #loads = new Latest()

  constructor(stores: () => readonly StoreSummary[]) {
    this.#stores = stores
  }

  readonly stores = $derived.by(() => this.#stores().filter(hasBin))

  async load(): Promise<void> {
    const isLast = this.#loads.ask()
    try {
      const lists = await Promise.all(
        this.stores.map(async (store) =>
          (await call('bin.list', { store: store.id })).map((item) => ({ ...item, store })),
        ),
      )
      if (!isLast()) return
      this.items = lists.flat().sort((a, b) => b.deletedAt - a.deletedAt)
      this.error = undefined
    } catch (error) {
      if (isLast()) this.error = error
    }
  }

  /** Moves a secret, or a folder with all that is in it, into the bin. @returns what to restore */
  async discard(at: {
    store: string
    path: string
    kind: 'secret' | 'folder'
  }): Promise<readonly string[]> {
    const ids = await call('bin.discard', at)
    await this.load()
    return ids
  }

  /** Puts secrets of one store back: all or none. @param to another path, for a single one */
  async restore(store: string, ids: readonly string[], to?: string): Promise<readonly string[]> {
    const items = ids.map((id) => (to === undefined ? { id } : { id, to }))
    const paths = await call('bin.restore', { store, items })
    await this.load()
    return paths
  }

  /** Erases what is named, and nothing that came into the bin meanwhile. */
  async purge(items: readonly BinItem[], fromBackups: boolean): Promise<void> {
    try {
      for (const store of this.stores) {
        const ids = items.filter((item) => item.store.id === store.id).map(({ id }) => id)
        if (ids.length === 0) continue
        const isToo = fromBackups && store.capabilities.includes('purgeBackups')
        await call('bin.purge', { store: store.id, items: ids, ...(isToo ? { fromBackups } : {}) })
      }
    } finally {
      // Also when it fails: what one store erased is gone, whatever another one says.
      await this.load()
    }
  }
}

/** Whether deleting in this store can be undone. */
export function hasBin(store: StoreSummary | undefined): boolean {
  return store?.capabilities.includes('bin') ?? false
}

/** How many days are left until an instant, counting one that has begun. */
export function daysUntil(end: number, now: number): number {
  return Math.max(0, Math.ceil((end - now) / 86_400_000))
}
