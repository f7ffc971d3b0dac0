import { Hono } from 'hono'
import { LinearRouter } from 'hono/router/linear-router'
import type { Clock, RandomBytes } from '../env'
import type { ServedVault } from '../kv/mount-table'
import { vaultError } from '../wire/error-body'
import type { Access } from './access'
import { toResponse } from './answer'
import { arrivalOf, newRequestId, type Arrival, type RequestContext } from './arrival'
import { openTicket } from './audit-request'
import { createDocumentation, type DocumentationParts } from './documentation'
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

/** The API as a function: it needs no socket. */
export interface Api {
  fetch(request: Request, context?: RequestContext): Promise<Response>
}

/** Answers for one family of addresses. It never throws. */
export type DialectHandler = (arrival: Arrival) => Promise<Response>

interface Bindings {
  readonly arrival: Arrival
}

/** The API of one vault, in all its dialects. */
export function createApi(parts: ApiParts): Api {
  const app = new Hono<{ Bindings: Bindings }>({
    router: new LinearRouter(),
    // hono would take the path from the URL, where `..` is already folded.
    getPath: (_request, options) => (options?.env as Bindings).arrival.target.rawPath,
  })
  const vault = vaultDialect(parts)
  const okms = okmsDialect(parts)
  app.all('/v1/*', ({ env }) => vault(env.arrival))
  app.all('/api/*', ({ env }) => okms(env.arrival))
  app.all('/v2/*', ({ env }) => okms(env.arrival))
  const documentation = createDocumentation(parts)
  app.use(async ({ env: { arrival } }, next) => {
    const found = documentation(arrival.method, arrival.target.rawPath)
    if (found === undefined) await next()
    // Open to all, and nothing of the vault.
    else arrival.ticket.discard()
    return found
  })
  app.notFound(() => errorResponse(vaultError('no_route', [])))
  app.onError(() => errorResponse(vaultError('internal', [])))
  return {
    async fetch(request, context = {}) {
      const { method, headers } = request
      const rawTarget = context.rawTarget ?? request.url
      const ticket = openTicket(parts.vault, method, rawTarget, context)
      const answered = (response: Response) => {
        ticket.end(response.status)
        return response
      }
      const refused = parts.guard?.({ method, rawTarget, headers }, context)
      if (refused !== undefined) return answered(refused)
      let arrival: Arrival
      try {
        arrival = arrivalOf(request, context, newRequestId(parts.random), ticket)
      } catch (error) {
        const { reason, messages } = refusalOf(error)
        return answered(errorResponse(vaultError(reason, messages)))
      }
      return answered(await app.fetch(request, { arrival }))
    },
  }
}

function errorResponse({ status, body }: { status: number; body?: unknown }): Response {
  return toResponse(status, body)
}
