import { beforeAll, describe, expect, test } from 'vitest'
import { DomainProfile, type DomainKind } from '../../src-main/contract/domain'
import { MountName, VaultId, type Capability, type EpochMs } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import type { TlsIdentity } from '../../src-main/http/listener'
import { maxVaultRequestBytes, readBody } from '../../src-main/http/body'
import { RemoteDomain } from '../../src-main/remote/remote-domain'
import { ApiUnderTest } from '../http/api-under-test'
import { requestProblems } from '../http/okms-request-description'
import { certificateOrToken, goodToken, listenTls } from '../support/mtls-listener'
import { TestAuthority, type ClientPair } from '../support/tls-identities'
import { describeSecretStore, type StoreUnderTest } from './secret-store'

let authority: TestAuthority
let identity: TlsIdentity
let client: ClientPair

beforeAll(async () => {
  // Of a Vault server, and of no OKMS domain in particular: each test has a vault of its own.
  authority = await TestAuthority.create(VaultId.parse('00000000-0000-0000-0000-000000000000'))
  identity = await authority.server()
  client = await authority.client()
})

interface Way {
  readonly kind: DomainKind
  readonly mount: string
  readonly version: 1 | 2
  readonly auth: 'certificate' | 'token'
}

/** A store of a domain that a listener with real TLS serves. */
async function domainOver(api: ApiUnderTest, way: Way) {
  const problems: string[] = []
  const listener = await listenTls(identity, async (request, context) => {
    const { method, headers } = request
    const { rawTarget } = context
    const bytes = await readBody(request, maxVaultRequestBytes)
    const body = new TextDecoder().decode(bytes)
    const whole = async function* () {
      yield bytes
    }
    const reply = await api.api.answer({ ...request, body: whole }, context)
    // What is refused was to be refused: a name that the domain does not take, for example.
    if (rawTarget.startsWith('/api/') && reply.status < 300) {
      problems.push(...requestProblems({ method, rawTarget, headers, body }))
    }
    return reply
  })
  const profile = DomainProfile.parse({
    ...{ id: api.vault.id, label: 'test', kind: way.kind, address: listener.address },
    authorities: { kind: 'own', pem: authority.pem, withPublic: false },
    ...{ auth: way.auth, ...(way.kind === 'vault' ? {} : { okmsId: api.vault.id }) },
  })
  // Certificates are of today; from then on the domain's clock is that of the vault.
  let now = systemClock.now
  const domain = new RemoteDomain(
    profile,
    way.auth === 'token' ? { kind: 'token', token: goodToken } : { kind: 'certificate', ...client },
    {
      clock: { now: () => now() },
      random: systemRandom,
      after: (ms, work) => {
        const timer = setTimeout(work, ms)
        return () => clearTimeout(timer)
      },
    },
  )
  now = () => api.now as EpochMs
  const close = async () => {
    domain.close()
    await listener.close()
    api.close()
    expect(problems).toEqual([])
  }
  return { domain, close }
}

function makeStore(way: Way) {
  return async (): Promise<StoreUnderTest> => {
    const api = await ApiUnderTest.create(certificateOrToken)
    const { domain, close } = await domainOver(api, way)
    const store = domain.store({ name: MountName.parse(way.mount), version: way.version })
    return { store, advance: (ms) => api.advance(ms), close }
  }
}

const versioned: readonly Capability[] = [
  ...(['write', 'versions', 'cas', 'metadata', 'settings', 'states'] as const),
  'emptyData',
]
const secret = { mount: 'secret', version: 2, auth: 'certificate' } as const

describeSecretStore('OKMS REST over mutual TLS', makeStore({ ...secret, kind: 'okms-rest' }), [
  ...versioned,
  'exactText',
])
describeSecretStore('OKMS KV2 over mutual TLS', makeStore({ ...secret, kind: 'okms-kv2' }), [
  ...versioned,
  ...(['exactText', 'emptySecrets'] as const),
])
describeSecretStore('Vault KV2 over mutual TLS', makeStore({ ...secret, kind: 'vault' }), [
  ...versioned,
  ...(['anyName', 'emptySecrets'] as const),
])
describeSecretStore(
  'Vault KV1 over mutual TLS',
  makeStore({ ...secret, kind: 'vault', mount: 'kv', version: 1 }),
  ['write', 'anyName'],
)
describe('the mounts of a domain', () => {
  test.each(['certificate', 'token'] as const)('are found with a %s', async (auth) => {
    const own = await ApiUnderTest.create(certificateOrToken)
    const { domain, close } = await domainOver(own, { ...secret, kind: 'vault', auth })
    expect(await domain.mounts()).toEqual([
      { name: 'kv', version: 1 },
      { name: 'secret', version: 2 },
    ])
    expect((await domain.stores()).map(({ id }) => id)).toEqual([
      `${own.vault.id}/kv`,
      `${own.vault.id}/secret`,
    ])
    await close()
  })
})
