import { CoffretError, type FailureCode } from '../contract/errors'
import { isFault, type RefusalReason } from '../wire/error-body'
import type { ApiParts } from './api'
import type { Arrival } from './arrival'

/** The nearest failure code of the reasons that only HTTP knows. */
const nearest: Readonly<Record<Exclude<RefusalReason, FailureCode>, FailureCode>> = {
  unauthenticated: 'forbidden',
  wrong_domain: 'not_found',
  no_route: 'not_found',
  wrong_method: 'unsupported',
  media_type: 'invalid',
  bad_request: 'invalid',
  body_too_large: 'too_large',
  no_version: 'not_found',
}

/** A request that is refused before it reaches a store; each dialect has its own body for the reason. */
export class Refusal extends CoffretError {
  constructor(
    readonly reason: Exclude<RefusalReason, FailureCode>,
    /** Never a value of the request. */
    readonly messages: readonly string[] = [],
  ) {
    super(nearest[reason], messages.join('; '))
  }
}

/** The reason and the messages of anything thrown; what is no CoffretError is a fault of ours. */
export function refusalOf(error: unknown): {
  readonly reason: RefusalReason
  readonly messages: readonly string[]
} {
  if (error instanceof Refusal) return error
  if (error instanceof CoffretError) return { reason: error.code, messages: [error.message] }
  return { reason: 'internal', messages: [] }
}

/** Tells our own log of a failure that is not the caller's doing. */
export function reportFault({ onFault }: ApiParts, { requestId }: Arrival, error: unknown): void {
  const { reason } = refusalOf(error)
  if (isFault(reason)) onFault?.(error, requestId)
}
