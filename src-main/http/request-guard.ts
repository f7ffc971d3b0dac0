import type { RequestContext } from './arrival'
import { toReply } from './answer'
import type { ApiReply, RequestHeaders } from './message'

/** What is looked at before anything else of a request is. */
export interface GuardedRequest {
  readonly method: string
  /** As it stood in the request line. */
  readonly rawTarget: string
  readonly headers: RequestHeaders
}

/** Where a request came in. */
export type Entrance =
  | { readonly kind: 'tls'; readonly port: number }
  /** Its folder keeps other users away, and no browser reaches it. */
  | { readonly kind: 'socket' }

/** Why a request is not looked at any further. */
export interface GuardRefusal {
  /** 421 for a host that we are not, 403 for a request of a page. */
  readonly status: 403 | 421
  /** What happened, and what to do. It repeats nothing of the request. */
  readonly message: string
}

/** What an API asks first; undefined lets the request in. */
export type RequestGuard = (
  request: GuardedRequest,
  context: RequestContext,
) => ApiReply | undefined

/**
 * Keeps requests out that were not meant for us, or that a page of another site made a browser send,
 * whatever credential they carry.
 * @param port of the TLS listener; `context.peerAddress` tells which requests came by the Unix socket
 */
export function createRequestGuard(port: number): RequestGuard {
  return (request, { peerAddress }) => {
    const entrance: Entrance = peerAddress === 'unix' ? { kind: 'socket' } : { kind: 'tls', port }
    const refusal = checkRequest(request, entrance)
    if (refusal === undefined) return undefined
    // The form of Vault: every client shows it, also one that expects another.
    return toReply(refusal.status, { errors: [refusal.message] })
  }
}

/**
 * The rules, for one request. Source: design.md (Access); DNS rebinding needs the check of the host, since
 * a browser sends no `Origin` with a GET to what it takes for the same origin.
 */
export function checkRequest(
  request: GuardedRequest,
  entrance: Entrance,
): GuardRefusal | undefined {
  const host = hostOf(request, entrance)
  if (host === undefined) return foreignHost(entrance)
  const origin = entrance.kind === 'tls' ? `https://${host}` : undefined
  return pageProblem(request, origin)
}

/** The names of the listener, with its port. Browsers leave 443 out. */
function ownHosts(port: number): readonly string[] {
  let hosts = hostsByPort.get(port)
  if (hosts === undefined) {
    const names = ['127.0.0.1', 'localhost', '[::1]']
    hosts = names.flatMap((name) => [`${name}:${port}`, ...(port === 443 ? [name] : [])])
    hostsByPort.set(port, hosts)
  }
  return hosts
}
const hostsByPort = new Map<number, readonly string[]>()

/**
 * What clients of a Unix socket call it: curl takes the name from the address that it is given, Vault's
 * clients and Node say `localhost`, older Go clients the path, and Python's the path with escapes.
 */
const socketHost = /^(|(localhost|unix|127\.0\.0\.1|\[::1\])(:\d{1,5})?|(\/|%2f)[^\s,@]*)$/

/** The host of a request, in lower case; undefined when it is not ours, is missing or is not one. */
function hostOf({ rawTarget, headers }: GuardedRequest, entrance: Entrance): string | undefined {
  const named = headers.get('host')?.toLowerCase()
  // Two of them are joined, and so never one of ours.
  if (named === undefined || !isOwn(named, entrance)) return undefined
  if (rawTarget.startsWith('/') || rawTarget === '*') return named
  const absolute = /^(https?):\/\/([^/?#]*)/i.exec(rawTarget)
  if (absolute === null) return undefined
  const [, scheme = '', authority = ''] = absolute
  const isScheme = scheme.toLowerCase() === (entrance.kind === 'tls' ? 'https' : 'http')
  // It would replace the header (RFC 9112 §3.2.2): both must say the same.
  return isScheme && authority.toLowerCase() === named ? named : undefined
}

function isOwn(host: string, entrance: Entrance): boolean {
  return entrance.kind === 'tls' ? ownHosts(entrance.port).includes(host) : socketHost.test(host)
}

function foreignHost(entrance: Entrance): GuardRefusal {
  const names = entrance.kind === 'tls' ? ownHosts(entrance.port).join(', ') : 'localhost'
  return {
    status: 421,
    message: `this is the local API of Coffret: address it by one of ${names}`,
  }
}

const ask =
  'the local API of Coffret answers programs and its own documentation page, not pages of other ' +
  'sites: call it from a program, or from /docs/try/ at this address'

/**
 * What a page of another site, or of another port, cannot leave out.
 * @param origin our own, as the request addressed it; undefined where no page can be
 */
function pageProblem(
  { method, headers }: GuardedRequest,
  origin: string | undefined,
): GuardRefusal | undefined {
  const isPreflight = method === 'OPTIONS' && preflight.some((name) => headers.has(name))
  const from = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  const referrer = headers.get('referer')
  const isForeign =
    isPreflight ||
    (from !== null && from.toLowerCase() !== origin) ||
    (site !== null && site !== 'none' && (site !== 'same-origin' || origin === undefined)) ||
    (referrer !== null && !isBelow(referrer.toLowerCase(), origin))
  return isForeign ? { status: 403, message: ask } : undefined
}

/** A request of the same origin is never preceded by one that asks. */
const preflight = [
  'access-control-request-method',
  'access-control-request-headers',
  'access-control-request-private-network',
  'access-control-request-local-network',
]

function isBelow(address: string, origin: string | undefined): boolean {
  return origin !== undefined && (address === origin || address.startsWith(`${origin}/`))
}
