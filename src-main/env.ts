import { randomBytes } from 'node:crypto'
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

/** The operating system's cryptographic random source. */
export const systemRandom: RandomBytes = (length) => new Uint8Array(randomBytes(length))
