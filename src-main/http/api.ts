import type { Clock, RandomBytes } from '../env'
import type { ServedVault } from '../kv/mount-table'
import { vaultError, type RefusalReason } from '../wire/error-body'
import type { Access } from './access'
import { toReply } from './answer'
import { arrivalOf, newRequestId, type Arrival, type RequestContext } from './arrival'
import { openTicket } from './audit-request'
import { createDocumentation, type DocumentationParts } from './documentation'
import { fromFetch, toFetch, type ApiReply, type ApiRequest } from './message'
import { okmsDialect } from './okms-dialect'
import { refusalOf } from './refusal'
import type { RequestGuard } from './request-guard'
import { vaultDialect } from './vault-dialect'

/** What the API is made of. */
export interface ApiParts extends DocumentationParts {
  readonly vault: ServedVault
  readonly access: Access
  /** Asked before anything else; left out by callers within the program, which no page can be. */
  readonly guard?: RequestGuard
  readonly clock: Clock
  readonly random: RandomBytes
  /** Hears of every failure that is ours or the disk's; the caller is told no more than its kind. */
  readonly onFault?: (error: unknown, requestId: string) => void
}

/** The API as a function: it needs no socket. It never throws. */
export interface Api {
  answer(request: ApiRequest, context: RequestContext): Promise<ApiReply>
  /** The same for callers within the program. Without a raw target the address is that of the request. */
  fetch(request: Request, context?: Partial<RequestContext>): Promise<Response>
}

/** Answers for one family of addresses. It never throws. */
export type DialectHandler = (arrival: Arrival) => Promise<ApiReply>

/** The API of one vault, in all its dialects. */
export function createApi(parts: ApiParts): Api {
  const okms = okmsDialect(parts)
  const dialects = new Map([
    ['v1', vaultDialect(parts)],
    ['api', okms],
    ['v2', okms],
  ])
  const documentation = createDocumentation(parts)

  /** Whatever the guard let in. */
  const answerTo = async (arrival: Arrival): Promise<ApiReply> => {
    const { rawPath, rawSegments } = arrival.target
    const dialect = dialects.get(rawSegments[0] ?? '')
    if (dialect !== undefined) return dialect(arrival)
    const page = documentation(arrival.method, rawPath)
    if (page === undefined) return errorReply('no_route')
    // Open to all, and nothing of the vault.
    arrival.ticket.discard()
    return page
  }

  const answer: Api['answer'] = async (request, context) => {
    const { method, headers } = request
    const { rawTarget } = context
    const ticket = openTicket(parts.vault, method, rawTarget, context)
    let reply = parts.guard?.({ method, rawTarget, headers }, context)
    try {
      reply ??= await answerTo(arrivalOf(request, context, newRequestId(parts.random), ticket))
    } catch (error) {
      const { reason, messages } = refusalOf(error)
      reply = errorReply(reason, messages)
    }
    ticket.end(reply.status)
    // HEAD is GET without a body.
    return method === 'HEAD' ? { status: reply.status, headers: reply.headers } : reply
  }

  return {
    answer,
    async fetch(request, context) {
      const rawTarget = request.url.replace(/#.*$/, '')
      return toFetch(await answer(fromFetch(request), { rawTarget, ...context }))
    },
  }
}

function errorReply(reason: RefusalReason, messages: readonly string[] = []): ApiReply {
  const { status, body } = vaultError(reason, messages)
  return toReply(status, body)
}
