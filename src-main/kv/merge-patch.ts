import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../contract/json'

/**
 * Applies a JSON merge patch: null removes a key, objects merge, everything else replaces. A key that
 * exists keeps its place, a new one goes to the end. Nulls are dropped from objects that are new, also
 * from those inside arrays; nulls directly in an array stay.
 * Source: RFC 7396; the rule for objects inside arrays is what the KV v2 servers do beyond it.
 */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  // Maps: a key named `__proto__` is a key like any other.
  const merged = new Map(target)
  for (const [key, value] of patch) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergeValue(merged.get(key), value))
  }
  return merged
}

function mergeValue(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (isJsonObject(patch)) {
    const base = target !== undefined && isJsonObject(target) ? target : new Map()
    return mergePatch(base, patch)
  }
  return isJsonArray(patch) ? patch.map((item) => mergeValue(undefined, item)) : patch
}
