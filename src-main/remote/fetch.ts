import { setMaxListeners } from 'node:events'
import type { RequestText } from '../wire/request-text'

/** What a server answered. */
export interface RemoteReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Empty when there is none. */
  readonly body: string
}

/** What a request may cost, and what ends it. */
export interface FetchOptions {
  /** A longer reply is `too_much`; bytes. */
  readonly maxReplyBytes?: number
  /** Aborts with `cancelled`. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Carries one request to a server and its reply back: TLS, credentials, deadlines and repeating are its
 * own affair. The target goes into the request line as it is, untouched by `URL`, which folds `..`.
 * @throws CoffretError when there is no reply
 */
export type Fetch = (request: RequestText, options?: FetchOptions) => Promise<RemoteReply>

/** A way to the same server that a signal ends: of one listing, or of all work. */
export function endedBy(signal: AbortSignal, fetch: Fetch): Fetch {
  // Node warns of many listeners; here each request under way is one.
  setMaxListeners(0, signal)
  return (request, options) => fetch(request, { ...options, signal })
}

/** Runs work once a time has passed. @returns what prevents it */
export type After = (milliseconds: number, work: () => void) => () => void
