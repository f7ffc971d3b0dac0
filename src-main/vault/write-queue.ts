import { CoffretError, type FailureCode } from '../contract/errors'
import type { AuditEntry } from '../kv/audit-log'
import { named } from './naming'
import type { UnlockedVault, VaultTransaction } from './unlocked-vault'

/** How many changes one transaction takes at most: those that wait longer let others in between. */
export const maxTogether = 64

/** A change of the vault. */
export interface Change<T> {
  /** What a `corrupt` failure names. */
  readonly subject: string
  /** The line of the audit log that goes with it. */
  readonly entry?: AuditEntry | undefined
  /** It may run several times, after what it did was rolled back. */
  work(transaction: VaultTransaction, vault: UnlockedVault): T
}

/** A change that waits. Doing it gives what tells its caller. */
type Waiting = Change<() => void> & { reject(error: unknown): void }

interface Failure {
  readonly error: unknown
  /** Which of the changes threw; undefined when what is common to them did. */
  readonly at: number | undefined
}

/** Failures that say something of one change; any other stands for all that were to be written. */
const ofOne: readonly FailureCode[] = [
  ...(['exists', 'not_found', 'cas_mismatch', 'cas_required'] as const),
  ...(['invalid', 'unsupported', 'too_large', 'corrupt'] as const),
]

/**
 * The way of all changes into one vault. Changes that are asked for in the same turn of the event loop can
 * share one transaction, and with it one wait for the disk: they are done in the order in which they were
 * asked for, each is on the disk when its promise ends, and each fails by itself.
 */
export class WriteQueue {
  #waiting: Waiting[] = []

  /**
   * @param unlocked gives the vault, or throws `locked`
   * @param sharesTurns without it every change is a transaction of its own, and done before the call returns
   */
  constructor(
    readonly unlocked: () => UnlockedVault,
    private readonly sharesTurns = false,
  ) {}

  /** @throws what the change throws, and as `UnlockedVault.write` */
  add<T>({ subject, entry, work }: Change<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const doing = (transaction: VaultTransaction, vault: UnlockedVault) => {
        const result = work(transaction, vault)
        return () => resolve(result)
      }
      const one = { subject, entry, work: doing, reject }
      if (!this.sharesTurns) return this.#writeAll([one])
      this.#waiting.push(one)
      if (this.#waiting.length === 1) setImmediate(() => this.#endTurn())
    })
  }

  #endTurn(): void {
    const some = this.#waiting.splice(0, maxTogether)
    if (this.#waiting.length > 0) setImmediate(() => this.#endTurn())
    this.#writeAll(some)
  }

  /**
   * Where one of several fails, those before it are written without it: it then meets the vault as it would
   * have alone, and so do those behind it. The work stays proportional to the number of changes.
   */
  #writeAll(some: readonly Waiting[]): void {
    const groups = [some]
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const failure = this.#tryTogether(group)
      if (failure === undefined) continue
      const { error, at = group.length >> 1 } = failure
      if (!isOfOne(error)) return rejectAll([...group, ...groups.flat()], error)
      if (group.length === 1) rejectAll(group, error)
      else if (at > 0) groups.unshift(group.slice(0, at), group.slice(at))
      else {
        rejectAll(group.slice(0, 1), error)
        groups.unshift(group.slice(1))
      }
    }
  }

  #tryTogether(group: readonly Waiting[]): Failure | undefined {
    const told: (() => void)[] = []
    let isWorking = false
    try {
      const vault = this.unlocked()
      vault.write(
        (transaction) => {
          isWorking = true
          for (const one of group) told.push(one.work(transaction, vault))
          isWorking = false
        },
        group.map(({ entry }) => entry),
      )
    } catch (error) {
      return { error, at: isWorking ? told.length : undefined }
    }
    for (const tell of told) tell()
    return undefined
  }
}

function isOfOne(error: unknown): boolean {
  // Anything else is a mistake in the program, which need not be one of the others.
  return !(error instanceof CoffretError) || ofOne.includes(error.code)
}

function rejectAll(some: readonly Waiting[], error: unknown): void {
  for (const { subject, reject } of some) reject(named(subject, error))
}
