import { SvelteMap } from 'svelte/reactivity'

/** How long a revealed value stays. */
export const hideAfterMs = 30_000

/** The values that are on the screen now, by key. Each hides itself. */
export class Revealed {
  readonly #shown = new SvelteMap<string, string>()
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()

  #hides = 0

  get count(): number {
    return this.#shown.size
  }

  get(key: string): string | undefined {
    return this.#shown.get(key)
  }

  /** Values are about to be read. @returns shows one, unless all were hidden since */
  reading(): (key: string, text: string) => void {
    const hides = this.#hides
    return (key, text) => {
      if (hides === this.#hides) this.show(key, text)
    }
  }

  show(key: string, text: string): void {
    clearTimeout(this.#timers.get(key))
    this.#shown.set(key, text)
    this.#timers.set(
      key,
      setTimeout(() => this.hide(key), hideAfterMs),
    )
  }

  hide(key: string): void {
    clearTimeout(this.#timers.get(key))
    this.#timers.delete(key)
    this.#shown.delete(key)
  }

  hideAll(): void {
    this.#hides += 1
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#shown.clear()
  }
}
