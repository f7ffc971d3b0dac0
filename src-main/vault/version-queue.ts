import { CoffretError, type FailureCode } from '../contract/errors'
import type { SecretPath } from '../contract/model'
import type { NextVersion } from '../kv/secret-store'

/** A version that waits to be written. */
export interface AwaitedVersion {
  readonly path: SecretPath
  readonly next: NextVersion
}

interface Waiting extends AwaitedVersion {
  resolve(number: number): void
  reject(error: unknown): void
}

/** Failures that say something of one secret; any other stands for all that were to be written. */
const ofOne: readonly FailureCode[] = [
  ...(['exists', 'not_found', 'cas_mismatch', 'cas_required'] as const),
  ...(['invalid', 'too_large', 'corrupt'] as const),
]

/**
 * Versions that are asked for in the same turn of the program are written in one transaction: they share
 * one wait for the disk. Each is on the disk when its promise ends, and fails by itself.
 */
export class VersionQueue {
  #waiting: Waiting[] = []

  /** @param write writes them all, or none. @returns their numbers */
  constructor(private readonly write: (some: readonly AwaitedVersion[]) => readonly number[]) {}

  /** @throws what writing throws */
  add(path: SecretPath, next: NextVersion): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ path, next, resolve, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.#flush())
    })
  }

  #flush(): void {
    const some = this.#waiting
    this.#waiting = []
    const failure = this.#tryAll(some)
    if (failure === undefined) return
    const isOfOne = failure instanceof CoffretError && ofOne.includes(failure.code)
    const isAlone = some.length === 1 || !isOfOne
    for (const one of some) {
      const own = isAlone ? failure : this.#tryAll([one])
      if (own !== undefined) one.reject(own)
    }
  }

  #tryAll(some: readonly Waiting[]): unknown {
    try {
      const numbers = this.write(some)
      for (const [at, { resolve }] of some.entries()) resolve(numbers[at] ?? 0)
      return undefined
    } catch (error) {
      return error
    }
  }
}
