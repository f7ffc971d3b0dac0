import type { Answer } from './answer'
import type { ApiParts } from './api'
import type { Place, Route } from './route'
import type { Address } from './secret-address'

/** One of the APIs of an OKMS domain. */
export interface OkmsFamily {
  /** Where its addresses begin, for example `/api/{okmsId}/v1`. */
  readonly prefix: readonly string[]
  readonly routes: readonly Route<Place>[]
  /** Reads what follows the prefix, still encoded. */
  readonly addressOf: (rawSegments: readonly string[]) => Address
  readonly error: 'okms' | 'central'
  /** The body of a success. */
  wrap(answer: Answer, requestId: string): unknown
}

/** The APIs of an OKMS domain that a vault answers for. */
export function okmsFamilies(_parts: ApiParts): readonly OkmsFamily[] {
  return []
}
