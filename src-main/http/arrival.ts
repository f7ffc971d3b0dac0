import type { RandomBytes } from '../env'
import type { AuditTicket } from '../kv/audit-log'
import type { ApiRequest } from './message'
import { parseTarget, type RequestTarget } from './request-target'

/** What a listener knows of a request that its message does not carry. */
export interface RequestContext {
  /**
   * The request target as it stood in the request line: in an address that went through `URL`, `..` is
   * already folded.
   */
  readonly rawTarget: string
  /** The client certificate, DER, already checked against the CA by the listener. */
  readonly peerCertificate?: Uint8Array
  /** `127.0.0.1`, `::1` or `unix`. */
  readonly peerAddress?: string
  /** The user id of the program at the other end, as the system knows it; absent where it does not tell. */
  readonly peerUser?: number
  /** The process of that program, once it was found; only for the audit log. */
  readonly peerProcess?: number
}

/** A request on its way through the API. */
export interface Arrival {
  readonly request: ApiRequest
  /** As sent, `LIST` and `RECOVER` included. */
  readonly method: string
  readonly target: RequestTarget
  /** A UUID; it is in the answer, in an error, and in the audit line. */
  readonly requestId: string
  readonly context: RequestContext
  /** The line that the request leaves in the audit log. */
  readonly ticket: AuditTicket
}

/** @throws Refusal `bad_request` when the target is none */
export function arrivalOf(
  request: ApiRequest,
  context: RequestContext,
  requestId: string,
  ticket: AuditTicket,
): Arrival {
  const target = parseTarget(context.rawTarget)
  return { request, method: request.method, target, requestId, context, ticket }
}

/** A random UUID. Source: RFC 9562 §5.4. */
export function newRequestId(random: RandomBytes): string {
  const bytes = random(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
  const [time, version] = [hex.slice(0, 8), hex.slice(12, 16)]
  return `${time}-${hex.slice(8, 12)}-${version}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
