import type { RequestHeaders } from '../../src-main/http/message'
import { describedPath, okmsDescription, problemsWith } from './okms-description'

interface Parameter {
  readonly $ref?: string
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: { readonly type?: string }
}

interface Described {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly required?: boolean
    readonly content: Readonly<Record<string, unknown>>
  }
}

/** A request as a client sent it. */
export interface SentRequest {
  readonly method: string
  readonly rawTarget: string
  readonly headers: RequestHeaders
  /** Empty when there is none. */
  readonly body: string
}

/** Headers that concern the connection or the credential, and no operation. */
const general =
  /^(host|connection|accept|user-agent|content-length|content-type|authorization|x-vault-.*)$/

/** Problems of a request with OVHcloud's description; empty when it fits. */
export function requestProblems({ method, rawTarget, headers, body }: SentRequest): string[] {
  const path = describedPath(rawTarget)
  const verb = method.toLowerCase()
  const found = path && (okmsDescription.paths[path]?.[verb] as Described | undefined)
  if (path === undefined || !found) return [`${method} ${path ?? rawTarget} is not described`]
  const parameters = (found.parameters ?? []).map(resolved)
  return [
    ...headerProblems(parameters, headers),
    ...queryProblems(parameters, rawTarget),
    ...bodyProblems(found, [path, verb], headers, body),
  ].map((problem) => `${method} ${path}: ${problem}`)
}

function resolved(parameter: Parameter): Parameter {
  const pointer = parameter.$ref?.slice(1)
  if (pointer === undefined) return parameter
  const [, , kind = '', name = ''] = pointer.split('/')
  const components = okmsDescription.components as unknown as Record<
    string,
    Record<string, Parameter>
  >
  const shared = components[kind]?.[name]
  if (shared === undefined) throw new Error(`${pointer} is not described`)
  return shared
}

function queryProblems(parameters: readonly Parameter[], rawTarget: string): string[] {
  const query = new URLSearchParams(rawTarget.split('?')[1] ?? '')
  return [...query].flatMap(([name, text]) => {
    const known = parameters.find((one) => one.in === 'query' && one.name === name)
    return known === undefined ? [`query ${name} is not described`] : valueProblems(known, text)
  })
}

function headerProblems(parameters: readonly Parameter[], headers: RequestHeaders): string[] {
  return [...headers].flatMap(([name, text]) => {
    if (general.test(name)) return []
    const known = parameters.find((one) => one.in === 'header' && one.name.toLowerCase() === name)
    return known === undefined ? [`header ${name} is not described`] : valueProblems(known, text)
  })
}

/** Of text that came in an address or a header. */
function valueProblems({ name, schema }: Parameter, text: string): string[] {
  const {
    type,
    minimum = -Infinity,
    maximum = Infinity,
  } = schema as {
    type?: string
    minimum?: number
    maximum?: number
  }
  if (type === 'boolean') return ['true', 'false'].includes(text) ? [] : [`${name} is no boolean`]
  if (type !== 'integer') return []
  const value = Number(text)
  const isGood = /^\d+$/.test(text) && value >= minimum && value <= maximum
  return isGood ? [] : [`${name} is out of its range`]
}

function bodyProblems(
  { requestBody }: Described,
  place: readonly string[],
  headers: RequestHeaders,
  body: string,
): string[] {
  if (requestBody === undefined) return body === '' ? [] : ['it has a body']
  if (body === '') return requestBody.required === true ? ['it has no body'] : []
  const type = headers.get('content-type') ?? ''
  if (!(type in requestBody.content)) return [`its body is ${type}`]
  const pointer = ['paths', ...place, 'requestBody', 'content', type, 'schema']
  const escaped = pointer.map((part) =>
    encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
  )
  return problemsWith(`/${escaped.join('/')}`, JSON.parse(body))
}
