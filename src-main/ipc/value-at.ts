import { CoffretError } from '../contract/errors'
import {
  isJsonArray,
  isJsonObject,
  parseJson,
  stringifyJson,
  type JsonValue,
} from '../contract/json'
import type { SecretData } from '../contract/model'

/** The way to a value: keys of objects, indexes of arrays. Empty for the whole. */
export type Pointer = readonly (string | number)[]

/**
 * The value at a pointer as people paste it: a string as its own text, anything else as compact JSON.
 * @throws CoffretError `not_found` when there is no such value
 */
export function valueAt(data: SecretData, pointer: Pointer): string {
  let value: JsonValue | undefined = parseJson(data)
  for (const step of pointer) {
    value = child(value, step)
    if (value === undefined) {
      throw new CoffretError('not_found', 'no such value in the data', { field: 'pointer' })
    }
  }
  return typeof value === 'string' ? value : stringifyJson(value)
}

function child(value: JsonValue, step: string | number): JsonValue | undefined {
  if (isJsonArray(value)) return typeof step === 'number' ? value[step] : undefined
  if (isJsonObject(value)) return typeof step === 'string' ? value.get(step) : undefined
  return undefined
}
