/**
 * What was used lately, by its key, at most so many items: the older half is dropped when the newer half
 * is full.
 */
export class Recent<T> {
  #newer = new Map<string, T>()
  #older = new Map<string, T>()

  /** @param most how many items are kept, at least 2 */
  constructor(private readonly most: number) {}

  get(key: string): T | undefined {
    const found = this.#newer.get(key)
    if (found !== undefined) return found
    const old = this.#older.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, item: T): void {
    if (this.#newer.size >= this.most / 2) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(key, item)
  }
}
