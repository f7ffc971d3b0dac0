import { render } from '../wire/json-shape'
import type { ApiReply } from './message'

/** What a handler answers, before its dialect wraps it. */
export interface Answer {
  readonly status: number
  /** What the dialect's wrapper holds; with `isWhole` the body itself. Absent: no body, or an empty wrapper. */
  readonly data?: unknown
  /** The body is `data` as it is, without a wrapper and without warnings. */
  readonly isWhole?: boolean
  readonly warnings?: readonly string[]
  /** `lease_duration` in seconds, KV version 1 only. */
  readonly leaseSeconds?: number
  /** `mount_type` of the Vault wrapper; `kv` unless told. */
  readonly mountType?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Added by `mount`: what was sent and means nothing. */
  readonly unknownFields?: readonly string[]
}

/** Done, with something to say. */
export function ok(data: unknown, more: Partial<Answer> = {}): Answer {
  return { status: 200, data, ...more }
}

/** Nothing there, and nothing to say: the body is empty. */
export const emptyNotFound: Answer = { status: 404 }

/** Done, with nothing to say unless there are warnings. */
export function done(warnings: readonly string[] = []): Answer {
  return { status: 204, warnings }
}

/**
 * The answer as it leaves. The type is exact, without charset: clients compare it for equality before
 * they parse an error. Nothing may be cached. Source: kv-semantics 1.5.
 * @param body undefined for none
 */
export function toReply(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ApiReply {
  const fixed = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  const head = { status, headers: { ...fixed, ...headers } }
  return body === undefined || isBodiless(status) ? head : { ...head, body: render(body) }
}

/** These have no body in HTTP. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304
}
