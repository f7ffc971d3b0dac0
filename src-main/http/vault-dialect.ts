import { CoffretError } from '../contract/errors'
import type { JsonObject } from '../contract/json'
import { vaultError, type ErrorReply } from '../wire/error-body'
import { readBooleanText } from '../wire/fields'
import { vaultEnvelope } from '../wire/vault-envelope'
import type { Caller } from './access'
import { toResponse, type Answer } from './answer'
import type { ApiParts, DialectHandler } from './api'
import type { Arrival } from './arrival'
import { maxVaultRequestBytes, mediaType, parseVaultBody, readBody } from './body'
import { kv1Routes } from './kv1-routes'
import { invalidPath, kv2Routes } from './kv2-routes'
import { demandOf } from './demand'
import { matchPath, withMethod, type Match } from './match'
import { Refusal, refusalOf, reportFault } from './refusal'
import { BadInput, type Place, type Route } from './route'
import { vaultAddress, type Address } from './secret-address'
import { systemRoutes } from './system-routes'

const verbs = ['GET', 'LIST', 'POST', 'PUT', 'PATCH', 'DELETE', 'RECOVER'] as const
type Verb = (typeof verbs)[number]

/** A request once method, body and address are read. */
interface VaultCall {
  readonly arrival: Arrival
  readonly verb: Verb
  /** Empty for methods whose body is ignored. */
  readonly body: JsonObject
  readonly address: Address
}

/**
 * `/v1`: the mounts and the system, as Vault and OpenBao serve them. Checks in the order of
 * kv-semantics 1.6: method, form of the body, relative path, sealed, trailing slash, token, mount,
 * right, fields, engine.
 */
export function vaultDialect(parts: ApiParts): DialectHandler {
  const system = systemRoutes(parts)
  return async (arrival) => {
    try {
      return toVaultResponse(arrival, await answerTo(arrival, parts, system))
    } catch (error) {
      if (!(error instanceof BadInput)) reportFault(parts, arrival, error)
      const { status, body } = errorReply(error)
      return toResponse(status, body, echoed(arrival))
    }
  }
}

async function answerTo(
  arrival: Arrival,
  parts: ApiParts,
  system: readonly Route<undefined>[],
): Promise<Answer> {
  checkHeaders(arrival)
  const verb = verbOf(arrival)
  const body = await bodyOf(arrival, verb)
  const call = { arrival, verb, body, address: vaultAddress(arrival.target.rawSegments.slice(1)) }
  const matches = matchPath(system, ['v1', ...call.address.segments], 'many')
  const open = withMethod(matches, verb)
  if (open?.route.operation.needs === 'nothing') return run(open, call, nobody, undefined)
  if (parts.vault.isLocked()) throw new CoffretError('locked', 'the vault is locked')
  if (isWrite(verb) && call.address.hasTrailingSlash) {
    throw new Refusal('bad_request', ["cannot write to a path ending in '/'"])
  }
  const caller = await parts.access.identify(arrival)
  if (caller === undefined) throw new Refusal('unauthenticated')
  if (['sys', 'auth'].includes(call.address.segments[0] ?? '')) {
    return run(chosen(matches, call), call, caller, undefined)
  }
  return answerAtMount(call, caller, parts)
}

async function answerAtMount(call: VaultCall, caller: Caller, parts: ApiParts): Promise<Answer> {
  const { segments } = call.address
  const mount = (await parts.vault.mounts.list()).find(({ name }) => name === segments[0])
  if (mount === undefined) throw noRoute(call)
  const place = { mount, store: parts.vault.storeOf(mount) }
  if (mount.version === 1 && segments.length === 1 && call.verb !== 'LIST') noSecretAt(call.verb)
  const routes = mount.version === 2 ? kv2Routes : kv1Routes
  const matches = matchPath<Route<Place>>(routes, ['v1', ...segments], 'many')
  // On version 2 a slash at the end makes it no path of data; only lists may have one.
  const isLost = mount.version === 2 && call.verb !== 'LIST' && call.address.hasTrailingSlash
  if (mount.version === 2 && (matches.length === 0 || isLost)) {
    return invalidPath(call.verb, segments.slice(1))
  }
  return run(chosen(matches, call), call, caller, place)
}

/** The root of a version 1 mount holds names and is no secret. Source: kv-semantics 3. */
function noSecretAt(verb: Verb): never {
  if (isWrite(verb)) throw new CoffretError('invalid', 'missing path')
  throw new CoffretError('not_found', 'the root is no secret')
}

function chosen<W>(matches: readonly Match<Route<W>>[], call: VaultCall): Match<Route<W>> {
  if (matches.length === 0) throw noRoute(call)
  const found = withMethod(matches, call.verb)
  if (found === undefined) throw new CoffretError('unsupported', 'unsupported operation')
  return found
}

function noRoute({ address }: VaultCall): Refusal {
  const route = address.segments.join('/')
  return new Refusal('no_route', [`no handler for route "${route}". route entry not found.`])
}

