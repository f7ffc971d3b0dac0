import { call } from '../bridge'
import type { SecretSummary, StoreSummary } from '../../src-main/contract/model'

/** How many secrets are fetched at a time. */
const pageSize = 500

/** A secret of the flat list. */
export interface FlatItem {
  readonly store: StoreSummary
  readonly summary: SecretSummary
}

/** Every secret of the stores in the order of their paths, as far as somebody has scrolled. */
export class FlatList {
  items = $state.raw<readonly FlatItem[]>([])
  readonly #stores: () => readonly StoreSummary[]
  /** The store and the path behind which the next page begins; undefined at the end. */
  #next: { readonly store: number; readonly after: string } | undefined = { store: 0, after: '' }
  /** One after the other: they share the place where the next page begins. */
  #queue = Promise.resolve()
  #isFetchingMore = false

  constructor(stores: () => readonly StoreSummary[]) {
    this.#stores = stores
  }

  /** Fetches one page more, if there is one. */
  async more(): Promise<void> {
    if (this.#next === undefined || this.#isFetchingMore) return
    this.#isFetchingMore = true
    const load = () => this.#load(this.items, this.items.length + pageSize)
    await this.#enqueue(load).finally(() => (this.#isFetchingMore = false))
  }

  /** Fetches again as much as is here. */
  async reload(): Promise<void> {
    await this.#enqueue(() => {
      this.#next = { store: 0, after: '' }
      return this.#load([], Math.max(pageSize, this.items.length))
    })
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work)
    this.#queue = done.catch(() => undefined)
    return done
  }

  async #load(before: readonly FlatItem[], count: number): Promise<void> {
    let items = before
    while (this.#next !== undefined && items.length < count) {
      const { store: at, after } = this.#next
      const store = this.#stores()[at]
      if (store === undefined) {
        this.#next = undefined
        break
      }
      const page = await call('secret.paths', { store: store.id, after, limit: pageSize })
      items = [...items, ...page.items.map((summary) => ({ store, summary }))]
      this.#next =
        page.next === undefined ? { store: at + 1, after: '' } : { store: at, after: page.next }
    }
    this.items = items
  }
}
