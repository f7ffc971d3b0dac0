/**
 * What was used lately, by its key, at most so much: the older half is dropped when the newer half is full.
 */
export class Recent<T> {
  #newer = new Map<string, T>()
  #older = new Map<string, T>()
  #weight = 0

  /**
   * @param most how much is kept, at least 2
   * @param weigh how much an item is; one unless told
   */
  constructor(
    private readonly most: number,
    private readonly weigh: (item: T) => number = () => 1,
  ) {}

  get(key: string): T | undefined {
    const found = this.#newer.get(key)
    if (found !== undefined) return found
    const old = this.#older.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, item: T): void {
    const replaced = this.#newer.get(key)
    const weight = this.weigh(item)
    const more = weight - (replaced === undefined ? 0 : this.weigh(replaced))
    if (this.#weight > 0 && this.#weight + more > this.most / 2) {
      this.#older = this.#newer
      this.#newer = new Map()
      this.#weight = weight
    } else {
      this.#weight += more
    }
    this.#newer.set(key, item)
  }

  delete(key: string): void {
    const dropped = this.#newer.get(key)
    if (dropped !== undefined) this.#weight -= this.weigh(dropped)
    this.#newer.delete(key)
    this.#older.delete(key)
  }
}
