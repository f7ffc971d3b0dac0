import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../contract/json'
import { dataBytes, type SecretData } from '../contract/model'
import type { KeyDifference } from '../contract/compare-calls'
import { hasEmptyKey } from './narrow-rules'

/** What decides whether a store can take data. */
export interface DataShape {
  /** Bytes of compact UTF-8 JSON. */
  readonly bytes: number
  readonly isEmpty: boolean
  /** A key, at any depth, is empty. */
  readonly hasEmptyKey: boolean
  /** A number loses digits where numbers are float64. */
  readonly hasWideNumber: boolean
}

/** What decides whether a store can take this data. */
export function shapeOf(data: SecretData): DataShape {
  const object = objectOf(data)
  return {
    bytes: dataBytes(data),
    isEmpty: object.size === 0,
    hasEmptyKey: hasEmptyKey(object),
    hasWideNumber: hasWideNumber(object),
  }
}

/**
 * Whether two stores hold the same data.
 * @param isExact both keep text to the letter, so that text is compared; otherwise numbers are compared as
 * float64 holds them, and keys in any order
 */
export function isSameData(a: SecretData, b: SecretData, isExact: boolean): boolean {
  if (a === b) return true
  return !isExact && isSameValue(objectOf(a), objectOf(b))
}

/**
 * What differs between two versions, key by key, without values: objects that lie on both sides are
 * compared key by key in their turn. Keys in the order of the first side, then those of the second alone.
 */
export function compareKeys(a: SecretData, b: SecretData): readonly KeyDifference[] {
  return compareObjects(objectOf(a), objectOf(b), [])
}

function compareObjects(
  a: JsonObject,
  b: JsonObject,
  above: readonly string[],
): readonly KeyDifference[] {
  const keys = [...new Set([...a.keys(), ...b.keys()])]
  return keys.flatMap((key): readonly KeyDifference[] => {
    const [left, right] = [a.get(key), b.get(key)]
    const place = [...above, key]
    if (left === undefined) return [{ key: place, relation: 'onlySecond' }]
    if (right === undefined) return [{ key: place, relation: 'onlyFirst' }]
    const areObjects = isJsonObject(left) && isJsonObject(right)
    if (areObjects && left.size + right.size > 0) return compareObjects(left, right, place)
    return [{ key: place, relation: isSameValue(left, right) ? 'same' : 'different' }]
  })
}

function isSameValue(a: JsonValue, b: JsonValue): boolean {
  if (a instanceof JsonNumber) return b instanceof JsonNumber && Number(a.text) === Number(b.text)
  if (isJsonArray(a)) {
    return (
      isJsonArray(b) &&
      a.length === b.length &&
      a.every((item, at) => isSameValue(item, b[at] ?? null))
    )
  }
  if (!isJsonObject(a)) return a === b
  if (!isJsonObject(b) || a.size !== b.size) return false
  return [...a].every(([key, item]) => {
    const other = b.get(key)
    return other !== undefined && isSameValue(item, other)
  })
}

function hasWideNumber(value: JsonValue): boolean {
  if (value instanceof JsonNumber) {
    return canonical(value.text) !== canonical(String(Number(value.text)))
  }
  if (isJsonArray(value)) return value.some(hasWideNumber)
  return isJsonObject(value) && [...value.values()].some(hasWideNumber)
}

/** A decimal number with one spelling: its digits without zeros around them, and the power of ten. */
function canonical(text: string): string {
  const [, sign = '', whole = '', part = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const digits = (whole + part).replace(/^0+/, '')
  const short = digits.replace(/0+$/, '')
  if (short === '') return '0'
  return `${sign}${short}e${Number(power) - part.length + digits.length - short.length}`
}

function objectOf(data: SecretData): JsonObject {
  const value = parseJson(data)
  if (!isJsonObject(value)) throw new Error('secret data is not an object')
  return value
}
