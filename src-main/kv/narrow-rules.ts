import { isJsonArray, isJsonObject, type JsonValue } from '../contract/json'

/**
 * What stores without the capability `anyName` take: the rules of the OKMS APIs.
 * Source: okms-api L15, L19, L20, L44.
 */

const pathPattern = /^[a-zA-Z0-9_.:/=@-]{1,255}$/
const wordPattern = /^[a-zA-Z0-9_.:/=@%-]+$/

/** Whether a secret can be created there under this path. */
export function isNarrowPath(path: string): boolean {
  return pathPattern.test(path)
}

/** Whether a text can be a key (at most 128) or a value (at most 512) of custom metadata there. */
export function isNarrowWord(text: string, most: number): boolean {
  return text.length <= most && wordPattern.test(text)
}

/** Whether an empty key is anywhere in data, which is not taken there. */
export function hasEmptyKey(value: JsonValue): boolean {
  if (isJsonArray(value)) return value.some(hasEmptyKey)
  return isJsonObject(value) && (value.has('') || [...value.values()].some(hasEmptyKey))
}
