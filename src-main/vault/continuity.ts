import { CoffretError } from '../contract/errors'
import type { EpochMs, VaultId } from '../contract/model'
import type { Sighting, SightingBook } from '../kv/sighting-book'
import type { VaultState } from './state'
import type { FileIdentity } from './vault-file'

/**
 * What speaks against a file: `older` than what this machine saw, or without this machine's own last
 * write, though newer in count (`forked`: another copy of the vault went its own way).
 */
export interface Discontinuity {
  readonly kind: 'older' | 'forked'
  /** When the file's state was written, by the clock of whoever wrote it. */
  readonly fileWrittenAt: EpochMs
  /** When the state had been written that this machine saw last. */
  readonly seenWrittenAt: EpochMs
}

/** What speaks against a state, given what this machine saw of the vault before. */
export function discontinuityOf(
  state: VaultState,
  seen: Sighting | undefined,
  writer: string,
): Discontinuity | undefined {
  if (seen === undefined) return undefined
  const times = { fileWrittenAt: state.writtenAt, seenWrittenAt: seen.writtenAt }
  if (state.generation < seen.generation) return { kind: 'older', ...times }
  return lastWriteOf(state, writer) < seen.written ? { kind: 'forked', ...times } : undefined
}

function lastWriteOf(state: VaultState, writer: string): number {
  return state.writers.find(([one]) => one === writer)?.[1] ?? 0
}

/** How many writers a vault remembers: those that wrote last. */
const maxWriters = 16

/** The writers of a vault after one of them wrote. */
export function writersAfter(
  writers: VaultState['writers'],
  writer: string,
  generation: number,
): VaultState['writers'] {
  const others = writers.filter(([one]) => one !== writer)
  return [...others, [writer, generation] as const].slice(-maxWriters)
}

/** What another connection of this machine needs to write in its name, also in another thread. */
export interface ContinuityOrder {
  readonly writer: string
  /** What this machine saw of the vault so far; absent when nothing. */
  readonly seen?: Sighting
}

/**
 * Holds the states of one open vault to what this machine saw before. Reading goes on after a
 * discontinuity; writing waits until somebody has accepted the file as it is.
 */
export class Continuity {
  #found: Discontinuity | undefined
  #seen: Sighting | undefined
  /** The generation that was held to the book last. */
  #checked = -1

  constructor(
    private readonly vault: VaultId,
    private readonly file: FileIdentity,
    private readonly book: SightingBook,
  ) {
    this.#seen = book.read(vault)
  }

  /** For another connection to the same file: it notes nothing, whoever ordered it does. */
  static ordered(
    vault: VaultId,
    file: FileIdentity,
    { writer, seen }: ContinuityOrder,
  ): Continuity {
    return new Continuity(vault, file, { writer, read: () => seen, note: () => undefined })
  }

  /** What {@link ordered} takes. */
  get order(): ContinuityOrder {
    return this.#seen === undefined
      ? { writer: this.writer }
      : { writer: this.writer, seen: this.#seen }
  }

  get writer(): string {
    return this.book.writer
  }

  /** What speaks against the file, until it is accepted. */
  get found(): Discontinuity | undefined {
    return this.#found
  }

  /** Takes note of a state that was read. */
  see(state: VaultState): void {
    if (state.generation === this.#checked) return
    this.#checked = state.generation
    this.#found ??= discontinuityOf(state, this.#seen, this.writer)
    if (this.#found === undefined) this.#note(state)
  }

  /** @throws CoffretError `stale` while something speaks against the file */
  checkWritable(): void {
    if (this.#found === undefined) return
    const { kind, fileWrittenAt, seenWrittenAt } = this.#found
    const times = `written at ${fileWrittenAt}, this machine saw a state of ${seenWrittenAt}`
    throw new CoffretError('stale', `the vault file is ${kind}: ${times}`)
  }

  /** Takes note of a state that is on the disk now. */
  wrote(state: VaultState): void {
    this.#checked = state.generation
    this.#note(state)
  }

  /** Goes on from the state as it is. */
  accept(state: VaultState): void {
    this.#found = undefined
    this.wrote(state)
  }

  #note(state: VaultState): void {
    const { generation, writtenAt } = state
    const { file } = this
    this.#seen = { generation, written: lastWriteOf(state, this.writer), writtenAt, file }
    this.book.note(this.vault, this.#seen)
  }
}
