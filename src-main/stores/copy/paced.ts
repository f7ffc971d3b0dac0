import type { Progress } from '../../contract/search'
import type { Clock } from '../../env'

/**
 * Tells how far work is, not more often than every so many milliseconds, and always the end.
 * @param everyMs measured by the clock; a clock that jumps back does not silence it
 */
export function paced(
  clock: Clock,
  everyMs: number,
  tell: (progress: Progress) => void,
): (progress: Progress) => void {
  let toldAt: number | undefined
  return (progress) => {
    const now = clock.now()
    const isEnd = progress.done === progress.total
    const isEarly = toldAt !== undefined && now >= toldAt && now - toldAt < everyMs
    if (isEarly && !isEnd) return
    toldAt = now
    tell(progress)
  }
}
