import { setImmediate } from 'node:timers/promises'
import { CoffretError } from '../../contract/errors'

/** How many secrets are under way at once. */
export const atOnce = 8

/** How long work runs on, and who hears of it. */
export interface WorkOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { done: number; total: number }) => void
}

/**
 * Does the work for each item, {@link atOnce} at a time, in their order. After the first failure no other item begins;
 * it is thrown once all that were under way have ended. Others get their turn between two items, also where
 * the work itself never waits.
 * @throws CoffretError `cancelled`, and what the work throws first
 */
export async function eachBounded<T>(
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const waiting = shared(items)
  const failures: unknown[] = []
  const runner = async () => {
    try {
      for await (const item of waiting) {
        checkCancelled(signal)
        await work(item)
        await setImmediate()
        if (failures.length > 0) return
      }
    } catch (error) {
      failures.push(error)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, runner))
  if (failures.length > 0) throw failures[0]
}

/** One iterator that several read from in turn; who leaves early does not end it for the others. */
function shared<T>(items: Iterable<T> | AsyncIterable<T>): AsyncIterable<T> {
  const iterator =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  let last: Promise<unknown> = Promise.resolve()
  const next = () => {
    const one = last.then(() => iterator.next())
    last = one.catch(() => undefined)
    return one
  }
  return { [Symbol.asyncIterator]: () => ({ next }) }
}

/** @throws CoffretError `cancelled` */
export function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new CoffretError('cancelled', 'the copy was stopped')
}

/** What reading gives, or what to say instead for some failures. */
export async function unlessFailing<T, O>(
  codes: readonly CoffretError['code'][],
  otherwise: O,
  reading: Promise<T>,
): Promise<T | O> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof CoffretError && codes.includes(error.code)) return otherwise
    throw error
  }
}
