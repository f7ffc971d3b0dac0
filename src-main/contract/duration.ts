import { CoffretError } from './errors'

/**
 * A span of time as a person wrote it, with its whole seconds. The OKMS APIs answer the text as
 * written, the Vault dialect Go's form, so both are kept.
 */
export interface Duration {
  /** Whole seconds, 0 to 3,155,760,000 (100 years). 0 means none. */
  readonly seconds: number
  /** As written, for example `10h30m10s`. `0s` means none. */
  readonly text: string
}

/** No span of time: never. */
export const noDuration: Duration = { seconds: 0, text: '0s' }

/** The longest duration accepted: 100 years of 365.25 days, in seconds. */
export const maxDurationSeconds = 3_155_760_000

const secondsOf: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
}
const unit = 'ns|us|µs|ms|s|m|h|d'
const wholePattern = new RegExp(
  `^(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:${unit})(?:(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:${unit}))*$`,
)
const pairPattern = new RegExp(`(\\d+(?:\\.\\d*)?|\\.\\d+)(${unit})`, 'g')

/**
 * Reads number-unit pairs (`7d1h30m10s`, `1.5h`), or a bare integer of seconds; empty text is none.
 * Parts of a second are cut. Source: okms-api L29, a superset of Go durations and the Control Panel's.
 * @throws CoffretError `invalid` when the text is no duration, is negative, or exceeds 100 years
 */
export function parseDuration(text: string): Duration {
  const trimmed = text.trim()
  if (trimmed === '') return noDuration
  const seconds = Math.floor(roundOff(total(trimmed)))
  if (seconds > maxDurationSeconds) throw new CoffretError('invalid', 'duration exceeds 100 years')
  return { seconds, text: trimmed }
}

function total(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  if (!wholePattern.test(text)) {
    throw new CoffretError('invalid', 'duration is not number-unit pairs such as 10h30m10s')
  }
  let seconds = 0
  for (const [, number, name] of text.matchAll(pairPattern)) {
    seconds += Number(number) * (secondsOf[name ?? ''] ?? 0)
  }
  return seconds
}

/** Floating sums such as 0.1 + 0.2 must not cut a whole second. */
function roundOff(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6
}
