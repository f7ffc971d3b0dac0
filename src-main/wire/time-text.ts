import { CoffretError } from '../contract/errors'
import type { EpochMs } from '../contract/model'

/**
 * An instant as the Vault dialect writes it: RFC 3339, UTC, fraction without trailing zeros, no dot
 * when whole; empty for none. Source: kv-semantics 2.1.
 */
export function vaultTime(at: EpochMs | undefined): string {
  if (at === undefined) return ''
  return new Date(at).toISOString().replace(/\.?0*Z$/, 'Z')
}

/** An instant as v1 of the OKMS API writes it: always milliseconds. Source: okms-api L30. */
export function okmsV1Time(at: EpochMs | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString()
}

/** An instant as v2 of the OKMS API writes it: whole seconds, rounded down. Source: okms-api L30. */
export function okmsV2Time(at: EpochMs): string {
  return new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)$/

/**
 * Reads an instant of any dialect; fractions beyond the millisecond are cut. Undefined for none.
 * @throws CoffretError `invalid`
 */
export function parseTime(text: string | null | undefined): EpochMs | undefined {
  if (text === null || text === undefined || text === '') return undefined
  const fraction = timePattern.exec(text)?.[1]
  const at = Date.parse(
    fraction === undefined ? text : text.replace(/\.\d+/, `.${fraction.slice(0, 3)}`),
  )
  if (!timePattern.test(text) || Number.isNaN(at)) {
    throw new CoffretError('invalid', 'time is not an RFC 3339 instant')
  }
  return at as EpochMs
}
