import { CoffretError } from '../contract/errors'
import { MountName } from '../contract/model'
import { centralError, okmsError, type ErrorReply, type RefusalReason } from '../wire/error-body'
import { readBooleanText } from '../wire/fields'
import { pagingHeaders } from '../wire/okms-paging'
import { toReply, type Answer } from './answer'
import type { ApiParts, DialectHandler } from './api'
import { whatOf, whoOf } from './audit-request'
import type { Arrival } from './arrival'
import { maxOkmsRequestBytes, parseOkmsBody, readBody } from './body'
import { demandOf } from './demand'
import { allowedMethods, matchPath, withMethod, type Match } from './match'
import type { ApiReply } from './message'
import { okmsFamilies, type OkmsFamily } from './okms-families'
import { Refusal, refusalOf, reportFault } from './refusal'
import { BadInput, type Place, type Route } from './route'

/** The OKMS addresses reach this mount and no other. */
const okmsMount = MountName.parse('secret')

interface Arrived {
  readonly family: OkmsFamily
  readonly okmsId: string
  /** What follows the prefix, still encoded. */
  readonly rawSegments: readonly string[]
}

/**
 * `/api/{okmsId}/v1`, `/api/{okmsId}/v2` and the central `/v2/okms/resource/{okmsId}`. Checks in the
 * order of okms-api L1: locked, credential, domain, route, right, headers and query, body, engine.
 */
export function okmsDialect(parts: ApiParts): DialectHandler {
  const families = okmsFamilies(parts)
  return async (arrival) => {
    const arrived = findFamily(families, arrival)
    try {
      return toOkmsReply(arrival, arrived, await answerTo(arrival, arrived, parts))
    } catch (error) {
      if (!(error instanceof BadInput)) reportFault(parts, arrival, error)
      const { status, body } = errorReply(arrival, arrived, error)
      const allow = error instanceof WrongMethod ? { Allow: error.allow } : {}
      return toReply(status, body, allow)
    }
  }
}

/** The only refusal with a header of its own. */
class WrongMethod extends Refusal {
  constructor(readonly allow: string) {
    super('wrong_method')
  }
}

function findFamily(families: readonly OkmsFamily[], { target }: Arrival): Arrived | undefined {
  for (const family of families) {
    const { prefix } = family
    const fits = prefix.every((part, at) => part === '{okmsId}' || part === target.rawSegments[at])
    if (!fits || target.rawSegments.length <= prefix.length) continue
    const okmsId = target.rawSegments[prefix.indexOf('{okmsId}')] ?? ''
    return { family, okmsId, rawSegments: target.rawSegments.slice(prefix.length) }
  }
  return undefined
}

async function answerTo(
  arrival: Arrival,
  arrived: Arrived | undefined,
  parts: ApiParts,
): Promise<Answer> {
  const { vault, access } = parts
  if (vault.isLocked()) throw new CoffretError('locked', 'the vault is locked')
  const caller = await access.identify(arrival)
  if (caller === undefined) throw new Refusal('unauthenticated')
  arrival.ticket.describe({ who: whoOf(caller) })
  if (arrived === undefined) throw new Refusal('no_route')
  if (arrived.okmsId.toLowerCase() !== vault.id) throw new Refusal('wrong_domain')
  const { route, params } = findRoute(arrival, arrived)
  const mount = (await vault.mounts.list()).find(({ name }) => name === okmsMount)
  if (mount?.version !== 2) throw new Refusal('no_route')
  const demand = demandOf(caller, okmsMount)
  arrival.ticket.describe(lineOf(arrival, route.operation, params))
  const { needs } = route.operation
  // A listing is never refused: it holds what the caller may see. Source: okms-api L42.
  if (needs !== 'list' && needs !== 'nothing' && needs !== 'credential') {
    demand(needs, params['path'])
  }
  const { request } = arrival
  const { query } = arrival.target
  const body =
    route.operation.body === undefined
      ? undefined
      : parseOkmsBody(await readBody(request, maxOkmsRequestBytes))
  const input = { params, query, headers: request.headers, body }
  return route.answer(
    input,
    { arrival, caller, demand },
    { mount, store: vault.storeOf(mount, arrival.ticket) },
  )
}

/** A listing is one of a folder. The path of some is in the body or the query: it is left out. */
function lineOf(
  { method }: Arrival,
  operation: Route<Place>['operation'],
  { path = '' }: Readonly<Record<string, string>>,
) {
  return { what: whatOf(method, operation), mount: okmsMount, path }
}

function findRoute(arrival: Arrival, { family, rawSegments }: Arrived): Match<Route<Place>> {
  const { segments, hasTrailingSlash } = family.addressOf(rawSegments)
  const all = [...arrival.target.rawSegments.slice(0, family.prefix.length), ...segments]
  const matches = matchPath(family.routes, all, 'one')
  if (matches.length === 0) throw new Refusal('no_route')
  const found = withMethod(matches, verbOf(arrival, matches))
  if (found === undefined) throw new WrongMethod(allowedMethods(matches))
  if (hasTrailingSlash && !mayEndInSlash(found.route)) {
    throw new CoffretError('invalid', 'path ends in a slash')
  }
  return found
}

/** Source: okms-api L16; a guide prints the slash where a secret is created. */
function mayEndInSlash({ operation }: Route<Place>): boolean {
  return operation.headers === pagingHeaders || !operation.path.includes('{path}')
}

/** HEAD is GET without body; `GET ?list=true` is LIST where the address has one. */
function verbOf({ method, target }: Arrival, matches: readonly Match<Route<Place>>[]): string {
  const verb = method === 'HEAD' ? 'GET' : method
  if (verb !== 'GET' || withMethod(matches, 'LIST') === undefined) return verb
  const isList = readBooleanText(target.query.get('list')?.[0] ?? '')
  if (isList === undefined) throw new Refusal('bad_request', ['list: a boolean is expected'])
  // The root has nothing to read: there the flag may be left out.
  return isList || withMethod(matches, 'GET') === undefined ? 'LIST' : 'GET'
}

function errorReply(arrival: Arrival, arrived: Arrived | undefined, error: unknown): ErrorReply {
  const { reason, messages } = error instanceof BadInput ? inputRefusal(error) : refusalOf(error)
  return arrived?.family.error === 'central'
    ? centralError(reason, messages)
    : okmsError(reason, messages, arrival.requestId)
}

/** A wrong form is a bad request, a right form with a wrong content breaks a rule. Source: okms-api 3.4. */
function inputRefusal({ problems }: BadInput): {
  reason: RefusalReason
  messages: readonly string[]
} {
  const isForm = problems.some(({ part, kind }) => part !== 'params' && kind === 'form')
  return {
    reason: isForm ? 'bad_request' : 'invalid',
    messages: problems.map(({ field, message }) => (field ? `${field}: ${message}` : message)),
  }
}

function toOkmsReply(arrival: Arrival, arrived: Arrived | undefined, answer: Answer): ApiReply {
  const { status, data, isWhole, headers } = answer
  if (data === undefined || isWhole || arrived === undefined) {
    return toReply(status, data, headers)
  }
  return toReply(status, arrived.family.wrap(answer, arrival.requestId), headers)
}
