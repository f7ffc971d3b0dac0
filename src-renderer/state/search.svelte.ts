import { call } from '../bridge'
import { CoffretError } from '../../src-main/contract/errors'
import type { StoreSummary } from '../../src-main/contract/model'
import type { Progress, SearchAnswer } from '../../src-main/contract/search'
import { Latest } from './latest'

/** How many hits are listed; more are counted. */
const limit = 200

/** The search over the stores of a vault: as one types over names, on request over values. */
export class Search {
  #text = $state('')
  /** What was found for {@link Search.text}, or what is still shown of the text before. */
  answer = $state.raw<SearchAnswer>()
  /** How far the opening of values is; undefined when none are opened. */
  opening = $state.raw<Progress>()
  /** Values are part of the answer. */
  hasValues = $state(false)
  error = $state.raw<unknown>()
  readonly #stores: () => readonly StoreSummary[]
  #running: Promise<void> | undefined
  #isOutdated = false
  readonly #openings = new Latest()

  constructor(stores: () => readonly StoreSummary[]) {
    this.#stores = stores
  }

  get text(): string {
    return this.#text
  }

  /** Values are opened for one text only. */
  set text(text: string) {
    if (text === this.#text) return
    this.stop()
    this.hasValues = false
    this.#text = text
    if (this.isOn) this.refresh()
    else this.answer = undefined
  }

  readonly isOn = $derived.by(() => this.#text.trim() !== '')

  /** Searches again: the text, or the vault, is another. While one search runs, only the last one waits. */
  refresh(): void {
    if (!this.isOn || this.hasValues || this.opening !== undefined) return
    this.#isOutdated = true
    this.#running ??= this.#run().finally(() => (this.#running = undefined))
  }

  /** Waits until the answer is that of the text. */
  async settled(): Promise<void> {
    await this.#running
  }

  /** Searches the values too. */
  async openValues(): Promise<void> {
    const isLast = this.#openings.ask()
    this.opening = { done: 0, total: 0 }
    try {
      const answer = await call('search.query', { ...this.#request(this.#text), values: true })
      if (!isLast()) return
      this.answer = answer
      this.hasValues = true
      this.error = undefined
    } catch (error) {
      const isStopped = error instanceof CoffretError && error.code === 'cancelled'
      if (!isStopped && isLast()) this.error = error
    }
    if (isLast()) this.opening = undefined
  }

  /** Ends the opening of values. */
  stop(): void {
    if (this.opening === undefined) return
    // Nobody waits for the answer any more.
    this.#openings.ask()
    this.opening = undefined
    void call('search.cancel').catch(() => undefined)
  }

  /** Hears how far the opening of values is. */
  progressed(progress: Progress): void {
    if (this.opening !== undefined) this.opening = progress
  }

  async #run(): Promise<void> {
    while (this.#isOutdated) {
      this.#isOutdated = false
      try {
        const answer = await call('search.query', this.#request(this.#text))
        if (this.isOn && !this.hasValues) this.answer = answer
        this.error = undefined
      } catch (error) {
        this.error = error
      }
    }
  }

  #request(text: string) {
    return { text, stores: this.#stores().map(({ id }) => id), limit }
  }
}
