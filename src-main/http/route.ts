import { z } from 'zod'
import type { JsonObject, JsonValue } from '../contract/json'
import type { SecretStore } from '../kv/secret-store'
import type { Mount } from '../kv/mount-table'
import { fieldNamed, fit } from '../wire/json-shape'
import type { Right } from '../contract/access'
import type { Operation } from '../wire/operation'
import type { Caller } from './access'
import type { Answer } from './answer'
import type { Arrival } from './arrival'
import type { RequestHeaders } from './message'

/** What every handler receives beside its input. */
export interface Circumstances {
  readonly arrival: Arrival
  /** Someone who may do nothing, where the operation is open to all. */
  readonly caller: Caller
  /** Fields of the body that the operation does not know, such as `option` or `metadata.maxVersion`. */
  readonly unknownFields: readonly string[]
  /** @throws CoffretError `forbidden`; for rights that depend on what is asked */
  demand(right: Right, path?: string): void
}

/** Where a request about secrets arrives. */
export interface Place {
  readonly mount: Mount
  readonly store: SecretStore
}

/** A call that was parsed: `params`, `query`, `headers` and `body` are what the schemas make of them. */
export interface Call<P, Q, H, B> extends Circumstances {
  readonly params: P
  readonly query: Q
  readonly headers: H
  readonly body: B
}

/** What is to be parsed. */
export interface Input {
  readonly params: Readonly<Record<string, string>>
  readonly query: ReadonlyMap<string, readonly string[]>
  readonly headers: RequestHeaders
  /** Undefined when there is none. */
  readonly body: JsonValue | undefined
}

/** One thing wrong with an input. */
export interface Problem {
  /** `max_versions`, `metadata.customMetadata`; empty for the body as a whole. */
  readonly field: string
  readonly part: 'params' | 'query' | 'headers' | 'body'
  /** `form`: of the wrong type, or missing. `rule`: of the right type, outside its bounds. */
  readonly kind: 'form' | 'rule'
  /** Says what was expected, never what came. */
  readonly message: string
}

/** The input was refused. */
export class BadInput extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super('input refused')
  }
}

/** An operation with the code behind it. */
export interface Route<W> {
  readonly operation: Operation
  /**
   * Parses the input, once, and answers.
   * @throws BadInput, CoffretError
   */
  answer(
    input: Input,
    circumstances: Omit<Circumstances, 'unknownFields'>,
    where: W,
  ): Promise<Answer>
}

/**
 * Puts code behind an operation.
 * @param handler receives the parsed call, and where it goes: a {@link Place} for operations on secrets
 */
export function mount<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  H extends z.ZodObject,
  B extends z.ZodType,
  W = Place,
>(
  operation: Operation<P, Q, H, B>,
  handler: (
    call: Call<z.output<P>, z.output<Q>, z.output<H>, z.output<B>>,
    where: W,
  ) => Promise<Answer>,
): Route<W> {
  return {
    operation,
    async answer(input, circumstances, where) {
      const params = parsePart('params', operation.params, new Map(Object.entries(input.params)))
      const query = parseFields('query', operation.query, knownQuery(operation.query, input.query))
      const named = knownHeaders(operation, input.headers)
      const headers = parseFields('headers', operation.headers, named)
      const body = operation.body && parsePart('body', operation.body, input.body)
      const parts = body === undefined ? [params, query, headers] : [params, query, headers, body]
      if (parts.some(({ problems }) => problems.length > 0)) {
        throw new BadInput(parts.flatMap(({ problems }) => problems))
      }
      const { arrival, caller, demand } = circumstances
      const inBody = unknownInBody(operation, input)
      const call = {
        ...{ arrival, caller, demand, unknownFields: inBody },
        params: params.value as z.output<P>,
        query: query.value as z.output<Q>,
        headers: headers.value as z.output<H>,
        body: body?.value as z.output<B>,
      }
      const answer = await handler(call, where)
      const unknownFields = [...unknownInQuery(operation, input), ...inBody]
      return unknownFields.length === 0 ? answer : { unknownFields, ...answer }
    },
  }
}

interface ParsedPart {
  readonly value?: unknown
  readonly problems: readonly Problem[]
}

/** What schemas make of nothing: most requests have no query, and no headers that an operation takes. */
const ofNothing = new WeakMap<z.ZodObject, ParsedPart>()

function parseFields(
  part: Problem['part'],
  schema: z.ZodObject,
  fields: Map<string, JsonValue>,
): ParsedPart {
  if (fields.size > 0) return parsePart(part, schema, fields)
  const known = ofNothing.get(schema) ?? parsePart(part, schema, fields)
  ofNothing.set(schema, known)
  return known
}

function parsePart(
  part: Problem['part'],
  schema: z.ZodType,
  value: JsonValue | undefined,
): ParsedPart {
  const result = schema.safeParse(value === undefined ? undefined : fit(schema, value))
  if (result.success) return { value: result.data, problems: [] }
  const isForm = (code: string) =>
    part === 'query' ||
    part === 'headers' ||
    ['invalid_type', 'invalid_union', 'invalid_value'].includes(code)
  const problems = result.error.issues.map(({ path, message, code }) => ({
    part,
    field: path.join('.'),
    kind: isForm(code) ? ('form' as const) : ('rule' as const),
    message,
  }))
  return { problems }
}

/** A parameter that occurs once is text, a repeated one an array. */
function knownQuery(
  schema: z.ZodObject,
  query: ReadonlyMap<string, readonly string[]>,
): Map<string, JsonValue> {
  const known = new Map<string, JsonValue>()
  for (const [name, values] of query) {
    if (Object.hasOwn(schema.shape, name))
      known.set(name, values.length === 1 ? (values[0] ?? '') : values)
  }
  return known
}

function knownHeaders(
  { headers: schema }: Operation,
  headers: RequestHeaders,
): Map<string, JsonValue> {
  const known = new Map<string, JsonValue>()
  for (const name of Object.keys(schema.shape)) {
    const value = headers.get(name)
    // An empty header counts as absent. Source: okms-api L10.
    if (value !== null && value !== '') known.set(name, value)
  }
  return known
}

/** The names in the query that the schema does not have, sorted. `list` asks for the operation itself. */
function unknownInQuery(operation: Operation, { query }: Input): readonly string[] {
  const names = [...query.keys()].filter((name) => name !== 'list')
  return names.filter((name) => fieldNamed(operation.query, name) === undefined).sort()
}

/** The same in the body, and in the objects of its own that it holds; none where any key is data. */
function unknownInBody({ body: schema }: Operation, { body }: Input): readonly string[] {
  return schema === undefined ? [] : unknownIn(schema, body ?? null, '').sort()
}

function unknownIn(schema: z.ZodType, value: JsonValue, prefix: string): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return unknownIn(schema.unwrap() as z.ZodType, value, prefix)
  }
  if (!(schema instanceof z.ZodObject) || !(value instanceof Map)) return []
  return Array.from(value as JsonObject).flatMap(([name, item]) => {
    const field = fieldNamed(schema, name)
    return field === undefined
      ? [prefix + name]
      : unknownIn(schema.shape[field] as z.ZodType, item, `${prefix}${field}.`)
  })
}
