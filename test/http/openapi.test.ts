import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { z } from 'zod'
import { describe, expect, test } from 'vitest'
import { allOperations } from '../../src-main/http/all-operations'
import { openApiDocument } from '../../src-main/http/openapi'
import { operation } from '../../src-main/wire/operation'

interface Described {
  readonly operationId: string
  readonly 'x-operations': readonly string[]
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: object }[]
  readonly requestBody?: { content: Record<string, { schema: object }> }
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>
  readonly security: readonly object[]
  readonly description: string
}
interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Described>>
}

// As it is sent, so that nothing undefined is left in it.
const text = JSON.stringify(openApiDocument(allOperations, '1.2.3'))
const document = JSON.parse(text) as Document
const described = Object.entries(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, one]) => ({ path, verb, ...one })),
)
const named = (id: string) => described.find((one) => one['x-operations'].includes(id))

/** Every value below a node, with where it lies. */
function* nodesOf(node: unknown, place = '#'): Generator<[string, unknown]> {
  yield [place, node]
  if (typeof node !== 'object' || node === null) return
  for (const [key, item] of Object.entries(node)) yield* nodesOf(item, `${place}/${key}`)
}

function ajv(): Ajv2020 {
  const made = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(made)
  made.addFormat('media-range', true)
  return made
}

describe('the document', () => {
  test('is one of OpenAPI 3.1', () => {
    const file = fileURLToPath(new URL('../vectors/openapi-3.1-schema.json', import.meta.url))
    // ajv does not follow a dynamic reference out of another one; there is nothing dynamic about it here.
    const schema = readFileSync(file, 'utf8').replaceAll(
      /"\$dynamicRef": "#meta"/g,
      '"$ref": "#/$defs/schema"',
    )
    const isValid = ajv().compile(JSON.parse(schema) as object)
    expect(document.openapi).toBe('3.1.0')
    isValid(document)
    expect(isValid.errors).toBeNull()
    isValid({ ...document, info: {} })
    expect(isValid.errors).not.toBeNull()
  })

  test('holds every operation that is declared, each once', () => {
    const sources = fileURLToPath(new URL('../../src-main/', import.meta.url))
    const collected = readFileSync(`${sources}http/all-operations.ts`, 'utf8')
    const files = readdirSync(`${sources}wire`).filter((name) => name.endsWith('-operations.ts'))
    expect(files.filter((name) => !collected.includes(`/${name.slice(0, -3)}'`))).toEqual([])
    const ids = described.flatMap((one) => one['x-operations'])
    expect(ids.length).toBeGreaterThan(70)
    expect(ids.toSorted()).toEqual(allOperations.map(({ id }) => id).toSorted())
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(described.map(({ operationId }) => operationId)).size).toBe(described.length)
  })

  test('refers to nothing that is not in it', () => {
    const places = new Map(nodesOf(document))
    const references = [...places].flatMap(([place, value]) =>
      place.endsWith('/$ref') ? [String(value)] : [],
    )
    expect(references.length).toBeGreaterThan(0)
    expect(references.filter((one) => !places.has(one))).toEqual([])
  })

  test('has schemas that are schemas', () => {
    const schemas = described.flatMap(({ parameters, requestBody, responses }) => [
      ...parameters.map(({ schema }) => schema),
      ...Object.values(requestBody?.content ?? {}).map(({ schema }) => schema),
      ...Object.values(responses).flatMap(({ content = {} }) =>
        Object.values(content).map(({ schema }) => schema),
      ),
    ])
    const strict = ajv()
    expect(schemas.filter((schema) => strict.validateSchema(schema) !== true)).toEqual([])
    expect(text).not.toContain(String(Number.MAX_SAFE_INTEGER))
  })

  test('declares every part of a path, and no other', () => {
    for (const { path, parameters } of described) {
      const inPath = parameters.filter((one) => one.in === 'path')
      const parts = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name)
      expect(inPath.map(({ name }) => name).toSorted()).toEqual(parts.toSorted())
      expect(inPath.every(({ required }) => required)).toBe(true)
    }
  })

  test('has no example of a secret', () => {
    const examples = [...nodesOf(document)].filter(([place]) => /\/examples?$/.test(place))
    const values = new Set(examples.map(([, value]) => JSON.stringify(value)))
    // Spans of time, and nothing else.
    expect([...values].every((value) => /^\["(\d+[dhms])+"\]$/.test(value))).toBe(true)
  })

  test('asks for a credential wherever one is needed', () => {
    const open = described.filter(({ security }) => security.length === 0)
    const wanted = allOperations.filter(({ needs }) => needs === 'nothing').map(({ id }) => id)
    expect(open.map(({ operationId }) => operationId).toSorted()).toEqual(wanted.toSorted())
  })
})

describe('an operation', () => {
  test('that lists is the GET of its address with a flag', () => {
    const both = named('kv2.metadata.list')
    expect(both).toMatchObject({ verb: 'get', operationId: 'kv2.metadata.read' })
    const flag = { name: 'list', in: 'query', required: false, schema: { type: 'boolean' } }
    expect(both?.parameters).toContainEqual(flag)
    expect(named('kv2.metadata.listRoot')?.parameters).toContainEqual({
      ...flag,
      required: true,
      schema: { type: 'boolean', const: true },
    })
    expect(named('okms.v1.metadata.listRoot')?.parameters).toContainEqual(flag)
    expect(named('okms.v2.secrets.list')?.parameters.map(({ name }) => name)).toEqual([
      'okmsId',
      'X-Pagination-Size',
      'X-Pagination-Cursor',
    ])
  })

  test('tells its synonyms and its rights', () => {
    expect(named('okms.v2.versions.create')?.description).toBe(
      'PUT means the same. Needs the right `write`.',
    )
    expect(named('okms.v2.secrets.read')?.description).toBe(
      'Needs the right `readMetadata`. Depending on what is asked, also: `readData`.',
    )
    expect(named('system.health')?.description ?? 'Open to all.').toContain('Open to all.')
  })

  test('answers in the words of its dialect when it refuses', () => {
    const refusalOf = (id: string) => named(id)?.responses['4XX']
    for (const [id, error] of [
      ['kv1.read', 'VaultError'],
      ['okms.v1.data.read', 'OkmsError'],
      ['okms.v2.secrets.read', 'OkmsError'],
      ['okms.central.secrets.read', 'CentralError'],
    ] as const) {
      expect(refusalOf(id)).toEqual({ $ref: `#/components/responses/${error}` })
    }
  })

  test('that may answer data with a refusal has both in its 404', () => {
    const schema = named('kv2.data.read')?.responses['404']?.content?.['application/json']?.schema
    expect(schema).toMatchObject({
      anyOf: [{ type: 'object' }, { $ref: '#/components/schemas/VaultError' }],
    })
  })

  test('that takes bytes says so', () => {
    expect(named('sys.snapshots.load')).toMatchObject({
      verb: 'post',
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
    })
  })

  test('whose verb OpenAPI does not know is an extension', () => {
    const recover = operation({
      id: 'x.recover',
      dialect: 'kv1',
      methods: ['RECOVER'],
      path: '/v1/{mount}/{path}',
      summary: 'Recover',
      params: z.object({ mount: z.string(), path: z.string() }),
      replies: { 204: { description: 'done' } },
      needs: 'write',
    })
    const { paths } = openApiDocument([recover], '1') as unknown as Document
    expect(Object.keys(paths['/v1/{mount}/{path}'] ?? {})).toEqual(['x-recover'])
  })
})
