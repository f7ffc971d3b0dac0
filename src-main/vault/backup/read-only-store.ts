import { CoffretError } from '../../contract/errors'
import type { Capability, StoreId } from '../../contract/model'
import type { SecretBin } from '../../kv/secret-bin'
import type { SecretStore } from '../../kv/secret-store'

/** What reading needs; the rest is about changing. */
const readingCapabilities: readonly Capability[] = [
  'versions',
  'metadata',
  'exactText',
  'anyName',
  'emptyData',
  'emptySecrets',
]

/** A store of which nothing can be changed, whatever the one behind it can do. */
export class ReadOnlyStore implements SecretStore {
  readonly list: SecretStore['list']
  readonly listAll: SecretStore['listAll']
  readonly readMetadata: SecretStore['readMetadata']
  readonly readVersion: SecretStore['readVersion']

  constructor(private readonly store: SecretStore) {
    this.list = (...args) => store.list(...args)
    this.listAll = (...args) => store.listAll(...args)
    this.readMetadata = (...args) => store.readMetadata(...args)
    this.readVersion = (...args) => store.readVersion(...args)
  }

  get id(): StoreId {
    return this.store.id
  }

  capabilities(): readonly Capability[] {
    return this.store.capabilities().filter((one) => readingCapabilities.includes(one))
  }

  write = refuse
  setState = refuse
  remove = refuse
  transfer = refuse
  readConfig = refuse
  writeConfig = refuse

  bin(): SecretBin {
    throw readOnly()
  }
}

async function refuse(): Promise<never> {
  throw readOnly()
}

function readOnly(): CoffretError {
  return new CoffretError('unsupported', 'this store is only read')
}
