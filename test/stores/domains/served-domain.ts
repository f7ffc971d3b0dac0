import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { DomainDraft, type DomainKind } from '../../../src-main/contract/domain'
import { rights, type Right } from '../../../src-main/contract/access'
import type { StoreId } from '../../../src-main/contract/model'
import { SecretData, SecretPath, VaultId } from '../../../src-main/contract/model'
import { systemClock, systemRandom } from '../../../src-main/env'
import type { Access } from '../../../src-main/http/access'
import type { DomainSecret } from '../../../src-main/kv/domain-book'
import { StoreRegistry } from '../../../src-main/stores/store-registry'
import { ApiUnderTest } from '../../http/api-under-test'
import { ManualTimers } from '../../support/manual-timers'
import { certificateOrToken, listenTls } from '../../support/mtls-listener'
import { TestAuthority } from '../../support/tls-identities'
import { cheapKdf, passphrase, temporaryFolder } from '../../vault/new-vault'
import { settingsInMemory } from '../settings-in-memory'

const nobody = VaultId.parse('00000000-0000-0000-0000-000000000000')

/** One for all tests of a file: making keys takes a while. */
let authority: Promise<{
  authority: TestAuthority
  identity: Awaited<ReturnType<TestAuthority['server']>>
}>

function authorities() {
  authority ??= TestAuthority.create(nobody).then(async (made) => ({
    authority: made,
    identity: await made.server(),
  }))
  return authority
}

/** A server over real TLS whose vault a test fills, and which it switches off and on. */
export async function serve() {
  const made = await authorities()
  const allowed = new Set<Right>(rights)
  const access: Access = {
    identify: async (arrival) => {
      const caller = await certificateOrToken.identify(arrival)
      return caller && { ...caller, mayDo: ({ right }) => allowed.has(right) }
    },
  }
  const api = await ApiUnderTest.create(access)
  const requests: string[] = []
  const answer: Parameters<typeof listenTls>[1] = (request, context) => {
    requests.push(`${request.method} ${context.rawTarget}`)
    return api.api.answer(request, context)
  }
  let listener = await listenTls(made.identity, answer)
  const { address } = listener
  let isOn = true
  const off = async () => {
    if (isOn) await listener.close()
    isOn = false
  }
  const on = async () => {
    listener = await listenTls(made.identity, answer, Number(new URL(address).port))
    isOn = true
  }
  onTestFinished(async () => {
    await off()
    api.close()
  })
  const put = async (...paths: string[]) => {
    const store = api.vault.stores()[0]!
    for (const path of paths) {
      await store.write(SecretPath.parse(path), {
        ...{ mode: 'create', data: SecretData.parse('{"password":"canary-value"}') },
      })
    }
  }
  const pair = await made.authority.client(30, api.vault.id)
  const secret: DomainSecret = {
    ...{ kind: 'certificate', certificate: pair.certificate, privateKey: pair.privateKey },
  }
  const draft = (kind: DomainKind = 'okms-rest', more: object = {}) =>
    DomainDraft.parse({
      ...{ label: 'Team', kind, address },
      authorities: { kind: 'own', pem: made.authority.pem, withPublic: false },
      ...(kind === 'vault' ? {} : { okmsId: api.vault.id }),
      ...more,
    })
  return { api, allowed, requests, off, on, put, secret, draft, authority: made.authority }
}

/** A registry with an unlocked vault. */
export async function registryForDomains() {
  const folder = temporaryFolder()
  const onDomainsChange = vi.fn()
  const onArrival = vi.fn()
  // What waits between two tries rings at once; deadlines never do.
  const timers = new ManualTimers((ms) => ms < 10_000)
  const registry = new StoreRegistry({
    settings: settingsInMemory(),
    ...{ clock: systemClock, random: systemRandom, after: timers.after },
    chooseKdf: async () => cheapKdf,
    defaultFolder: join(folder, 'vaults'),
    ...{ onChange: () => registry.domains.follow(), onDomainsChange, onArrival },
  })
  onTestFinished(() => registry.close())
  const { vault } = await registry.create(join(folder, 'mine'), Uint8Array.from(passphrase))
  const unlock = () =>
    registry.unlock(vault.id, { kind: 'passphrase', passphrase: Uint8Array.from(passphrase) })
  /** The list of a store is read to its end, or given up. */
  const listed = async (store: StoreId) => {
    const listing = () => registry.list().find(({ id }) => id === store)?.listing
    await expect.poll(() => listing() ?? { progress: 'not begun' }).not.toHaveProperty('progress')
    const found = listing()
    if (found === undefined) throw new Error('it has left the list')
    return found
  }
  return {
    registry,
    vault,
    keeper: registry.vault(vault.id),
    unlock,
    listed,
    onDomainsChange,
    onArrival,
  }
}
