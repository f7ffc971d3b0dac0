import { CoffretError, type FailureCode } from './errors'
import type { Right } from './access'

/**
 * Why a server, or the way to it, says no. The list is closed: the window has words and an action for
 * each. The code of the failure says what it means for the program.
 */
export const remoteReasons = [
  /** This computer has no network. */
  'offline',
  /** No computer has the name of the address. */
  'no_such_host',
  /** The computer is there, and nothing listens at the port. */
  'refused',
  /** The other end speaks no TLS. */
  'no_tls',
  /** The proxy of the profile is not there, or does not let through. */
  'proxy',
  /** A deadline passed: before the connection was there, or after it. */
  'slow_connect',
  'slow',
  /** The connection broke before the reply was complete. */
  'no_reply',
  /** The server's certificate: by nobody who is trusted, for another name, not valid now. */
  'server_certificate_unknown',
  'server_certificate_name',
  'server_certificate_expired',
  /** Its authority is limited to names or addresses that this runtime cannot hold it to. */
  'server_certificate_limits',
  /** The client certificate, as the server or this computer judges it. */
  'certificate_expired',
  'certificate_not_yet_valid',
  'certificate_revoked',
  'certificate_unknown',
  'certificate_missing',
  'certificate_refused',
  'not_for_clients',
  'key_mismatch',
  /** The certificate is of another OKMS domain, or the server has no domain of this id. */
  'wrong_domain',
  /** No credential, or one that the server does not know (any more). */
  'unauthenticated',
  /** The credential is good and lacks a right. */
  'may_not_list',
  'may_not_read_metadata',
  'may_not_read_data',
  'may_not_write',
  'may_not_deactivate',
  'may_not_destroy',
  'may_not_configure',
  'may_not',
  /** The server has no such address: another product, an older version, or a mount that is not there. */
  'no_route',
  'redirected',
  /** What answers is no API: a page of HTML, or no HTTP at all. */
  'not_an_api',
  /** JSON, and not what was asked for. */
  'wrong_form',
  /** More bytes, entries or pages than are read. */
  'too_much',
  'rate_limited',
  'overloaded',
  'server_fault',
  'sealed',
] as const

/** One of {@link remoteReasons}. */
export type RemoteReason = (typeof remoteReasons)[number]

/** The reason for which a right is missing. */
export const reasonOfRight = {
  list: 'may_not_list',
  readMetadata: 'may_not_read_metadata',
  readData: 'may_not_read_data',
  write: 'may_not_write',
  deactivate: 'may_not_deactivate',
  destroy: 'may_not_destroy',
  configure: 'may_not_configure',
} as const satisfies Record<Right, RemoteReason>

/** A failure at a server, or on the way to it. */
export class RemoteFailure extends CoffretError {
  constructor(
    code: FailureCode,
    readonly reason: RemoteReason,
    message: string,
    options?: { cause?: unknown; field?: string },
  ) {
    super(code, message, options)
  }
}
