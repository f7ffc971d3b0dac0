import { CoffretError } from '../contract/errors'
import type { JsonObject } from '../contract/json'
import type { Mount, MountVersion, ServedVault } from '../kv/mount-table'
import type { SecretStore } from '../kv/secret-store'
import { vaultError, type ErrorReply } from '../wire/error-body'
import { vaultEnvelope } from '../wire/vault-envelope'
import { rightsAt, sees, type Caller } from './access'
import { done, toReply, type Answer } from './answer'
import type { ApiParts, DialectHandler } from './api'
import { whatOf, whoOf } from './audit-request'
import type { Arrival } from './arrival'
import { kv1Routes } from './kv1-routes'
import { invalidPath, kv2Routes } from './kv2-routes'
import { demandOf } from './demand'
import { matchPath, withMethod, type Match } from './match'
import type { ApiReply } from './message'
import { readSnapshotId, recoveryRoutes } from './recovery'
import { Refusal, refusalOf, reportFault } from './refusal'
import { BadInput, type Place, type Route } from './route'
import { vaultAddress, type Address } from './secret-address'
import { orUnknown } from './snapshot-routes'
import { systemRoutes } from './system-routes'
import { bodyOf, checkHeaders, hasBody, isWrite, verbOf, type Verb } from './vault-request'

/** Every route under `/v1`. */
interface Routes {
  readonly system: readonly Route<undefined>[]
  readonly mounts: Readonly<Record<MountVersion, readonly Route<Place>[]>>
}

const noFields: JsonObject = new Map()

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
  const recover = recoveryRoutes(parts.vault.snapshots)
  const routes: Routes = {
    system: systemRoutes(parts),
    mounts: { 1: [...kv1Routes, recover[1]], 2: [...kv2Routes, recover[2]] },
  }
  return async (arrival) => {
    try {
      return toVaultReply(arrival, await answerTo(arrival, parts, routes))
    } catch (error) {
      if (!(error instanceof BadInput)) reportFault(parts, arrival, error)
      const { status, body } = errorReply(error)
      return toReply(status, body, echoed(arrival))
    }
  }
}

async function answerTo(arrival: Arrival, parts: ApiParts, routes: Routes): Promise<Answer> {
  checkHeaders(arrival)
  const verb = verbOf(arrival)
  const body = takesBytes(arrival, verb, routes) ? noFields : await bodyOf(arrival, verb)
  const call = { arrival, verb, body, address: addressOf(arrival) }
  const matches = matchPath(routes.system, ['v1', ...call.address.segments], 'many')
  const open = withMethod(matches, verb)
  if (open?.route.operation.needs === 'nothing') return run(open, call, nobody, undefined)
  if (parts.vault.isLocked()) throw new CoffretError('locked', 'the vault is locked')
  if (isWrite(verb) && call.address.hasTrailingSlash) {
    throw new Refusal('bad_request', ["cannot write to a path ending in '/'"])
  }
  const caller = await parts.access.identify(arrival)
  if (caller === undefined) throw new Refusal('unauthenticated')
  arrival.ticket.describe({ who: whoOf(caller) })
  if (['sys', 'auth'].includes(call.address.segments[0] ?? '')) {
    return run(chosen(matches, call), call, caller, undefined)
  }
  return answerAtMount(call, caller, parts, routes)
}

function addressOf({ target }: Arrival): Address {
  return vaultAddress(target.rawSegments.slice(1))
}

/** Whether the body is left to the handler. A bad address is refused later, in its order. */
function takesBytes(arrival: Arrival, verb: Verb, { system }: Routes): boolean {
  if (!hasBody(verb)) return false
  let segments: readonly string[]
  try {
    segments = addressOf(arrival).segments
  } catch {
    return false
  }
  const matches = matchPath(system, ['v1', ...segments], 'many')
  return withMethod(matches, verb)?.route.operation.takesBytes ?? false
}

