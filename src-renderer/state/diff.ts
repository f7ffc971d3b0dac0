import { stringifyJson, type JsonObject, type JsonValue } from '../../src-main/contract/json'

/** What happened to one key between an older and a newer object. */
export type Change = 'added' | 'changed' | 'removed' | 'same'

/** One key of two objects; a side that lacks the key is undefined. */
export interface DiffLine {
  readonly key: string
  readonly change: Change
  readonly older: JsonValue | undefined
  readonly newer: JsonValue | undefined
}

/** Whether two values are the same text of JSON: `1.0` and `1` differ. */
export function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return stringifyJson(a) === stringifyJson(b)
}

/** Two objects key by key: the newer one's order, then what it lost. */
export function diff(older: JsonObject, newer: JsonObject): DiffLine[] {
  const kept = Array.from(newer, ([key, value]) => line(key, older.get(key), value))
  const lost = Array.from(older)
    .filter(([key]) => !newer.has(key))
    .map(([key, value]) => line(key, value, undefined))
  return [...kept, ...lost]
}

function line(key: string, older: JsonValue | undefined, newer: JsonValue | undefined): DiffLine {
  return { key, change: changeOf(older, newer), older, newer }
}

function changeOf(older: JsonValue | undefined, newer: JsonValue | undefined): Change {
  if (older === undefined) return 'added'
  if (newer === undefined) return 'removed'
  return isSame(older, newer) ? 'same' : 'changed'
}

/** Whether anything differs, the order of keys included. */
export function differs(older: JsonObject, newer: JsonObject): boolean {
  return stringifyJson(older) !== stringifyJson(newer)
}
