import { z } from 'zod'

/** A part of an OpenAPI document. */
export type Part = Readonly<Record<string, unknown>>

/** A JSON Schema of draft 2020-12, which is what OpenAPI 3.1 uses. */
export type Schema = Part

/**
 * The JSON Schema of what goes over the wire: before a request is read, and after an answer is written.
 */
export function schemaOf(schema: z.ZodType): Schema {
  const json: Record<string, unknown> = {
    ...z.toJSONSchema(schema, {
      io: 'input',
      // What takes any JSON has no schema of its own.
      unrepresentable: 'any',
      override: ({ jsonSchema }) => tidy(jsonSchema),
    }),
  }
  // The document says once which draft it uses.
  delete json['$schema']
  return json
}

/** The schemas of an object's properties, each with whether it must be there. */
export function propertiesOf(
  schema: z.ZodObject,
): readonly { readonly name: string; readonly schema: Schema; readonly isRequired: boolean }[] {
  const { properties = {}, required = [] } = schemaOf(schema) as {
    properties?: Record<string, Schema>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    schema: property,
    isRequired: required.includes(name),
  }))
}

/** Leaves out the bounds that only say what JavaScript can count to, and patterns of text on numbers. */
function tidy(schema: Record<string, unknown>): void {
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum']
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum']
  if (schema['type'] === 'integer') delete schema['pattern']
}

/** An object with the same keys and other values. */
export function mapValues<T, R>(
  object: Readonly<Record<string, T>>,
  change: (value: T, key: string) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]))
}
