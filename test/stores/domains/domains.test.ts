import { describe, expect, test } from 'vitest'
import type { DomainKind } from '../../../src-main/contract/domain'
import { FolderPath, SecretData, SecretPath, StoreId } from '../../../src-main/contract/model'
import type { DomainSecret } from '../../../src-main/kv/domain-book'
import type { ClientPair } from '../../support/tls-identities'
import { registryForDomains, serve } from './served-domain'

const root = FolderPath.parse('')
const path = SecretPath.parse('app/db')
const data = SecretData.parse('{"password":"new"}')
const failing = (code: string, reason?: string) =>
  expect.objectContaining(reason === undefined ? { code } : { code, reason }) as unknown

const asSecret = ({ certificate, privateKey }: ClientPair): DomainSecret => ({
  ...{ kind: 'certificate', certificate, privateKey },
})

/** A registry with one domain that is served. */
async function withDomain(kind: DomainKind = 'okms-rest', more: object = {}) {
  const server = await serve()
  const parts = await registryForDomains()
  await server.put('app/db', 'app/web', 'top')
  const domain = parts.registry.domains.add(parts.keeper, server.draft(kind, more), server.secret)
  const store = StoreId.parse(`${domain.id}/secret`)
  const summary = () => parts.registry.domains.list()[0]
  return { ...server, ...parts, domain, store, summary }
}

describe.each<[string, DomainKind, object, string, boolean]>([
  ['OKMS REST', 'okms-rest', {}, 'secret', true],
  ['OKMS KV2', 'okms-kv2', {}, 'secret', true],
  ['Vault KV2', 'vault', { mounts: [{ name: 'secret', version: 2 }] }, 'secret', true],
  ['Vault KV1', 'vault', { mounts: [{ name: 'kv', version: 1 }] }, 'kv', false],
])('a store of %s', (_, kind, more, mount, hasVersions) => {
  test('is browsed, read and written like any other', async () => {
    const { registry, domain, listed, requests } = await withDomain(kind, more)
    const store = StoreId.parse(`${domain.id}/${mount}`)
    expect(requests).toEqual([])
    expect(registry.list().find(({ id }) => id === store)).toMatchObject({
      ...{ kind: 'domain', status: 'unlocked', label: mount, listing: { count: 0 } },
    })
    expect(registry.get(store).capabilities().includes('versions')).toBe(hasVersions)
    await registry.get(store).write(SecretPath.parse('new/x'), { mode: 'upsert', data })
    await registry.browse(store).list(root)
    await listed(store)
    const { items } = await registry.browse(store).list(FolderPath.parse('new'))
    expect(items).toMatchObject([{ kind: 'secret', name: 'x' }])
    const { data: read } = await registry.get(store).readVersion(SecretPath.parse('new/x'))
    expect(JSON.parse(read ?? '')).toEqual({ password: 'new' })
    await registry.get(store).remove(SecretPath.parse('new/x'))
    expect((await registry.browse(store).list(FolderPath.parse('new'))).items).toEqual([])
    expect(registry.domains.list()[0]?.status).toBe('ready')
  })
})

