import { z } from 'zod'
import { CoffretError } from '../contract/errors'
import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from '../contract/json'

/**
 * Lossless JSON (`contract/json.ts`) meets schemas here. A schema sees plain objects and numbers,
 * except at the places marked {@link exact}, where it sees the JSON as it was written.
 */
const exactPlaces = z.registry<{ readonly isExact: true }>()

/** Marks a schema as one that takes a {@link JsonValue}, not its plain form. Marks the very schema given. */
export function exact<T extends z.ZodType>(schema: T): T {
  exactPlaces.add(schema, { isExact: true })
  return schema
}

const synonyms = z.registry<{ readonly canonical: Readonly<Record<string, string>> }>()

/**
 * Lets an object have a field under another name too. Marks the very schema given.
 * @param canonical the name in the schema, by each other name
 */
export function withSynonyms<T extends z.ZodObject>(
  schema: T,
  canonical: Readonly<Record<string, string>>,
): T {
  synonyms.add(schema, { canonical })
  return schema
}

/** The field of a schema that a name means; undefined when it means none. */
export function fieldNamed(schema: z.ZodObject, name: string): string | undefined {
  const canonical = synonyms.get(schema)?.canonical ?? {}
  const field = Object.hasOwn(canonical, name) ? canonical[name] : name
  return field !== undefined && Object.hasOwn(schema.shape, field) ? field : undefined
}

/** Any JSON, as it was written. */
export const exactJson = exact(z.custom<JsonValue>(isJson))

/** A JSON object, as it was written. */
export const exactObject = exact(
  z
    .unknown()
    .transform((value, context): JsonObject => {
      if (value instanceof Map) return value
      const message = 'an object is expected'
      context.addIssue({ code: 'invalid_type', expected: 'object', input: value, message })
      return z.NEVER
    })
    .meta({ type: 'object', additionalProperties: true }),
)

function isJson(value: unknown): boolean {
  return (
    value === null ||
    ['boolean', 'string'].includes(typeof value) ||
    value instanceof JsonNumber ||
    value instanceof Map ||
    Array.isArray(value)
  )
}

/**
 * A JSON value in the form that a schema expects: plain, and untouched where the schema says exact.
 * @throws CoffretError `invalid` when a field comes under two of its names
 */
export function fit(schema: z.ZodType, value: JsonValue): unknown {
  if (exactPlaces.has(schema)) return value
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return value === null ? null : fit(schema.unwrap() as z.ZodType, value)
  }
  if (schema instanceof z.ZodPipe) return fit(schema.in as z.ZodType, value)
  if (schema instanceof z.ZodArray && isJsonArray(value)) {
    return value.map((item) => fit(schema.element as z.ZodType, item))
  }
  if (schema instanceof z.ZodRecord && isJsonObject(value)) {
    return objectOf(value, () => schema.valueType as z.ZodType)
  }
  if (schema instanceof z.ZodObject && isJsonObject(value)) {
    const shape: Record<string, z.ZodType | undefined> = schema.shape
    return objectOf(canonicalNames(schema, value), (key) =>
      Object.hasOwn(shape, key) ? shape[key] : undefined,
    )
  }
  return plain(value)
}

function canonicalNames(schema: z.ZodObject, value: JsonObject): JsonObject {
  if (!synonyms.has(schema)) return value
  const renamed = new Map<string, JsonValue>()
  for (const [name, item] of value) {
    const field = fieldNamed(schema, name) ?? name
    if (renamed.has(field)) {
      throw new CoffretError('invalid', `${field} is given under two names`, { field })
    }
    renamed.set(field, item)
  }
  return renamed
}

/** A JSON value as plain objects without prototype, arrays and numbers (rounded to float64). */
export function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.text)
  if (isJsonArray(value)) return value.map(plain)
  if (isJsonObject(value)) return objectOf(value, () => undefined)
  return value
}

function objectOf(
  value: JsonObject,
  schemaOf: (key: string) => z.ZodType | undefined,
): Record<string, unknown> {
  // Without prototype, so that a key named `__proto__` is a key like any other.
  const object: Record<string, unknown> = Object.create(null)
  for (const [key, item] of value) {
    const schema = schemaOf(key)
    object[key] = schema === undefined ? plain(item) : fit(schema, item)
  }
  return object
}

/** Compact JSON text that goes into a larger one as it is. */
export class RenderedJson {
  constructor(readonly text: string) {}
}

/** JSON text of plain objects, lossless JSON, and any mixture of them. What is undefined is left out. */
export function render(value: unknown): string {
  if (value instanceof JsonNumber || value instanceof RenderedJson) return value.text
  if (Array.isArray(value)) return `[${value.map(render).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = value instanceof Map ? [...value] : Object.entries(value)
    const parts = entries
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => `${JSON.stringify(key)}:${render(item)}`)
    return `{${parts.join(',')}}`
  }
  return JSON.stringify(value ?? null)
}

/**
 * The numbers of a value as a float64 holds them, the way `/v1` KV version 2 answers: 1.10 is 1.1, an
 * integer beyond 2^53 is rounded. Source: KV v2 read path; Go and JavaScript print float64 alike.
 */
export function asFloat64(value: JsonValue): JsonValue {
  if (value instanceof JsonNumber) {
    const number = Number(value.text)
    return new JsonNumber(Object.is(number, -0) ? '-0' : String(number))
  }
  if (isJsonArray(value)) return value.map(asFloat64)
  if (isJsonObject(value)) {
    return new Map(Array.from(value, ([key, item]) => [key, asFloat64(item)]))
  }
  return value
}
