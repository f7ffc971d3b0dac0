import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { SecretData, SecretPath, StoreId, VaultId } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { StoreRegistry } from '../../src-main/stores/store-registry'
import { StandingClock, cheapKdf, passphrase, temporaryFolder } from '../vault/new-vault'
import { settingsInMemory } from './settings-in-memory'

const failing = (code: string) => expect.objectContaining({ code })
const path = SecretPath.parse('app/db')
const data = SecretData.parse('{"user":"ann"}')
const key = { kind: 'passphrase', passphrase } as const

function newRegistry(settings = settingsInMemory(), folder = temporaryFolder()) {
  const onChange = vi.fn()
  const registry = new StoreRegistry({
    settings,
    clock: new StandingClock(),
    random: systemRandom,
    chooseKdf: async () => cheapKdf,
    defaultFolder: join(folder, 'vaults'),
    onChange,
  })
  onTestFinished(() => registry.close())
  return { registry, settings, folder, onChange }
}

/** A registry with one vault, unlocked. */
async function registryWithVault() {
  const parts = newRegistry()
  const file = join(parts.folder, 'mine.coffret')
  const { vault } = await parts.registry.create(file, passphrase)
  const store = vault.stores[0]!.id
  return { ...parts, file, vault, store }
}

describe('creating a vault', () => {
  test('lists it, unlocked, and gives the words', async () => {
    const { registry, folder, settings } = newRegistry()
    const file = join(folder, 'mine.coffret')
    const { vault, recoveryWords } = await registry.create(file, passphrase)
    expect(recoveryWords).toHaveLength(24)
    expect(vault).toMatchObject({ file, label: 'mine', status: 'unlocked' })
    expect(vault.stores.map(({ label }) => label)).toEqual(['secret', 'kv'])
    expect(registry.vaults()).toEqual([vault])
    expect(settings.read().vaults).toEqual([{ id: vault.id, file }])
  })

  test('appends the extension to a name without it', async () => {
    const { registry, folder } = newRegistry()
    const { vault } = await registry.create(join(folder, 'my.work'), passphrase)
    expect(vault.file).toBe(join(folder, 'my.work.coffret'))
  })

  test('makes the default folder, and no other', async () => {
    const { registry, folder } = newRegistry()
    await registry.create(join(folder, 'vaults', 'a'), passphrase)
    expect(existsSync(join(folder, 'vaults', 'a.coffret'))).toBe(true)
    await expect(registry.create(join(folder, 'other', 'a'), passphrase)).rejects.toThrow(
      failing('not_found'),
    )
    expect(existsSync(join(folder, 'other'))).toBe(false)
  })

  test('refuses a relative path', async () => {
    const { registry } = newRegistry()
    await expect(registry.create('here', passphrase)).rejects.toThrow(failing('invalid'))
  })

  test('does not leave it unlocked when a lock came in between', async () => {
    const { registry, folder } = newRegistry()
    const created = registry.create(join(folder, 'mine'), passphrase)
    expect(registry.isInUse).toBe(true)
    registry.lockAll()
    expect((await created).vault.status).toBe('locked')
    expect(registry.isInUse).toBe(false)
  })
})

describe('a vault file', () => {
  test('is known, locked, to the next registry', async () => {
    const { registry, vault, settings } = await registryWithVault()
    registry.close()
    const next = newRegistry(settings).registry
    const ways = ['passphrase', 'recovery']
    expect(next.vaults()).toEqual([{ ...vault, status: 'locked', stores: [], ways }])
  })

  test('that is away is listed with the reason, and opens when it is back', async () => {
    const { registry, vault, settings, file } = await registryWithVault()
    registry.close()
    renameSync(file, `${file}.away`)
    const next = newRegistry(settings).registry
    expect(next.vaults()).toEqual([
      {
        id: vault.id,
        file,
        label: 'mine',
        status: 'unreachable',
        stores: [],
        problem: 'not_found',
      },
    ])
    await expect(next.unlock(vault.id, key)).rejects.toThrow(failing('not_found'))
    renameSync(`${file}.away`, file)
    expect((await next.unlock(vault.id, key)).status).toBe('unlocked')
  })

  test('that is damaged is listed with the reason', async () => {
    const { registry, settings, file } = await registryWithVault()
    registry.close()
    writeFileSync(file, 'no vault')
    expect(newRegistry(settings).registry.vaults()).toMatchObject([{ problem: 'not_a_vault' }])
  })

  test('replaced by another vault is not taken for the one that was there', async () => {
    const { registry, settings, file } = await registryWithVault()
    const other = await registryWithVault()
    registry.close()
    other.registry.close()
    copyFileSync(other.file, file)
    expect(newRegistry(settings).registry.vaults()).toMatchObject([{ problem: 'not_found' }])
  })
})

