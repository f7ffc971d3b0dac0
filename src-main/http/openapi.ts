import type { Operation } from '../wire/operation'
import { dialects, errorSchemas, securitySchemes } from './openapi-dialects'
import { describeOperations, jsonContent, type Operations } from './openapi-operation'
import { mapValues, schemaOf, type Part } from './openapi-schema'

/**
 * The description of the API, generated from the operations. Source: OpenAPI Specification 3.1.
 * @param version of the program
 */
export function openApiDocument(operations: readonly Operation[], version: string): Part {
  const tags = new Set(operations.map(({ dialect }) => dialect))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Coffret',
      version,
      description:
        'The secrets of one vault through several APIs: each secret written through one is read ' +
        'through the others. The path of a secret is one parameter: encode its slashes as %2F.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'this vault' }],
    tags: [...tags].map((dialect) => {
      const { tag, description } = dialects[dialect]
      return { name: tag, description }
    }),
    paths: pathsOf(operations),
    components: {
      securitySchemes,
      schemas: mapValues(errorSchemas, schemaOf),
      responses: mapValues(errorSchemas, (_schema, name) => refusal(name)),
    },
  }
}

function pathsOf(operations: readonly Operation[]): Part {
  const paths: Record<string, Record<string, Operations>> = {}
  for (const operation of operations) {
    const item = (paths[operation.path] ??= {})
    const verb = verbOf(operation)
    const others = item[verb]
    // What reads comes before what lists.
    const isLast = others !== undefined && operation.methods[0] === 'LIST'
    item[verb] = isLast ? [...others, operation] : [operation, ...(others ?? [])]
  }
  return mapValues(paths, (verbs) => mapValues(verbs, describeOperations))
}

const verbs = {
  GET: 'get',
  LIST: 'get',
  POST: 'post',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** LIST is also sent as GET, with a flag. What OpenAPI has no verb for goes into an extension. */
function verbOf({ methods }: Operation): string {
  const method = methods.find((one): one is keyof typeof verbs => one in verbs)
  return method === undefined ? `x-${methods[0].toLowerCase()}` : verbs[method]
}

function refusal(schema: string): Part {
  const content = jsonContent({ $ref: `#/components/schemas/${schema}` })
  return { description: 'refused', content }
}
