import type { SecretOutline } from '../contract/calls'
import { isJsonArray, isJsonObject, JsonNumber, parseJson, type JsonValue } from '../contract/json'
import { dataBytes, type SecretVersion } from '../contract/model'

/** What the window shows of a version before a value is asked for: its keys and their kinds. */
export function outlineOf({ metadata, state, data }: SecretVersion): SecretOutline {
  if (data === undefined) return { metadata, state }
  const value = parseJson(data)
  if (!isJsonObject(value)) throw new Error('secret data is not an object')
  const keys = Array.from(value, ([key, item]) => ({ key, kind: kindOf(item) }))
  return { metadata, state, bytes: dataBytes(data), keys }
}

function kindOf(value: JsonValue): 'text' | 'number' | 'boolean' | 'null' | 'list' | 'object' {
  if (value === null) return 'null'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return 'boolean'
  if (value instanceof JsonNumber) return 'number'
  if (isJsonArray(value)) return 'list'
  return 'object'
}