async function run<W extends Place | undefined>(
  { route, params }: Match<Route<W>>,
  { arrival, verb, body }: VaultCall,
  caller: Caller,
  where: W,
): Promise<Answer> {
  const { needs } = route.operation
  const demand = demandOf(caller, where?.mount.name)
  const path = verb === 'LIST' ? `${params['path'] ?? ''}/` : params['path']
  if (needs !== 'nothing' && needs !== 'credential') demand(needs, path)
  const input = {
    params,
    // A write has its fields in the body, everything else in the query. Source: Vault's HTTP layer.
    query: isWrite(verb) ? new Map() : arrival.target.query,
    headers: arrival.request.headers,
    body: isWrite(verb) ? body : undefined,
  }
  return route.answer(input, { arrival, caller, demand }, where)
}

/** Source: kv-semantics 1.1. */
function verbOf({ method, target }: Arrival): Verb {
  // Load balancers ask for health so; no other address has a HEAD.
  const sent = method === 'HEAD' && target.rawPath === '/v1/sys/health' ? 'GET' : method
  const verb = verbs.find((one) => one === sent)
  if (verb === undefined) throw new Refusal('wrong_method')
  if (verb !== 'GET') return verb
  const [list = ''] = target.query.get('list') ?? []
  const isList = readBooleanText(list)
  if (isList === undefined) throw new Refusal('bad_request')
  return isList ? 'LIST' : 'GET'
}

function isWrite(verb: Verb): boolean {
  return verb === 'POST' || verb === 'PUT' || verb === 'PATCH'
}

async function bodyOf({ request }: Arrival, verb: Verb): Promise<JsonObject> {
  if (!isWrite(verb)) return new Map()
  const contentType = request.headers.get('content-type')
  if (verb === 'PATCH') checkPatchType(contentType)
  return parseVaultBody(await readBody(request, maxVaultRequestBytes), contentType)
}

const patchType = 'application/merge-patch+json'

function checkPatchType(contentType: string | null): void {
  const type = mediaType(contentType)
  if (type === undefined) throw new Refusal('bad_request', ['mime: no media type'])
  if (type === patchType) return
  const problem = `PATCH requires Content-Type of ${patchType}, provided ${type}`
  throw new Refusal('media_type', [problem])
}

function checkHeaders({ request }: Arrival): void {
  // To wrap is to hide the secret; where that cannot be done, the plain secret is no answer.
  if (request.headers.get('x-vault-wrap-ttl')) {
    throw new Refusal('bad_request', ['response wrapping is not supported'])
  }
  // A write with this header means "take it from the snapshot": to write its body would be wrong.
  if (request.headers.get('x-vault-recover-snapshot-id')) {
    throw new Refusal('bad_request', ['no snapshot in request: snapshots are not supported'])
  }
  const namespace = request.headers.get('x-vault-namespace') ?? ''
  if (!['', '/', 'root', 'root/'].includes(namespace)) {
    throw new Refusal('no_route', ['no such namespace'])
  }
}

/** Nobody: the caller where the operation is open to all. */
const nobody: Caller = { name: '', createdSeconds: 0, mayDo: () => false }

function errorReply(error: unknown): ErrorReply {
  if (error instanceof BadInput) {
    const texts = error.problems.map(
      ({ field, message }) => `error converting input for field "${field}": ${message}`,
    )
    return vaultError('bad_request', texts)
  }
  const { reason, messages } = refusalOf(error)
  return vaultError(reason, messages)
}

/** A 204 with something to say becomes a 200; unknown fields are told only where there is a body. */
function toVaultResponse(arrival: Arrival, answer: Answer): Response {
  const { status, data, isWhole, leaseSeconds, warnings = [] } = answer
  const headers = { ...echoed(arrival), ...answer.headers }
  if (isWhole) return toResponse(status, data, headers)
  if (data === undefined && warnings.length === 0) return toResponse(status, undefined, headers)
  const body = vaultEnvelope(arrival.requestId, data ?? null, {
    warnings: [...warnings, ...fieldWarnings(answer.unknownFields ?? [])],
    ...(leaseSeconds === undefined ? {} : { leaseSeconds }),
    mountType: answer.mountType ?? (status === 404 ? '' : 'kv'),
  })
  return toResponse(status === 204 ? 200 : status, body, headers)
}

/** Source: kv-semantics 1.3. */
function fieldWarnings(unknown: readonly string[]): readonly string[] {
  const ignored = unknown.filter((name) => name !== 'path')
  const warnings: string[] = []
  if (ignored.length > 0) {
    warnings.push(`Endpoint ignored these unrecognized parameters: [${ignored.join(' ')}]`)
  }
  if (unknown.includes('path')) {
    warnings.push(
      'Endpoint replaced the value of these parameters with the values captured from the ' +
        "endpoint's path: [path]",
    )
  }
  return warnings
}

function echoed({ request }: Arrival): Record<string, string> {
  const namespace = request.headers.get('x-vault-namespace')
  return namespace === null ? {} : { 'X-Vault-Namespace': namespace }
}
