import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

const file = fileURLToPath(new URL('../vectors/okms-secrets-openapi.yaml', import.meta.url))

type Json = Record<string, unknown>

interface Description {
  readonly paths: Record<string, Record<string, { responses: Json; requestBody?: Json }>>
  readonly components: { readonly schemas: Json }
}

/** OVHcloud's description of the API, with `nullable` (OpenAPI 3.0) as a type of its own. */
export const okmsDescription = withNullTypes(parse(readFileSync(file, 'utf8'))) as Description

function withNullTypes(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNullTypes)
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).map(([key, item]) => [key, withNullTypes(item)] as const)
  const { nullable, ...rest } = Object.fromEntries(entries)
  return nullable === true && typeof rest['type'] === 'string'
    ? { ...rest, type: [rest['type'], 'null'] }
    : rest
}

const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addFormat('uint32', {
  type: 'number',
  validate: (n) => Number.isInteger(n) && n >= 0 && n < 2 ** 32,
})
ajv.addFormat('int32', {
  type: 'number',
  validate: (n) => Number.isInteger(n) && Math.abs(n) < 2 ** 31,
})
ajv.addFormat('base64url', /^[\w-]*$/)
ajv.addSchema({ $id: 'okms', ...(okmsDescription as unknown as Json) })

const compiled = new Map<string, ValidateFunction>()

/** Problems of a value with a schema named by its place in the description; empty when it fits. */
export function problemsWith(pointer: string, value: unknown): string[] {
  const known = compiled.get(pointer) ?? ajv.compile({ $ref: `okms#${pointer}` })
  compiled.set(pointer, known)
  return known(value) ? [] : (known.errors ?? []).map((one) => `${one.instancePath} ${one.message}`)
}

/** The path of the description that a request's target belongs to; undefined when it has none. */
export function describedPath(rawTarget: string): string | undefined {
  const rawPath = rawTarget.replace(/\?.*$/, '').replace(/\/$/, '')
  const templates = Object.keys(okmsDescription.paths).sort((a, b) => b.length - a.length)
  return templates.find((template) => {
    const pattern = template
      .replace('{okmsId}', '[^/]+')
      .replace('/v2/secret/{path}', '/v2/secret/(?:[^/]+(?:/[^/]+)*?)')
      .replace('{path}', '.+')
      .replace('{version}', '[^/]+')
    return new RegExp(`^${pattern}$`).test(rawPath)
  })
}

const errorSchema = '/components/schemas/ErrorResponse'

/**
 * Problems of a reply with the description. A status that it does not name must carry its ordinary
 * error body.
 */
export function replyProblems(
  method: string,
  rawTarget: string,
  status: number,
  body: unknown,
): string[] {
  const path = describedPath(rawTarget)
  const responses = path && okmsDescription.paths[path]?.[verbOf(method, path)]?.responses
  const isNamed = responses !== undefined && responses !== '' && status in responses
  if (!isNamed && status >= 400) return problemsWith(errorSchema, body)
  if (!isNamed) return [`${status} is not described for ${method} ${path ?? rawTarget}`]
  if (status === 204) return body === undefined ? [] : ['204 has a body']
  const place = [path ?? '', verbOf(method, path ?? ''), 'responses', String(status)]
  const pointer = ['paths', ...place, 'content', 'application/json', 'schema']
  return problemsWith(`/${pointer.map(escapePointer).join('/')}`, body)
}

/**
 * The same for the prefix of the central API, which no description covers: it is the domain's API with
 * states in capitals and errors of its own.
 */
export function centralProblems(
  method: string,
  rawTarget: string,
  status: number,
  body: unknown,
): string[] {
  if (status >= 400) {
    const fields = Object.keys((body ?? {}) as Json).sort()
    return JSON.stringify(fields) === '["class","message"]' ? [] : ['not an error of this prefix']
  }
  const target = rawTarget.replace(/^\/v2\/okms\/resource\/([^/]+)/, '/api/$1/v2')
  const words = Array.from(JSON.stringify(body ?? null).matchAll(/"state":"(\w+)"/g), ([, w]) => w)
  const wrong = words.filter((word) => word !== word?.toUpperCase())
  return [
    ...wrong.map(() => 'a state in lower case'),
    ...replyProblems(method, target, status, lowered(body)),
  ]
}

/** States as the description has them; data is left alone. */
function lowered(node: unknown, name = ''): unknown {
  if (name === 'data' || typeof node !== 'object' || node === null) {
    return name === 'state' ? String(node).toLowerCase() : node
  }
  if (Array.isArray(node)) return node.map((item) => lowered(item))
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, lowered(item, key)]))
}

/** PUT and POST mean the same on writes, LIST is a GET; the description names one of them. */
function verbOf(method: string, path: string): string {
  const verb = method === 'LIST' || method === 'HEAD' ? 'get' : method.toLowerCase()
  const known = Object.keys(okmsDescription.paths[path] ?? {})
  if (known.includes(verb)) return verb
  return verb === 'put' ? 'post' : verb === 'post' ? 'put' : verb
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
}
