import { call } from '../bridge'
import type { AuditFilter } from '../../src-main/contract/audit-calls'
import type { AuditLine } from '../../src-main/contract/audit-line'
import type { CallOutput } from '../../src-main/contract/calls'
import type { VaultId } from '../../src-main/contract/model'

/** How many lines are read at once. */
const pageSize = 200

/** The audit log of a vault on the screen, the newest line first. */
export class Activity {
  /** Undefined until it was read. */
  lines = $state.raw<readonly AuditLine[]>()
  filter = $state.raw<AuditFilter>({})
  /** Older lines are there. */
  hasMore = $state(false)
  isReading = $state(false)
  error = $state.raw<unknown>()
  check = $state.raw<CallOutput<'audit.verify'>>()
  /** Somebody looks at it, so that it has to follow. */
  isShown = false
  #next: number | undefined
  /** Rises with each new beginning: what was asked for before is not wanted any more. */
  #asked = 0

  constructor(private readonly vault: VaultId) {}

  /** Reads the newest lines. */
  async load(): Promise<void> {
    this.#asked += 1
    const asked = this.#asked
    try {
      const page = await this.#page()
      if (asked !== this.#asked) return
      this.#show(page)
    } catch (error) {
      if (asked === this.#asked) this.error = error
    }
  }

  /** Shows what fits another filter. */
  async choose(filter: AuditFilter): Promise<void> {
    this.filter = filter
    this.lines = undefined
    await this.load()
  }

  /** There are new lines: they come on top, and those that were read stay. */
  async heard(): Promise<void> {
    const { lines } = this
    if (!this.isShown || lines === undefined || this.isReading) return
    const asked = this.#asked
    try {
      const page = await this.#page()
      if (asked !== this.#asked || this.lines !== lines) return
      const newest = lines[0]?.number ?? 0
      const added = page.lines.filter(({ number }) => number > newest)
      // More than a page came in between: there would be a gap.
      if (added.length === page.lines.length && lines.length > 0) this.#show(page)
      else this.lines = [...added, ...lines]
    } catch {
      // Whoever asks next hears of it.
    }
  }

  /** Reads older lines. */
  async more(): Promise<void> {
    if (this.#next === undefined || this.isReading) return
    this.isReading = true
    const asked = this.#asked
    try {
      const page = await this.#page(this.#next)
      if (asked !== this.#asked) return
      this.lines = [...(this.lines ?? []), ...page.lines]
      this.#keep(page.next)
    } catch (error) {
      this.error = error
    } finally {
      this.isReading = false
    }
  }

  /** Whether the log is what was written. @throws CoffretError as main refuses it */
  async verify(): Promise<void> {
    this.check = undefined
    this.check = await call('audit.verify', { vault: this.vault })
  }

  /** @returns the file; undefined when the person gave up @throws CoffretError as main refuses it */
  export(format: 'jsonl' | 'csv', name: string): Promise<CallOutput<'audit.export'>> {
    return call('audit.export', { vault: this.vault, filter: this.filter, format, name })
  }

  #page(before?: number): Promise<CallOutput<'audit.list'>> {
    const { vault, filter } = this
    const where = before === undefined ? {} : { before }
    return call('audit.list', { vault, filter, limit: pageSize, ...where })
  }

  #show({ lines, next }: CallOutput<'audit.list'>): void {
    this.lines = lines
    this.error = undefined
    this.#keep(next)
  }

  #keep(next: number | undefined): void {
    this.#next = next
    this.hasMore = next !== undefined
  }
}
