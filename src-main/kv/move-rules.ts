import type { EpochMs } from '../contract/model'

/**
 * When a move happens, as merging two copies counts: after what was before it, also with a clock that was set
 * back, or that follows the faster one of another machine. The later move wins there.
 * @param before the last move, or the deletion that it undoes; undefined when there was none
 */
export function moveTime(before: EpochMs | undefined, now: EpochMs): EpochMs {
  return Math.max(now, before === undefined ? now : before + 1) as EpochMs
}