describe('how a domain is', () => {
  test('follows from what was last asked of it, with the list that was there before', async () => {
    const { registry, store, summary, off, on, listed } = await withDomain()
    expect(summary()).toMatchObject({ status: 'idle', label: 'Team' })
    await registry.browse(store).list(root)
    await listed(store)
    expect(summary()).toMatchObject({ status: 'ready', stores: [{ listing: { count: 3 } }] })
    await off()
    await expect(registry.get(store).readVersion(path)).rejects.toThrow(failing('unreachable'))
    expect(summary()).toMatchObject({
      ...{ status: 'offline', reason: 'refused', stores: [{ status: 'unreachable' }] },
    })
    expect((await registry.browse(store).list(root)).items).toHaveLength(2)
    await registry.domains.find(summary()!.id).refresh()
    expect(await listed(store)).toMatchObject({ count: 3, failure: { code: 'unreachable' } })
    await on()
    await registry.get(store).readVersion(path)
    expect(summary()).toMatchObject({ status: 'ready', stores: [{ status: 'unlocked' }] })
    expect(summary()).not.toHaveProperty('reason')
  })

  test('is refused to a token that the server does not know', async () => {
    const { registry, draft, keeper } = await withDomain()
    const token = { kind: 'token', token: 'of-nobody' } as const
    const more = { label: 'a token', mounts: [{ name: 'secret', version: 2 }] }
    const { id } = registry.domains.add(keeper, draft('vault', more), token)
    const store = registry.get(StoreId.parse(`${id}/secret`))
    await expect(store.readVersion(path)).rejects.toThrow(failing('forbidden'))
    const status = registry.domains.list().find((one) => one.id === id)
    expect(status).toMatchObject({ stores: [{ kind: 'domain' }] })
    expect(['refused', 'ready']).toContain(status?.status)
  })

  test.each([
    ['readData', 'may_not_read_data', 'readVersion'],
    ['readMetadata', 'may_not_read_metadata', 'readMetadata'],
    ['write', 'may_not_write', 'write'],
  ] as const)(
    'is well where the right %s is missing, and that is said',
    async (right, reason, call) => {
      const { registry, store, summary, allowed } = await withDomain()
      allowed.delete(right)
      const remote = registry.get(store)
      const calls = {
        readVersion: () => remote.readVersion(path),
        readMetadata: () => remote.readMetadata(path),
        write: () => remote.write(path, { mode: 'update', data, cas: 1 }),
      }
      await expect(calls[call]()).rejects.toThrow(failing('forbidden', reason))
      expect(summary()?.status).toBe('ready')
    },
  )

  test('names missing rights in the list, which stays empty', async () => {
    // The list of an OKMS domain leaves out what may not be listed; Vault refuses.
    const more = { mounts: [{ name: 'secret', version: 2 }] }
    const { registry, store, allowed, listed, summary } = await withDomain('vault', more)
    allowed.delete('list')
    await expect(registry.browse(store).list(root)).rejects.toThrow(failing('forbidden'))
    expect(await listed(store)).toEqual({
      ...{ count: 0, failure: { code: 'forbidden', reason: 'may_not_list' } },
    })
    expect(summary()?.status).toBe('ready')
  })

  test('has ended with its certificate, as the vault remembers its end', async () => {
    const { registry, keeper, draft, authority, api } = await withDomain()
    const old = await authority.client(-1, api.vault.id)
    const secret = asSecret(old)
    expect(() => registry.domains.add(keeper, draft(), secret)).toThrow(
      failing('forbidden', 'certificate_expired'),
    )
    const soon = await authority.client(5, api.vault.id)
    const { id, endsWithinDays, credentialEndsAt } = registry.domains.add(
      ...([keeper, draft(), asSecret(soon)] as const),
    )
    expect(endsWithinDays).toBe(7)
    expect(credentialEndsAt).toBe(registry.domains.find(id).profile.expiresAt)
  })
})

describe('locking', () => {
  test('ends what runs, and nothing of the domain is there until the vault is unlocked', async () => {
    const { registry, store, domain } = await withDomain()
    const kept = registry.get(store)
    const running = kept.readVersion(path)
    registry.lockAll()
    await expect(running).rejects.toThrow(failing('cancelled'))
    expect(registry.domains.list()).toEqual([])
    expect(registry.list()).toEqual([])
    expect(() => registry.get(store)).toThrow(failing('not_found'))
    expect(() => registry.domains.find(domain.id)).toThrow(failing('not_found'))
    await expect(kept.readVersion(path)).rejects.toThrow(failing('locked'))
  })

  test('keeps the list, which is browsed and searched while the server is away', async () => {
    const { registry, store, listed, off, unlock, requests } = await withDomain()
    await registry.browse(store).list(root)
    const { listedAt } = await listed(store)
    registry.lockAll()
    await off()
    await unlock()
    requests.length = 0
    expect(registry.domains.list()[0]).toMatchObject({ status: 'idle', listedAt })
    const found = await registry.searchOf(store).search.query({ text: 'WEB', limit: 5 })
    expect(found.hits).toMatchObject([{ store, path: 'app/web', currentVersion: 1 }])
    expect((await registry.browse(store).list(FolderPath.parse('app'))).items).toHaveLength(2)
    expect(await listed(store)).toMatchObject({
      listedAt,
      count: 3,
      failure: { code: 'unreachable' },
    })
    expect(registry.domains.list()[0]).toMatchObject({ status: 'offline' })
    expect(await registry.searchOf(store).search.folders('secret' as never)).toEqual(['app'])
  })
})