describe('adding', () => {
  test('lists an existing file, locked; twice is once', async () => {
    const { registry, file, vault } = await registryWithVault()
    registry.close()
    const next = newRegistry().registry
    expect(next.add(file)).toMatchObject({ id: vault.id, status: 'locked' })
    expect(next.add(file)).toMatchObject({ id: vault.id, status: 'locked' })
    expect(next.vaults()).toHaveLength(1)
  })

  test('refuses a copy of a vault that is listed', async () => {
    const { registry, file } = await registryWithVault()
    copyFileSync(file, `${file}.copy.coffret`)
    expect(() => registry.add(`${file}.copy.coffret`)).toThrow(failing('exists'))
  })

  test('finds a vault that has moved', async () => {
    const { registry, file, settings, vault, folder } = await registryWithVault()
    registry.close()
    const moved = join(folder, 'moved.coffret')
    renameSync(file, moved)
    const next = newRegistry(settings).registry
    expect(next.add(moved)).toMatchObject({ id: vault.id, file: moved })
    expect(next.vaults()).toHaveLength(1)
  })

  test('refuses what is no vault, and lists nothing', () => {
    const { registry, folder } = newRegistry()
    writeFileSync(join(folder, 'a.txt'), 'text')
    expect(() => registry.add(join(folder, 'a.txt'))).toThrow(failing('not_a_vault'))
    expect(registry.vaults()).toEqual([])
  })
})

describe('forgetting', () => {
  test('keeps the file and ends the store', async () => {
    const { registry, vault, file, store, settings } = await registryWithVault()
    registry.forget(vault.id)
    expect(existsSync(file)).toBe(true)
    expect(settings.read().vaults).toEqual([])
    expect(() => registry.get(store)).toThrow(failing('not_found'))
  })

  test('says when there is no such vault', () => {
    const { registry } = newRegistry()
    const id = VaultId.parse('00000000-0000-4000-8000-000000000000')
    expect(() => registry.forget(id)).toThrow(failing('not_found'))
  })
})

describe('locking', () => {
  test('closes every store, also those given out before', async () => {
    const { registry, store } = await registryWithVault()
    const before = registry.get(store)
    await before.write(path, { mode: 'create', data })
    registry.lockAll()
    expect(registry.isInUse).toBe(false)
    expect(registry.list()).toEqual([])
    expect(() => registry.get(store)).toThrow(failing('locked'))
    await expect(before.readVersion(path)).rejects.toThrow(failing('locked'))
  })

  test('is undone by the passphrase, and not by another', async () => {
    const { registry, vault, store, onChange } = await registryWithVault()
    await registry.get(store).write(path, { mode: 'create', data })
    registry.lockAll()
    const wrong = { kind: 'passphrase', passphrase: new Uint8Array([1]) } as const
    await expect(registry.unlock(vault.id, wrong)).rejects.toThrow(failing('wrong_passphrase'))
    expect(registry.isInUse).toBe(false)
    onChange.mockClear()
    await registry.unlock(vault.id, key)
    expect(onChange).toHaveBeenCalledOnce()
    expect((await registry.get(store).readVersion(path)).data).toBe(data)
  })

  test('ends an unlocking that is under way', async () => {
    const { registry, vault } = await registryWithVault()
    registry.lockAll()
    const unlocking = registry.unlock(vault.id, key)
    expect(registry.isInUse).toBe(true)
    registry.lockAll()
    await expect(unlocking).rejects.toThrow(failing('cancelled'))
    expect(registry.isInUse).toBe(false)
  })
})

describe('a store', () => {
  test('is found by its id, and no other', async () => {
    const { registry, vault, store } = await registryWithVault()
    expect(registry.get(store).id).toBe(store)
    expect(() => registry.get(StoreId.parse(`${vault.id}/none`))).toThrow(failing('not_found'))
    const elsewhere = StoreId.parse('00000000-0000-4000-8000-000000000000/secret')
    expect(() => registry.get(elsewhere)).toThrow(failing('not_found'))
  })

  test('of a vault that was deleted says so', async () => {
    const { registry, settings, store, file } = await registryWithVault()
    registry.close()
    rmSync(file)
    expect(() => newRegistry(settings).registry.get(store)).toThrow(failing('not_found'))
  })
})
