/** A failure whose message alone tells people what to do: printed without a stack. */
export class SetupError extends Error {}

/**
 * One short line for each step: `install: up to date`.
 * @param {string} step
 * @param {string} text
 */
export function say(step, text) {
  console.log(`${step}: ${text}`)
}

/**
 * Seconds as people read them: `0.4 s`, `12.3 s`.
 * @param {number} sinceMs the start, epoch milliseconds
 */
export function secondsSince(sinceMs) {
  return `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`
}