async function answerAtMount(
  call: VaultCall,
  caller: Caller,
  { vault }: ApiParts,
  routes: Routes,
): Promise<Answer> {
  const { segments } = call.address
  const mount = (await vault.mounts.list()).find(({ name }) => name === segments[0])
  // Who has rights in some places only learns nothing of what others there are. So does Vault.
  if (mount === undefined ? rightsAt(caller, {}).length === 0 : !sees(caller, mount.name)) {
    throw new CoffretError('forbidden', 'no right there')
  }
  if (mount === undefined) throw noRoute(call)
  const place = { mount, store: await storeFor(call, mount, vault) }
  const nothing = mount.version === 1 ? withoutSecret(call) : undefined
  if (nothing !== undefined) return nothing
  const matches = matchPath(routes.mounts[mount.version], ['v1', ...segments], 'many')
  if (mount.version === 2 && (matches.length === 0 || isNoEndpoint(call))) {
    return invalidPath(call.verb, segments.slice(1))
  }
  return run(chosen(matches, call), call, caller, place)
}

/** The store of a mount, as it was in a snapshot where a read asks for that. Ids are no secret. */
async function storeFor(
  { arrival, verb }: VaultCall,
  mount: Mount,
  vault: ServedVault,
): Promise<SecretStore> {
  const id = verb === 'GET' || verb === 'LIST' ? readSnapshotId(arrival) : undefined
  return id === undefined
    ? vault.storeOf(mount, arrival.ticket)
    : orUnknown(vault.snapshots.store(id, mount))
}

/**
 * What a request to a version 1 mount comes to where no secret can be: at the root, or behind a slash at
 * the end. Undefined where one can be. `DELETE a/` must not remove `a`. Source: kv-semantics 3.
 */
function withoutSecret({ verb, address }: VaultCall): Answer | undefined {
  const isRoot = address.segments.length === 1
  if (verb === 'LIST' || (!isRoot && !address.hasTrailingSlash)) return undefined
  if (isWrite(verb)) throw new CoffretError('invalid', 'missing path')
  if (verb === 'DELETE' && !isRoot) return done()
  throw new CoffretError('not_found', 'no secret can be here')
}

/**
 * Whether a request to a version 2 mount is for none of its endpoints although the path looks like one:
 * only lists may end in a slash, `metadata` alone can only be listed, and a list of `config` is one of a
 * folder of that name. Source: kv-semantics 2.
 */
function isNoEndpoint({ verb, address: { segments, hasTrailingSlash } }: VaultCall): boolean {
  const root = segments.length === 2 ? segments[1] : undefined
  return verb === 'LIST' ? root === 'config' : hasTrailingSlash || root === 'metadata'
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
  if (needs === 'nothing') arrival.ticket.discard()
  else arrival.ticket.describe({ what: whatOf(verb, route.operation), ...lineOf(where, path) })
  if (needs !== 'nothing' && needs !== 'credential') demand(needs, path)
  const input = {
    params,
    // A write has its fields in the body, everything else in the query. Source: Vault's HTTP layer.
    query: hasBody(verb) ? new Map() : arrival.target.query,
    headers: arrival.request.headers,
    body: hasBody(verb) ? body : undefined,
  }
  return route.answer(input, { arrival, caller, demand }, where)
}

/** Where a request goes, as its line says; that of the system keeps its address. */
function lineOf(where: Place | undefined, path = ''): { mount?: string; path?: string } {
  return where === undefined ? {} : { mount: where.mount.name, path }
}

/** Nobody: the caller where the operation is open to all. */
const nobody: Caller = {
  ...{ id: '', kind: 'program', name: '' },
  ...{ createdSeconds: 0, mayDo: () => false },
}

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
function toVaultReply(arrival: Arrival, answer: Answer): ApiReply {
  const { status, data, isWhole, leaseSeconds, warnings = [] } = answer
  const headers = { ...echoed(arrival), ...answer.headers }
  if (isWhole) return toReply(status, data, headers)
  if (data === undefined && warnings.length === 0) return toReply(status, undefined, headers)
  const body = vaultEnvelope(arrival.requestId, data ?? null, {
    warnings: [...warnings, ...fieldWarnings(answer.unknownFields ?? [])],
    ...(leaseSeconds === undefined ? {} : { leaseSeconds }),
    mountType: answer.mountType ?? (status === 404 ? '' : 'kv'),
  })
  return toReply(status === 204 ? 200 : status, body, headers)
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
