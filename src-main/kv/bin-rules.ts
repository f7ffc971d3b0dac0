import type { EpochMs } from '../contract/model'

/** How long a secret stays in the bin: 30 days, in milliseconds. */
export const binLifeMs = 30 * 24 * 3_600_000

/**
 * When a secret was deleted, as the bin counts. It is never earlier than the secret's last write: with a
 * clock that was wrong, or was set back, the secret would else be erased too soon.
 */
export function binnedAt(updatedAt: EpochMs, now: EpochMs): EpochMs {
  return updatedAt > now ? updatedAt : now
}

/** When a secret in the bin is erased. */
export function binEnd(deletedAt: EpochMs): EpochMs {
  return (deletedAt + binLifeMs) as EpochMs
}

/** Whether the time of a secret in the bin is over. */
export function isBinEnded(deletedAt: EpochMs, now: EpochMs): boolean {
  return binEnd(deletedAt) <= now
}
