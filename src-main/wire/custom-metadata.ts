import { CoffretError } from '../contract/errors'
import { JsonNumber, type JsonObject, type JsonValue } from '../contract/json'
import type { CustomMetadata } from '../contract/model'
import { manyErrors } from './error-body'

const maxKeys = 64
const maxKeyBytes = 128
const maxValueBytes = 512
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u
const prefix = 'custom_metadata validation failed: '

/**
 * Custom metadata of a write in the Vault dialect; scalars become text, numbers as they
 * were written. Source: kv-semantics 2.7.
 * @throws CoffretError `invalid` with every problem, in the servers' words
 */
export function readCustomMetadata(map: JsonObject | null): CustomMetadata {
  const pairs = Array.from(map ?? [], ([key, value]) => [key, scalarText(key, value)] as const)
  checkCount(pairs.length)
  checkPairs(pairs)
  return pairs
}

/** Custom metadata of a patch: null removes a key. @throws CoffretError `invalid` */
export function readCustomMetadataPatch(
  map: JsonObject,
): readonly (readonly [string, string | null])[] {
  const pairs = Array.from(
    map,
    ([key, value]) => [key, value === null ? null : scalarText(key, value)] as const,
  )
  const kept = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== null)
  // The servers count the patch alone, not what it comes to; the store counts that.
  checkCount(kept.length)
  checkPairs(kept)
  return pairs
}

/** Custom metadata as every dialect answers it: a map, so that a key `__proto__` is one like any other. */
export function customMetadataMap(pairs: CustomMetadata): ReadonlyMap<string, string> {
  return new Map(pairs)
}

function scalarText(key: string, value: JsonValue): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (value instanceof JsonNumber) return value.text
  // The servers convert before they check: this problem comes alone.
  const problem = `${prefix}value for key ${JSON.stringify(key)} is not a text`
  throw new CoffretError('invalid', problem, { field: 'custom_metadata' })
}

function checkCount(count: number): void {
  if (count <= maxKeys) return
  throw invalid([`payload must contain at most ${maxKeys} keys, provided ${count}`])
}

function checkPairs(pairs: readonly (readonly [string, string])[]): void {
  const problems = pairs.flatMap(([key, value]) => problemsOf(key, value))
  if (problems.length > 0) throw invalid(problems)
}

function problemsOf(key: string, value: string): string[] {
  const name = JSON.stringify(key)
  const problems: string[] = []
  const keyBytes = Buffer.byteLength(key)
  const valueBytes = Buffer.byteLength(value)
  if (keyBytes < 1 || keyBytes > maxKeyBytes) {
    problems.push(`length of key ${name} is ${keyBytes} but must be 0 < len(key) <= ${maxKeyBytes}`)
  }
  if (valueBytes < 1 || valueBytes > maxValueBytes) {
    problems.push(
      `length of value for key ${name} is ${valueBytes} but must be 0 < len(value) <= ${maxValueBytes}`,
    )
  }
  if (!printable.test(key)) problems.push(`key ${name} (${key}) contains unprintable characters`)
  if (!printable.test(value)) problems.push(`value for key ${name} contains unprintable characters`)
  return problems
}

function invalid(problems: readonly string[]): CoffretError {
  const message = manyErrors(problems.map((one) => prefix + one))
  return new CoffretError('invalid', message, { field: 'custom_metadata' })
}
