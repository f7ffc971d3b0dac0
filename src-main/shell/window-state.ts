import type { WindowState } from '../contract/settings'

/** A rectangle in device-independent pixels. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** So much of a window must lie on a display for people to be able to seize it. */
const leastVisible = { width: 120, height: 60 }

/**
 * A remembered window state, if the window would still be on one of these displays.
 * @param workAreas of the displays there are now
 */
export function usableState(
  state: WindowState | undefined,
  workAreas: readonly Rectangle[],
): WindowState | undefined {
  if (state === undefined) return undefined
  const isSeizable = workAreas.some(
    (area) =>
      overlap(state.x, state.width, area.x, area.width) >= leastVisible.width &&
      overlap(state.y, state.height, area.y, area.height) >= leastVisible.height &&
      // The title bar, by which windows are moved.
      state.y >= area.y,
  )
  return isSeizable ? state : undefined
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}
