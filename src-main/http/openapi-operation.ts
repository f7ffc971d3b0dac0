import type { z } from 'zod'
import type { Operation, ReplyDeclaration } from '../wire/operation'
import { dialects, securitySchemes } from './openapi-dialects'
import { mapValues, propertiesOf, schemaOf, type Part, type Schema } from './openapi-schema'

/** An operation, or several with one address and verb, which differ in the flag `list`. */
export type Operations = readonly [Operation, ...Operation[]]

/** The operation object of an address and verb. Source: OpenAPI Specification 3.1, 4.8.10. */
export function describeOperations(operations: Operations): Part {
  const [first] = operations
  const bodies = operations.flatMap(({ body }) => (body === undefined ? [] : [body]))
  return {
    operationId: first.id,
    'x-operations': operations.map(({ id }) => id),
    tags: [dialects[first.dialect].tag],
    summary: operations.map(({ summary }) => summary).join('. Or: '),
    description: operations.map(wordsAbout).join('\n\n'),
    parameters: parametersOf(operations),
    ...(bodies.length === 0 ? {} : { requestBody: requestBody(first, bodies) }),
    ...(first.takesBytes ? { requestBody: byteBody } : {}),
    responses: responsesOf(operations),
    security:
      first.needs === 'nothing' ? [] : Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
  }
}

function wordsAbout({ methods, needs, mayNeed = [] }: Operation): string {
  const [method, ...others] = methods
  const optional = mayNeed.map((right) => `\`${right}\``).join(', ')
  return [
    ...(method === 'LIST' ? ['Sent as LIST, or as GET with `list=true`.'] : []),
    ...(others.length === 0
      ? []
      : [`${others.join(', ')} ${others.length > 1 ? 'mean' : 'means'} the same.`]),
    needs === 'nothing'
      ? 'Open to all.'
      : needs === 'credential'
        ? 'Needs a credential.'
        : `Needs the right \`${needs}\`.`,
    ...(optional === '' ? [] : [`Depending on what is asked, also: ${optional}.`]),
  ].join(' ')
}

function parametersOf(operations: Operations): readonly Part[] {
  const parameters = new Map<string, Part>()
  const add = (where: string, name: string, schema: Schema, required: boolean) => {
    if (parameters.has(where + name)) return
    parameters.set(where + name, { name, in: where, required, schema })
  }
  for (const { params, query, headers } of operations) {
    for (const { name, schema } of propertiesOf(params)) add('path', name, schema, true)
    for (const { name, schema, isRequired } of propertiesOf(query)) {
      // Objects in a query are refused where they are wrong, and mean nothing where they are right.
      if (!isObject(schema)) add('query', name, schema, isRequired)
    }
    for (const { name, schema, isRequired } of propertiesOf(headers)) {
      add('header', capitalised(name), schema, isRequired)
    }
  }
  if (operations.some(({ methods }) => methods[0] === 'LIST')) {
    // Where there is something to read beside, or where the flag may be left out.
    const isChoice = operations.length > 1 || operations[0].dialect === 'okms-v1'
    add('query', 'list', { type: 'boolean', ...(isChoice ? {} : { const: true }) }, !isChoice)
  }
  return [...parameters.values()]
}

function isObject({ type }: Schema): boolean {
  return Array.isArray(type) ? type.includes('object') : type === 'object'
}

function capitalised(header: string): string {
  return header.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
}

const byteBody: Part = {
  required: true,
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
}

function requestBody({ bodyTypes }: Operation, bodies: readonly z.ZodType[]): Part {
  const schema = oneOrMore(bodies.map(schemaOf))
  const types = bodyTypes ?? ['application/json']
  const isRequired = bodies.every((body) => !body.safeParse(undefined).success)
  return {
    required: isRequired,
    content: Object.fromEntries(types.map((type) => [type, { schema }])),
  }
}

function responsesOf(operations: Operations): Part {
  const { error } = dialects[operations[0].dialect]
  const declared = new Map<string, ReplyDeclaration[]>()
  for (const { replies } of operations) {
    for (const [status, reply] of Object.entries(replies)) {
      declared.set(status, [...(declared.get(status) ?? []), reply])
    }
  }
  const other = { $ref: `#/components/responses/${error}` }
  return {
    ...Object.fromEntries(
      [...declared].map(([status, replies]) => [status, response(status, replies, error)]),
    ),
    '4XX': other,
    '5XX': other,
  }
}

function response(status: string, replies: readonly ReplyDeclaration[], error: string): Part {
  const schemas = replies.flatMap(({ schema }) => (schema === undefined ? [] : [schemaOf(schema)]))
  // A refusal that carries data is one of two: the plain one has the same status.
  if (Number(status) >= 400) schemas.push({ $ref: `#/components/schemas/${error}` })
  const headers = Object.assign({}, ...replies.map((one) => one.headers)) as Record<string, string>
  return {
    description: replies.map(({ description }) => description).join(', or '),
    ...(Object.keys(headers).length === 0
      ? {}
      : {
          headers: mapValues(headers, (description) => ({
            description,
            schema: { type: 'string' },
          })),
        }),
    ...(schemas.length === 0 ? {} : { content: jsonContent(oneOrMore(schemas)) }),
  }
}

/** A body of JSON. */
export function jsonContent(schema: Schema): Part {
  return { 'application/json': { schema } }
}

function oneOrMore(schemas: readonly Schema[]): Schema {
  const different = [...new Map(schemas.map((one) => [JSON.stringify(one), one])).values()]
  const [only] = different
  return different.length === 1 && only !== undefined ? only : { anyOf: different }
}
