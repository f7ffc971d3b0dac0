import type { JsonObject, JsonValue } from '../../src-main/contract/json'
import { isSame } from './diff'

/** Whose value of a key is taken. */
export type Side = 'theirs' | 'mine'

/** One key that differs between their version and mine. */
export interface MergeLine {
  readonly key: string
  readonly base: JsonValue | undefined
  readonly theirs: JsonValue | undefined
  readonly mine: JsonValue | undefined
  /** Both sides changed it, in different ways: only a person can choose. */
  readonly isConflict: boolean
  /** The side that changed it alone; `mine` on a conflict, until somebody chooses. */
  readonly proposed: Side
}

/** Every key on which their version and mine do not agree, theirs first in order. */
export function mergeLines(base: JsonObject, theirs: JsonObject, mine: JsonObject): MergeLine[] {
  const keys = new Set([...theirs.keys(), ...mine.keys()])
  return Array.from(keys)
    .filter((key) => !isSame(theirs.get(key), mine.get(key)))
    .map((key) => {
      const sides = { base: base.get(key), theirs: theirs.get(key), mine: mine.get(key) }
      const isTheirChange = !isSame(sides.base, sides.theirs)
      const isMyChange = !isSame(sides.base, sides.mine)
      const proposed = isMyChange ? 'mine' : 'theirs'
      return { key, ...sides, isConflict: isTheirChange && isMyChange, proposed }
    })
}

/** The object with a side taken for each differing key: their order, then the keys that only I have. */
export function merged(
  theirs: JsonObject,
  mine: JsonObject,
  sides: ReadonlyMap<string, Side>,
): JsonObject {
  const result = new Map<string, JsonValue>()
  for (const key of new Set([...theirs.keys(), ...mine.keys()])) {
    const value = (sides.get(key) === 'mine' ? mine : theirs).get(key)
    if (value !== undefined) result.set(key, value)
  }
  return result
}
