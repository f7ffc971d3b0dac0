import { unknownFieldsWarning } from '../wire/okms-rules'
import { okmsCentral, okmsV2 } from '../wire/okms-v2-operations'
import type { Answer } from './answer'
import type { ApiParts } from './api'
import { Cursors } from './okms-paging'
import { okmsV1Routes } from './okms-v1-routes'
import { okmsV2Routes } from './okms-v2-routes'
import type { Place, Route } from './route'
import { okmsV1Address, okmsV2Address, type Address } from './secret-address'

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
export function okmsFamilies(parts: ApiParts): readonly OkmsFamily[] {
  const cursors = new Cursors(parts.random)
  return [
    {
      prefix: ['api', '{okmsId}', 'v1'],
      routes: okmsV1Routes(parts, cursors),
      addressOf: okmsV1Address,
      error: 'okms',
      wrap: ({ data, warnings = [] }, requestId) => ({
        request_id: requestId,
        data,
        warnings: warnings.length === 0 ? undefined : warnings,
      }),
    },
    {
      prefix: ['api', '{okmsId}', 'v2'],
      routes: okmsV2Routes(parts, cursors, okmsV2, 'lower'),
      addressOf: okmsV2Address,
      error: 'okms',
      wrap: bareBody,
    },
    {
      prefix: ['v2', 'okms', 'resource', '{okmsId}'],
      routes: okmsV2Routes(parts, cursors, okmsCentral, 'upper'),
      addressOf: okmsV2Address,
      error: 'central',
      wrap: bareBody,
    },
  ]
}

/** No wrapper; an answer that may warn does so only when there is something to say. Source: okms-api L31. */
function bareBody({ data, warnings, unknownFields = [] }: Answer): unknown {
  if (warnings === undefined || typeof data !== 'object') return data
  const said = [...warnings, ...unknownFieldsWarning(unknownFields)]
  return said.length === 0 ? data : { ...data, warnings: said }
}
