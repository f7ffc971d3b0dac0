import type { Clock, RandomBytes } from '../env'
import type { ServerIdentity } from '../stores/local-access'
import type { VaultToServe } from '../stores/served-vault'
import { createApi, type Api, type ApiParts } from './api'
import { createCredentialAccess } from './credential-access'
import { openTicket } from './audit-request'
import type { ConnectionFacts } from './connections'
import type { Answerer } from './listener'
import { createRequestGuard, type RequestGuard } from './request-guard'
import { LocalListener, type ServeParts } from './serve'

/** What the listener of a vault stands on. */
export interface VaultListenerParts
  extends
    Pick<ApiParts, 'version' | 'readSwaggerFile' | 'onFault'>,
    Pick<ServeParts, 'limits' | 'drainMs' | 'procfs' | 'peerUsers'> {
  /** Asked with each request: a vault whose file was replaced is another object. It never throws. */
  readonly vault: () => VaultToServe
  /** @throws CoffretError `locked` when the vault must be unlocked for it */
  readonly identity: () => Promise<ServerIdentity>
  readonly clock: Clock
  readonly random: RandomBytes
}

/** What the line says of bytes that were no request: too long a head, too slow a one, or none at all. */
export const noRequest = 'http.no-request'

/** The listener that serves a vault to whoever has a credential of it. */
export function createVaultListener(parts: VaultListenerParts): LocalListener {
  const answererAt = (port: number) => createVaultAnswerer(parts, createRequestGuard(port))
  // Locked, a vault keeps no log. How many lines strangers get in a minute, the log knows.
  const onNoRequest = (facts: ConnectionFacts) =>
    openTicket(parts.vault().vault, noRequest, '', { rawTarget: '', ...facts }).end(400)
  return new LocalListener({ ...parts, answererAt, onNoRequest })
}

/**
 * What answers for a vault, to whoever has a credential of it.
 * @param guard keeps pages of others out; without it only a page of our own may reach what answers
 */
export function createVaultAnswerer(
  parts: Omit<VaultListenerParts, 'identity'>,
  guard?: RequestGuard,
): Answerer {
  const apis = new WeakMap<VaultToServe, Api>()
  return (request, context) => {
    const current = parts.vault()
    const api = apis.get(current) ?? createApi(apiParts(parts, current, guard))
    apis.set(current, api)
    return api.answer(request, context)
  }
}

function apiParts(
  parts: Omit<VaultListenerParts, 'identity'>,
  { vault, book }: VaultToServe,
  guard: RequestGuard | undefined,
): ApiParts {
  const { clock, random, version, readSwaggerFile, onFault } = parts
  return {
    ...{ vault, clock, random, version },
    access: createCredentialAccess({ book, clock, wait }),
    ...(guard === undefined ? {} : { guard }),
    ...(readSwaggerFile === undefined ? {} : { readSwaggerFile }),
    ...(onFault === undefined ? {} : { onFault }),
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
