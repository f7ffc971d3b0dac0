/** Whether the large counts are wanted: `npm run test:torture`. */
export const isTorture = process.env['COFFRET_TORTURE'] === '1'

/** How often something is tried: fewer times in every run, more in the torture run. */
export function times(usual: number, torture: number): number {
  return isTorture ? torture : usual
}

/** What random tests begin with: `COFFRET_SEED`, or another number in each run. */
export const seed = Number(process.env['COFFRET_SEED'] ?? Date.now() % 1_000_000_007)

/** Random numbers from 0 up to, not including, `below`; the same ones for the same seed (mulberry32). */
export function randomNumbers(from: number): (below: number) => number {
  let state = from >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}
