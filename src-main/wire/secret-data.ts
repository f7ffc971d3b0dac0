import { CoffretError } from '../contract/errors'
import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  parseJson,
  stringifyJson,
  type JsonObject,
  type JsonValue,
} from '../contract/json'
import { dataBytes, maxDataBytes, type SecretData } from '../contract/model'
import { asFloat64, RenderedJson } from './json-shape'

/** How deep secret data may nest, so that every store can read it back. */
export const maxDataDepth = 128

/**
 * The data of a secret from a body that was parsed without loss.
 * @param limit in bytes of compact UTF-8 JSON, inclusive
 * @throws CoffretError `too_large`; `invalid` for nesting, and for numbers outside float64
 */
export function secretDataOf(object: JsonObject, limit: number = maxDataBytes): SecretData {
  check(object, 1)
  const text = stringifyJson(object)
  const bytes = dataBytes(text)
  if (bytes > limit) {
    throw new CoffretError('too_large', `data is ${bytes} bytes, the limit is ${limit}`, {
      field: 'data',
    })
  }
  // Compact text of an object is what the brand stands for; parsing it again would cost as much again.
  return text as SecretData
}

/** The object of stored data. */
export function objectOfData(data: SecretData): JsonObject {
  const value = parseJson(data, { maxDepth: maxDataDepth })
  if (!isJsonObject(value)) throw new Error('secret data is not an object')
  return value
}

/** Longer data is parsed at once: so many characters. */
const mostSearched = 16_384

/** Compact JSON without numbers and escapes: however it is parsed, it would be written just so. */
const withoutNumbers = /^(?:"[^"\\]*"|[^"\\\d\s-])*$/

/**
 * Stored data as KV version 2 answers it: its numbers as a float64 holds them. Most data is text alone, and goes
 * out as it lies.
 */
export function float64Data(data: SecretData): JsonValue | RenderedJson {
  return data.length <= mostSearched && withoutNumbers.test(data)
    ? new RenderedJson(data)
    : asFloat64(objectOfData(data))
}

function check(value: JsonValue, depth: number): void {
  if (value instanceof JsonNumber) {
    if (Number.isFinite(Number(value.text))) return
    throw new CoffretError('invalid', 'a number is outside float64', { field: 'data' })
  }
  if (!isJsonArray(value) && !isJsonObject(value)) return
  if (depth > maxDataDepth) {
    throw new CoffretError('invalid', `more than ${maxDataDepth} levels`, { field: 'data' })
  }
  for (const item of value.values()) check(item, depth + 1)
}

/**
 * The shape of data: every leaf, array and empty object is null.
 * Source: kv-semantics 2.11. @param depth levels to keep, 0 for all, below 0 like 1
 */
export function subkeysOf(object: JsonObject, depth: number): JsonObject {
  return new Map(
    Array.from(object, ([key, value]) => {
      const isOpen = isJsonObject(value) && value.size > 0 && (depth === 0 || depth > 1)
      return [key, isOpen ? subkeysOf(value, Math.max(0, depth - 1)) : null]
    }),
  )
}
