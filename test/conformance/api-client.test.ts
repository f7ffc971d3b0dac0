import { MountName, VaultId, type Capability } from '../../src-main/contract/model'
import type { Fetch } from '../../src-main/remote/fetch'
import { Kv1Dialect } from '../../src-main/remote/kv1-dialect'
import { Kv2Dialect } from '../../src-main/remote/kv2-dialect'
import { okmsKv2, vaultKv2 } from '../../src-main/remote/kv2-servers'
import { OkmsDialect } from '../../src-main/remote/okms-dialect'
import type { RemoteDialect } from '../../src-main/remote/remote-dialect'
import { RemoteStore } from '../../src-main/remote/remote-store'
import { StoreId, type EpochMs } from '../../src-main/contract/model'
import { ApiUnderTest } from '../http/api-under-test'
import { describeSecretStore, type StoreUnderTest } from './secret-store'

/** Sends to the API in this process; every reply is also held to what is declared. */
function fetchOf(api: ApiUnderTest): Fetch {
  return async ({ method, target, headers, body }) => {
    const sending = { headers: { ...headers }, ...(body === undefined ? {} : { text: body }) }
    const reply = await api.send(method, target, sending)
    return { status: reply.status, headers: Object.fromEntries(reply.headers), body: reply.text }
  }
}

const clockOf = (api: ApiUnderTest) => ({ now: () => api.now as EpochMs })

function makeStore(dialectOver: (api: ApiUnderTest) => RemoteDialect) {
  return async (): Promise<StoreUnderTest> => {
    const api = await ApiUnderTest.create()
    return {
      store: new RemoteStore(StoreId.parse(`${api.vault.id}/remote`), dialectOver(api)),
      advance: (ms) => api.advance(ms),
      close: () => api.close(),
    }
  }
}

const secretMount = MountName.parse('secret')
const kvMount = MountName.parse('kv')
const idOf = (api: ApiUnderTest) => VaultId.parse(api.vault.id)
const versioned: readonly Capability[] = [
  'write',
  'versions',
  'cas',
  'metadata',
  'settings',
  'states',
]

describeSecretStore(
  'a client of KV version 2',
  makeStore((api) => new Kv2Dialect(fetchOf(api), vaultKv2(secretMount), clockOf(api))),
  [...versioned, 'anyName', 'emptyData', 'emptySecrets'],
)

describeSecretStore(
  'a client of KV version 1',
  makeStore((api) => new Kv1Dialect(fetchOf(api), kvMount)),
  ['write', 'anyName'],
)

describeSecretStore(
  'a client of the KV2-compatible API of a domain',
  makeStore((api) => new Kv2Dialect(fetchOf(api), okmsKv2(idOf(api)), clockOf(api))),
  [...versioned, 'exactText', 'emptyData', 'emptySecrets'],
)

describeSecretStore(
  'a client of the REST API of a domain',
  makeStore((api) => new OkmsDialect(fetchOf(api), idOf(api))),
  [...versioned, 'exactText', 'emptyData'],
)

describeSecretStore(
  'a client of the central API',
  makeStore((api) => new OkmsDialect(fetchOf(api), idOf(api), 'central')),
  [...versioned, 'exactText', 'emptyData'],
)
