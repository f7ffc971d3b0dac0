import type { EpochMs } from '../../contract/model'
import type { Progress } from '../../contract/search'
import type { Clock } from '../../env'

/** How often progress is told, in milliseconds. */
const progressEveryMs = 50

/** Tells progress at most every 50 ms; `flush` tells what was not told. */
export function progressOf(
  { onProgress }: { readonly onProgress?: ((progress: Progress) => void) | undefined },
  clock: Clock,
) {
  let toldAt: EpochMs | undefined
  let last: Progress | undefined
  const tell = (now: EpochMs) => {
    if (last === undefined) return
    toldAt = now
    onProgress?.(last)
    last = undefined
  }
  return {
    report(done: number, total: number) {
      last = { done, total }
      const now = clock.now()
      // A clock that jumps back must not silence it.
      if (toldAt === undefined || Math.abs(now - toldAt) >= progressEveryMs) tell(now)
    },
    flush: () => tell(clock.now()),
  }
}
