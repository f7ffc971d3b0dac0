import { SvelteMap } from 'svelte/reactivity'

/** How long a revealed value stays. */
export const hideAfterMs = 30_000

/** The values that are on the screen now, by key. Each hides itself. */
export class Revealed {
  readonly #shown = new SvelteMap<string, string>()
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()

  get count(): number {
    return this.#shown.size
  }

  get(key: string): string | undefined {
    return this.#shown.get(key)
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
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#shown.clear()
  }
}
