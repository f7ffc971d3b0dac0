import { CoffretError } from '../contract/errors'
import { okmsAddress, okmsRegions } from '../contract/okms-regions'
import { ServerAddress } from '../contract/domain'
import type { HandlersOf } from './handlers-of'

function notYet(): never {
  throw new CoffretError('unsupported', 'no domain is kept')
}

/** Remote domains. */
export function domainHandlers() {
  return {
    'domain.inspect': notYet,
    'domain.importProfiles': notYet,
    'domain.regions': () =>
      okmsRegions.map(({ id, place }) => ({
        ...{ id, place },
        address: ServerAddress.parse(okmsAddress(id)),
      })),
    'domain.test': notYet,
    'domain.cancel': () => undefined,
    'domain.add': notYet,
    'domain.list': () => [],
    'domain.profile': notYet,
    'domain.change': notYet,
    'domain.replaceCredential': notYet,
    'domain.remove': notYet,
    'domain.removeFiles': notYet,
    'domain.open': notYet,
    'domain.refresh': notYet,
    'domain.stopListing': notYet,
  } satisfies HandlersOf<'domain'>
}
