import type { CallArguments, CallName, CallOutput } from '../contract/calls'
import type { AuditTicket } from '../kv/audit-log'

/** One function for each call. The ticket is of the line that the call leaves in the audit log, if any. */
export type TicketedHandlers = {
  readonly [N in CallName]: (
    input: CallArguments<N>,
    ticket: AuditTicket,
  ) => Promise<CallOutput<N>> | CallOutput<N>
}

/** The handlers of the calls whose names begin with one of these subjects. */
export type HandlersOf<Subject extends string> = Pick<
  TicketedHandlers,
  Extract<CallName, `${Subject}.${string}`>
>
