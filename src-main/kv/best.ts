/** Keeps the best of many: those of the lowest rank, and of one rank those that come first. */
export class Best<T> {
  readonly #items: { readonly rank: number; readonly item: T }[] = []

  /**
   * @param limit how many are kept, 0 or more
   * @param compare the order of items of one rank
   */
  constructor(
    private readonly limit: number,
    private readonly compare: (a: T, b: T) => number,
  ) {}

  /** Offers an item. */
  add(rank: number, item: T): void {
    const items = this.#items
    if (items.length >= this.limit) {
      const last = items.at(-1)
      if (last === undefined || rank > last.rank) return
      if (rank === last.rank && this.compare(item, last.item) >= 0) return
      items.pop()
    }
    let [low, high] = [0, items.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#isBefore(items[middle], rank, item)) low = middle + 1
      else high = middle
    }
    items.splice(low, 0, { rank, item })
  }

  /** What was kept, best first. */
  get items(): T[] {
    return this.#items.map(({ item }) => item)
  }

  #isBefore(one: { rank: number; item: T } | undefined, rank: number, item: T): boolean {
    if (one === undefined) return false
    return one.rank < rank || (one.rank === rank && this.compare(one.item, item) <= 0)
  }
}
