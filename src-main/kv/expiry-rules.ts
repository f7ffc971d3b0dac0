import type { WithinDays } from '../contract/domain-calls'
import type { ExpiryWarning } from '../contract/settings'
import type { EpochMs } from '../contract/model'

const dayMs = 86_400_000

/** The days before the end of a certificate on which people are warned; 0: it has ended. */
export const expiryThresholds: readonly WithinDays[] = [30, 7, 1, 0]

/** The strongest warning that is due; undefined while none is. */
export function dueWarning(endsAt: EpochMs, now: EpochMs): WithinDays | undefined {
  return expiryThresholds.findLast((days) => endsAt - now <= days * dayMs)
}

/** A warning that was given. A renewed certificate, which ends at another time, is warned of anew. */
export type GivenWarning = ExpiryWarning

/** A domain whose certificate ends, or a certificate that is kept. */
export type Expiring = Pick<GivenWarning, 'id' | 'endsAt'>

/**
 * What is to be warned of now, each threshold once. Of several that passed while nobody looked the
 * strongest alone is told.
 * @param given the warnings so far
 */
export function newWarnings(
  all: readonly Expiring[],
  given: readonly GivenWarning[],
  now: EpochMs,
): GivenWarning[] {
  return all.flatMap(({ id, endsAt }) => {
    const withinDays = dueWarning(endsAt, now)
    if (withinDays === undefined) return []
    const isGiven = given.some(
      (one) => one.id === id && one.endsAt === endsAt && one.withinDays <= withinDays,
    )
    return isGiven ? [] : [{ id, endsAt, withinDays }]
  })
}

/** The warnings to remember: the last of each, at most `most` of them, the oldest forgotten first. */
export function rememberWarnings(
  given: readonly GivenWarning[],
  added: readonly GivenWarning[],
  most: number,
): GivenWarning[] {
  const kept = given.filter(({ id }) => added.every((one) => one.id !== id))
  return [...kept, ...added].slice(-most)
}
