import type { DomainSummary } from '../../contract/domain-calls'
import { CoffretError, type FailureCode } from '../../contract/errors'
import { RemoteFailure, type RemoteReason } from '../../contract/remote-failure'

/** How a domain is. */
export type Status = DomainSummary['status']

/** What each reason says of the domain as a whole; undefined where it is of one request alone. */
const statusOf: Readonly<Record<RemoteReason, Status | undefined>> = {
  offline: 'offline',
  no_such_host: 'offline',
  refused: 'offline',
  no_tls: 'offline',
  proxy: 'offline',
  slow_connect: 'offline',
  slow: 'offline',
  no_reply: 'offline',
  server_certificate_unknown: 'refused',
  server_certificate_name: 'refused',
  server_certificate_limits: 'refused',
  server_certificate_expired: 'refused',
  certificate_expired: 'expired',
  certificate_not_yet_valid: 'refused',
  certificate_revoked: 'refused',
  certificate_unknown: 'refused',
  certificate_missing: 'refused',
  certificate_refused: 'refused',
  not_for_clients: 'refused',
  key_mismatch: 'refused',
  wrong_domain: 'refused',
  unauthenticated: 'refused',
  may_not_list: 'ready',
  may_not_read_metadata: 'ready',
  may_not_read_data: 'ready',
  may_not_write: 'ready',
  may_not_deactivate: 'ready',
  may_not_destroy: 'ready',
  may_not_configure: 'ready',
  may_not: 'ready',
  no_route: 'refused',
  redirected: 'refused',
  not_an_api: 'refused',
  wrong_form: undefined,
  too_much: undefined,
  rate_limited: undefined,
  overloaded: 'offline',
  server_fault: 'offline',
  sealed: 'locked',
}

/** Answers of a server that says no to a request and is well. */
const answers: readonly FailureCode[] = ['not_found', 'exists', 'cas_mismatch', 'cas_required']

/** What a failure says of a domain: nothing when it is undefined. */
export function statusAfter(
  error: unknown,
): { readonly status: Status; readonly reason?: RemoteReason } | undefined {
  if (!(error instanceof RemoteFailure)) {
    const isAnswer = error instanceof CoffretError && answers.includes(error.code)
    return isAnswer ? { status: 'ready' } : undefined
  }
  const { reason } = error
  const status = statusOf[reason]
  if (status === undefined) return undefined
  return status === 'ready' ? { status } : { status, reason }
}

/** Whether a store of a domain answers, as the list of stores says it. */
export function storeStatusOf(status: Status): 'unlocked' | 'unreachable' {
  return ['idle', 'connecting', 'ready'].includes(status) ? 'unlocked' : 'unreachable'
}
