import type { EpochMs } from '../contract/model'

/** How many backups are kept: the latest ones, one a day, one a week. */
export interface KeepPolicy {
  readonly last: number
  readonly daily: number
  readonly weekly: number
}

/** Why a backup is kept. */
export type KeepReason = keyof KeepPolicy

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/**
 * Which backups are kept, each with its reasons. Of a day, and of a week from Monday, both by UTC, the
 * latest is the one that counts; days and weeks without a backup are not counted. So what is kept does
 * not change by looking again, nor by looking after each backup instead of once.
 *
 * A time that is still to come is that of a wrong clock: such a backup ranks behind all others, so that
 * a clock that was put back does not make the next backup the first to go.
 * @param times when they were made, in any order, each once
 */
export function keptBackups(
  times: readonly EpochMs[],
  policy: KeepPolicy,
  now: EpochMs,
): Map<EpochMs, KeepReason[]> {
  const rank = (at: EpochMs) => (at > now ? 1 : 0)
  const latestFirst = [...times].sort((a, b) => rank(a) - rank(b) || b - a)
  const kept = new Map<EpochMs, KeepReason[]>()
  const keep = (reason: KeepReason, chosen: readonly EpochMs[]) => {
    // The newest is never dropped, whatever the policy says.
    const least = reason === 'last' ? 1 : 0
    for (const at of chosen.slice(0, Math.max(least, policy[reason]))) {
      kept.set(at, [...(kept.get(at) ?? []), reason])
    }
  }
  keep('last', latestFirst)
  keep('daily', firstOfEach(latestFirst, dayOf))
  keep('weekly', firstOfEach(latestFirst, weekOf))
  return kept
}

function firstOfEach(times: readonly EpochMs[], periodOf: (at: EpochMs) => number): EpochMs[] {
  const seen = new Set<number>()
  return times.filter((at) => {
    const period = periodOf(at)
    const isFirst = !seen.has(period)
    seen.add(period)
    return isFirst
  })
}

function dayOf(at: EpochMs): number {
  return Math.floor(at / dayMs)
}

/** Day 0 was a Thursday. */
function weekOf(at: EpochMs): number {
  return Math.floor((dayOf(at) + 3) / 7)
}

/** What decides whether a backup is to be made by itself. */
export interface BackupOccasion {
  /** The vault is not what the newest backup holds. */
  readonly isChanged: boolean
  /** `open`: somebody works in it. `lock`: it is being locked. */
  readonly when: 'open' | 'lock'
  /** The last time that one was tried since the vault was unlocked, whether it succeeded or not. */
  readonly triedAt: EpochMs | undefined
  readonly everyMinutes: number
  readonly now: EpochMs
}

/**
 * After the first write since unlocking, then again once the time between two is over, and on locking;
 * never when nothing has changed.
 */
export function isBackupDue(occasion: BackupOccasion): boolean {
  const { isChanged, when, triedAt, everyMinutes, now } = occasion
  if (!isChanged) return false
  if (when === 'lock' || triedAt === undefined) return true
  // A clock that was put back must not hold backups up until it has caught up.
  return now < triedAt || now - triedAt >= everyMinutes * minuteMs
}
