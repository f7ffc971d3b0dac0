import { parseDuration, type Duration } from '../contract/duration'
import { CoffretError } from '../contract/errors'

const goPattern = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/
const wholePattern = /^([+-]?)(\d+)(d?)$/

/**
 * Whole seconds of a duration in the Vault dialect: an integer of seconds, a Go duration with a sign
 * (`3h25m19s`, `-1s`), or whole days alone (`30d`). Parts of a second are cut; empty text is 0.
 * Source: kv-semantics 2.9. Narrower than the OKMS dialect: `1d12h` is refused.
 * @throws CoffretError `invalid`
 */
export function parseGoDuration(text: string): number {
  if (text === '' || text === '0') return 0
  const whole = wholePattern.exec(text)
  const parts = whole ? [whole[1], `${whole[2]}${whole[3]}`] : goPattern.exec(text)?.slice(1)
  if (parts === undefined) {
    throw new CoffretError('invalid', 'duration is not a Go duration such as 3h25m19s')
  }
  const [sign, span] = parts
  // The Greek letter and the micro sign look alike; Go takes both.
  const { seconds } = parseDuration((span ?? '').replaceAll('μs', 'µs'))
  return sign === '-' && seconds > 0 ? -seconds : seconds
}

/**
 * Seconds as Go prints a duration: `0s`, `1m30s`, `24h0m0s`, `-1s`. Hours are the largest unit, and
 * lower units follow even when they are zero.
 * @param seconds a whole number
 */
export function formatGoDuration(seconds: number): string {
  const sign = seconds < 0 ? '-' : ''
  const rest = Math.abs(seconds)
  const hours = Math.floor(rest / 3600)
  const minutes = Math.floor((rest % 3600) / 60)
  if (hours > 0) return `${sign}${hours}h${minutes}m${rest % 60}s`
  if (minutes > 0) return `${sign}${minutes}m${rest % 60}s`
  return `${sign}${rest}s`
}

/** A duration set through the Vault dialect: its text is Go's form. */
export function goDuration(seconds: number): Duration {
  return { seconds, text: formatGoDuration(seconds) }
}
