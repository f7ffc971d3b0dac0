import type { JsonObject } from '../contract/json'
import { readBooleanText } from '../wire/fields'
import type { Arrival } from './arrival'
import { maxVaultRequestBytes, mediaType, parseVaultBody, readBody } from './body'
import { asksForRecovery } from './recovery'
import { Refusal } from './refusal'

const verbs = ['GET', 'LIST', 'POST', 'PUT', 'PATCH', 'DELETE', 'RECOVER'] as const

/** What a request under `/v1` does, however it was sent. */
export type Verb = (typeof verbs)[number]

/** @throws Refusal for headers that ask for what this server cannot do */
export function checkHeaders({ request }: Arrival): void {
  // To wrap is to hide the secret; where that cannot be done, the plain secret is no answer.
  if (request.headers.get('x-vault-wrap-ttl')) {
    throw new Refusal('bad_request', ['response wrapping is not supported'])
  }
  const namespace = request.headers.get('x-vault-namespace') ?? ''
  if (!['', '/', 'root', 'root/'].includes(namespace)) {
    throw new Refusal('no_route', ['namespace not found'])
  }
}

/**
 * `GET` with `list=true` is `LIST`; a write that names a snapshot is `RECOVER`: to write its body would be
 * wrong. Source: kv-semantics 1.1 and 4.
 * @throws Refusal `wrong_method`, `bad_request`
 */
export function verbOf(arrival: Arrival): Verb {
  const { method, target } = arrival
  // Load balancers ask for health so; no other address has a HEAD.
  const sent = method === 'HEAD' && target.rawPath === '/v1/sys/health' ? 'GET' : method
  const verb = verbs.find((one) => one === sent)
  if (verb === undefined) throw new Refusal('wrong_method')
  if (asksForRecovery(arrival)) {
    if (['POST', 'PUT', 'RECOVER'].includes(verb)) return 'RECOVER'
    throw new Refusal('bad_request', ['a recovery is sent as RECOVER, POST or PUT'])
  }
  if (verb !== 'GET') return verb
  const [list = ''] = target.query.get('list') ?? []
  const isList = readBooleanText(list)
  if (isList === undefined) throw new Refusal('bad_request')
  return isList ? 'LIST' : 'GET'
}

/** Whether the fields of a request are in its body; the others have them in the query. */
export function hasBody(verb: Verb): boolean {
  return verb === 'POST' || verb === 'PUT' || verb === 'PATCH'
}

/** Whether a request writes at its path. */
export function isWrite(verb: Verb): boolean {
  return hasBody(verb) || verb === 'RECOVER'
}

/** The fields of a body; a body that has no meaning is not read. @throws Refusal */
export async function bodyOf({ request }: Arrival, verb: Verb): Promise<JsonObject> {
  if (!hasBody(verb)) return new Map()
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