describe('the mounts of a Vault server', () => {
  test('are asked for once somebody looks, and kept for the time when it is away', async () => {
    const { registry, domain, requests, off, unlock, onArrival } = await withDomain('vault')
    expect(domain.stores).toEqual([])
    expect(requests).toEqual([])
    await registry.domains.find(domain.id).open()
    const stores = registry.domains.list()[0]?.stores ?? []
    expect(stores.map(({ label }) => label)).toEqual(['kv', 'secret'])
    const listings = () => registry.domains.list()[0]?.stores.map(({ listing }) => listing) ?? []
    const areDone = () => listings().every((one) => one?.listedAt !== undefined && !one.progress)
    await expect.poll(areDone).toBe(true)
    expect(onArrival).toHaveBeenCalledWith(StoreId.parse(`${domain.id}/secret`))
    registry.lockAll()
    await off()
    await unlock()
    const again = registry.domains.list()[0]?.stores ?? []
    expect(again.map(({ label, listing }) => [label, listing?.count]).sort()).toEqual([
      ['kv', 0],
      ['secret', 3],
    ])
  })
})

describe('a domain that is kept', () => {
  test('changes its name and address, and keeps its lists', async () => {
    const { registry, domain, store, draft, listed, onDomainsChange } = await withDomain()
    await registry.browse(store).list(root)
    await listed(store)
    onDomainsChange.mockClear()
    const changed = registry.domains.change(domain.id, draft('okms-kv2', { label: 'Renamed' }))
    expect(changed).toMatchObject({ label: 'Renamed', kind: 'okms-kv2', status: 'idle' })
    expect(changed.stores).toMatchObject([{ id: store, listing: { count: 3 } }])
    expect(changed.credentialEndsAt).toBe(domain.credentialEndsAt)
    expect(onDomainsChange).toHaveBeenCalled()
    expect((await registry.get(store).readVersion(path)).state).toBe('active')
    const server = { label: 'Renamed', mounts: [] }
    expect(() => registry.domains.change(domain.id, draft('vault', server))).toThrow(
      failing('invalid'),
    )
  })

  test('takes a renewed certificate, and none of another domain', async () => {
    const { registry, domain, store, authority, api } = await withDomain()
    const renewed = await authority.client(60, api.vault.id)
    const { credentialEndsAt = 0 } = registry.domains.replaceCredential(
      domain.id,
      asSecret(renewed),
    )
    expect(credentialEndsAt).toBeGreaterThan(domain.credentialEndsAt ?? 0)
    expect((await registry.get(store).readVersion(path)).state).toBe('active')
    const foreign = await authority.client(60)
    await expect(async () =>
      registry.domains.replaceCredential(domain.id, {
        ...{
          certificate: foreign.certificate,
          privateKey: renewed.privateKey,
          kind: 'certificate',
        },
      }),
    ).rejects.toThrow(failing('key_mismatch', 'key_mismatch'))
  })

  test('is forgotten with its lists, and nothing happens at the server', async () => {
    const { registry, domain, store, keeper, listed, requests } = await withDomain()
    await registry.browse(store).list(root)
    await listed(store)
    requests.length = 0
    registry.domains.remove(domain.id)
    expect(registry.domains.list()).toEqual([])
    expect(keeper.lists.heads(domain.id)).toEqual([])
    expect(() => registry.get(store)).toThrow(failing('not_found'))
    expect(requests).toEqual([])
  })

  test('is left when another program takes it out of the vault', async () => {
    const { registry, domain, keeper } = await withDomain()
    keeper.domains.remove(domain.id)
    expect(registry.domains.list()).toEqual([])
    expect(() => registry.domains.find(domain.id)).toThrow(failing('not_found'))
  })
})
