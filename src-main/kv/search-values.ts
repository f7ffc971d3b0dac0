import { JsonNumber, isJsonObject, parseJson, type JsonValue } from '../contract/json'
import type { SecretData } from '../contract/model'
import { fold } from './search-rules'

/**
 * The top-level keys in whose values words occur: in texts, numbers, and keys of what is nested.
 * @param words folded, as `searchWords` gives them
 * @returns undefined when one of the words occurs in no value
 */
export function keysWithWords(words: readonly string[], data: SecretData): string[] | undefined {
  const value = parseJson(data)
  if (!isJsonObject(value)) return undefined
  const left = new Set(words)
  const keys: string[] = []
  for (const [key, inner] of value) {
    const texts = [...textsOf(inner)].map(fold)
    const found = words.filter((word) => texts.some((text) => text.includes(word)))
    if (found.length > 0) keys.push(key)
    for (const word of found) left.delete(word)
  }
  return left.size > 0 ? undefined : keys
}

function* textsOf(value: JsonValue): Generator<string> {
  if (typeof value === 'string') yield value
  else if (value instanceof JsonNumber) yield value.text
  else if (typeof value === 'boolean') yield String(value)
  else if (Array.isArray(value)) for (const inner of value) yield* textsOf(inner)
  else if (value !== null && isJsonObject(value)) {
    for (const [key, inner] of value) {
      yield key
      yield* textsOf(inner)
    }
  }
}
