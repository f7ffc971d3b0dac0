import type { EpochMs } from '../contract/model'

/** How long a secret stays in the bin: 30 days, in milliseconds. */
export const binLifeMs = 30 * 24 * 3_600_000

/** What was done last to a secret before it went into the bin. */
interface Past {
  readonly updatedAt: EpochMs
  readonly movedAt?: EpochMs | undefined
}

/**
 * When a secret was deleted, as the bin counts. It is never earlier than its last write or move: with a clock
 * that was wrong, or was set back, the secret would else be erased too soon, or come back at a merge.
 */
export function binnedAt({ updatedAt, movedAt = updatedAt }: Past, now: EpochMs): EpochMs {
  return Math.max(updatedAt, movedAt, now) as EpochMs
}

/** When a secret in the bin is erased. */
export function binEnd(deletedAt: EpochMs): EpochMs {
  return (deletedAt + binLifeMs) as EpochMs
}

/** Whether the time of a secret in the bin is over. */
export function isBinEnded(deletedAt: EpochMs, now: EpochMs): boolean {
  return binEnd(deletedAt) <= now
}
