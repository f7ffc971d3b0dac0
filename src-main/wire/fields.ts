import { z } from 'zod'
import { CoffretError } from '../contract/errors'
import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from '../contract/json'
import { formatGoDuration, parseGoDuration } from './go-duration'
import { exact } from './json-shape'

/**
 * The fields of the Vault dialect, converted "weakly": text for numbers, numbers for booleans, and so
 * on, in bodies and queries alike. A repeated query parameter arrives as an array of texts.
 * Source: kv-semantics 1.3.
 */
function field<T>(
  read: (value: JsonValue) => T,
  schema: Record<string, unknown>,
  isWithin: (value: T) => boolean = () => true,
) {
  return exact(
    z
      .unknown()
      .transform((value, context): T => {
        try {
          const converted = read(value as JsonValue)
          if (!isWithin(converted)) context.addIssue('the value is outside its bounds')
          return converted
        } catch (error) {
          if (!(error instanceof CoffretError)) throw error
          const { message } = error
          context.addIssue({ code: 'invalid_type', expected: 'custom', input: value, message })
          return z.NEVER
        }
      })
      .meta(schema),
  )
}

function refuse(expected: string): never {
  throw new CoffretError('invalid', `expected ${expected}`)
}

const integerLiteral = /^[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|0[0-7_]*|[1-9][\d_]*)$/

/** Go's `strconv.ParseInt` with base 0; empty text is 0. */
function readIntegerText(text: string): number {
  if (text === '') return 0
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '')
  if (!integerLiteral.test(text)) refuse('an integer')
  const number = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits)
  if (!Number.isSafeInteger(number)) refuse('an integer below 2^53')
  return text.startsWith('-') ? 0 - number : number
}

/** @throws CoffretError `invalid` */
export function readInteger(value: JsonValue): number {
  if (value === null) return 0
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string') return readIntegerText(value)
  if (value instanceof JsonNumber && /^-?\d+$/.test(value.text)) {
    const number = Number(value.text)
    if (Number.isSafeInteger(number)) return number + 0
  }
  return refuse('an integer')
}

const trueWords = ['1', 't', 'T', 'TRUE', 'true', 'True']
const falseWords = ['0', 'f', 'F', 'FALSE', 'false', 'False', '']

/** Go's `strconv.ParseBool`; empty text is false. Undefined when it is neither. */
export function readBooleanText(text: string): boolean | undefined {
  if (trueWords.includes(text)) return true
  return falseWords.includes(text) ? false : undefined
}

/** @throws CoffretError `invalid` */
export function readBoolean(value: JsonValue): boolean {
  if (value === null) return false
  if (typeof value === 'boolean') return value
  const text = value instanceof JsonNumber ? value.text : value
  if (value instanceof JsonNumber && text !== '0' && text !== '1') refuse('a boolean')
  const read = typeof text === 'string' ? readBooleanText(text) : undefined
  return read ?? refuse('a boolean')
}

/** An object; null is "given and empty"; an array of objects is merged. @throws CoffretError `invalid` */
export function readMap(value: JsonValue): JsonObject | null {
  if (value === null || isJsonObject(value)) return value
  if (!isJsonArray(value)) return refuse('an object')
  const merged = new Map<string, JsonValue>()
  for (const item of value) {
    if (!isJsonObject(item)) return refuse('an object')
    for (const [key, entry] of item) merged.set(key, entry)
  }
  return merged
}

/** Integers as an array, one alone, or text with commas. @throws CoffretError `invalid` */
export function readIntegerList(value: JsonValue): readonly number[] {
  if (value === null || value === '') return []
  if (isJsonArray(value)) return value.map(readInteger)
  if (typeof value === 'string') {
    return value.split(',').map((part) => readIntegerText(part.trim()))
  }
  return [readInteger(value)]
}

/** Whole seconds; null is "not given". @throws CoffretError `invalid` */
export function readDuration(value: JsonValue): number | undefined {
  if (value === null) return undefined
  if (typeof value === 'string') return parseGoDuration(value)
  if (value instanceof JsonNumber && /^-?\d+$/.test(value.text)) return parseGoDuration(value.text)
  return refuse('a duration')
}

function readText(value: JsonValue): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? '1' : '0'
  return value instanceof JsonNumber ? value.text : refuse('text')
}

/** An integer, weakly. */
export const integerField = () => field(readInteger, { type: 'integer' })

/** An integer between two bounds, weakly. */
export const boundedField = (least: number, most: number) =>
  field(
    readInteger,
    { type: 'integer', minimum: least, maximum: most },
    (number) => number >= least && number <= most,
  )

/** A boolean, weakly. */
export const booleanField = () => field(readBoolean, { type: 'boolean' })

/** An object as it was written, or null. */
export const mapField = () =>
  field(readMap, { type: ['object', 'null'], additionalProperties: true })

/** Version numbers, weakly. */
export const integerListField = () =>
  field(readIntegerList, { type: 'array', items: { type: 'integer' } })

/** Text, weakly. */
export const textField = () => field(readText, { type: 'string' })

/** Texts as an array, one alone, or one text with commas. */
export const textListField = () =>
  field(
    (value): readonly string[] => {
      if (isJsonArray(value)) return value.map(readText)
      const text = readText(value)
      return text === '' ? [] : text.split(',').map((part) => part.trim())
    },
    { type: 'array', items: { type: 'string' } },
  )

/** A duration in whole seconds, not negative; undefined for null. */
export const durationField = () =>
  field(
    (value) => {
      const seconds = readDuration(value)
      if (seconds === undefined || seconds >= 0) return seconds
      throw new CoffretError('invalid', `cannot provide negative value '${seconds}'`)
    },
    { type: 'string', examples: ['3h25m19s'] },
  )

/** A duration where any negative value means "switched off", read as -1. */
export const signedDurationField = () =>
  field(
    (value) => {
      const seconds = readDuration(value)
      return seconds === undefined ? undefined : Math.max(seconds, -1)
    },
    { type: 'string', examples: [formatGoDuration(3600)] },
  )
