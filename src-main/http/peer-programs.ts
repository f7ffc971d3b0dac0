import type { Procfs } from './procfs'
import { holdersOf } from './socket-owner'

/** How long a connection is there before anybody asks whose it is, in milliseconds: most end before. */
const settleMs = 250

/** How long nothing is looked up after a look, in milliseconds: it goes through all that is open. */
const restMs = 2000

/** How many connections may wait for a look; those beyond are not looked up. */
const maxWaiting = 1024

/** How many programs are remembered, to be looked at before all others. */
const maxKnown = 8

/**
 * Finds out which programs of this user are at the other ends of connections, for the audit log alone: in the
 * background, one look for all that wait, and none for connections that have ended. What it does not find, or
 * finds too late, stays unsaid.
 */
export class PeerPrograms {
  readonly #waiting = new Map<number, (process: number) => void>()
  /** The latest to be found come last. */
  #known: readonly string[] = []
  #isLooking = false

  /** @param pause waits so many milliseconds, and keeps nothing alive */
  constructor(
    private readonly procfs: Procfs,
    private readonly pause: (ms: number) => Promise<void>,
  ) {}

  /**
   * @param inode of the socket at the other end
   * @param found hears of its process, at most once
   * @returns gives up: the connection has ended
   */
  find(inode: number, found: (process: number) => void): () => void {
    if (this.#waiting.size < maxWaiting) this.#waiting.set(inode, found)
    if (!this.#isLooking) void this.#look()
    return () => {
      if (this.#waiting.get(inode) === found) this.#waiting.delete(inode)
    }
  }

  async #look(): Promise<void> {
    this.#isLooking = true
    await this.pause(settleMs)
    while (this.#waiting.size > 0) {
      const wanted = new Set(this.#waiting.keys())
      const holders = await holdersOf(this.procfs, wanted, this.#known).catch(() => new Map())
      for (const inode of wanted) this.#tell(inode, holders.get(inode))
      await this.pause(restMs)
    }
    this.#isLooking = false
  }

  #tell(inode: number, process: number | undefined): void {
    const found = this.#waiting.get(inode)
    this.#waiting.delete(inode)
    if (found === undefined || process === undefined) return
    const name = String(process)
    this.#known = [...this.#known.filter((known) => known !== name), name].slice(-maxKnown)
    found(process)
  }
}
