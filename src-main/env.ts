import { randomBytes, randomFillSync } from 'node:crypto'
import type { EpochMs } from './contract/model'

/** The wall clock. Rules receive it, so that tests can set it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z; it may jump backwards. */
  now(): EpochMs
}

/** A source of unpredictable bytes. `length` is 1 to 65,536. */
export type RandomBytes = (length: number) => Uint8Array

/** The clock of this machine. With `env.ts` this is the only reader of the real time. */
export const systemClock: Clock = { now: () => Date.now() as EpochMs }

/**
 * The operating system's cryptographic random source. Nonces and ids, which each write takes several of, are
 * drawn many at once, since asking costs more than copying; keys never are.
 */
export const systemRandom: RandomBytes = (length) => {
  if (length > mostPooled) return new Uint8Array(randomBytes(length))
  if (used + length > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const drawn = pool.slice(used, used + length)
  // Nothing is given twice, nor left to be read.
  pool.fill(0, used, used + length)
  used += length
  return drawn
}

/** No key is as short. */
const mostPooled = 16
const pool = new Uint8Array(2048)
let used = pool.length
