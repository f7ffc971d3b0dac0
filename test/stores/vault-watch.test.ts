import { copyFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { AppEvent } from '../../src-main/contract/events'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import { StoreRegistry } from '../../src-main/stores/store-registry'
import { VaultWatch } from '../../src-main/stores/vault-watch'
import { LocalVault } from '../../src-main/vault/local-vault'
import { cheapKdf, passphrase, secretMount, temporaryFolder } from '../vault/new-vault'
import { settingsInMemory } from './settings-in-memory'

const data = SecretData.parse('{"a":"b"}')

/** A registry with an unlocked vault, watched; time and the system's events are ours to give. */
async function watched() {
  const events: AppEvent[] = []
  const waiting = new Set<() => void>()
  const folders = new Map<string, () => void>()
  const stores = new StoreRegistry({
    settings: settingsInMemory(),
    clock: systemClock,
    random: systemRandom,
    chooseKdf: async () => cheapKdf,
    defaultFolder: temporaryFolder(),
    onChange: () => undefined,
  })
  const folder = temporaryFolder()
  const { vault } = await stores.create(join(folder, 'mine'), Uint8Array.from(passphrase))
  const watch = new VaultWatch({
    unlocked: () => stores.unlocked(),
    emit: (event) => void events.push(event),
    after: (_, work) => {
      waiting.add(work)
      return () => void waiting.delete(work)
    },
    watchFolder: (name, onEvent) => {
      folders.set(name, onEvent)
      return () => void folders.delete(name)
    },
  })
  watch.follow()
  const stir = () => {
    folders.get(dirname(vault.file))?.()
    folders.get(dirname(vault.file))?.()
    for (const work of [...waiting]) {
      waiting.delete(work)
      work()
    }
  }
  return { stores, watch, vault, events, waiting, folders, stir, file: vault.file }
}

async function another(file: string): Promise<LocalVault> {
  const vault = LocalVault.open({ file, clock: systemClock, random: systemRandom })
  await vault.unlockWithPassphrase(passphrase)
  return vault
}

test('a write of another program is told, once', async () => {
  const { events, stir, file, vault } = await watched()
  const other = await another(file)
  await other.store(secretMount).write(SecretPath.parse('a'), { mode: 'create', data })
  other.close()
  stir()
  const stores = vault.stores.map(({ id }) => ({ name: 'secrets.changed', store: id }))
  expect(events).toEqual([{ name: 'stores.changed' }, ...stores])
  stir()
  expect(events).toHaveLength(1 + stores.length)
})

test('our own writes are no news', async () => {
  const { stores, events, stir, vault } = await watched()
  const store = stores.get(vault.stores[0]!.id)
  await store.write(SecretPath.parse('a'), { mode: 'create', data })
  stir()
  expect(events).toEqual([])
})

test('a file that was replaced is told, and opened again, locked', async () => {
  const { stores, events, stir, file, vault } = await watched()
  copyFileSync(file, `${file}.other`)
  renameSync(`${file}.other`, file)
  stir()
  expect(events).toEqual([{ name: 'stores.changed' }])
  expect(stores.vaults()).toMatchObject([{ status: 'unlocked', isReplaced: true, stores: [] }])
  stores.reopen(vault.id)
  expect(stores.vaults()).toMatchObject([{ status: 'locked' }])
  await stores.unlock(vault.id, { kind: 'passphrase', passphrase: Uint8Array.from(passphrase) })
  const [again] = stores.vaults()
  expect(again).toMatchObject({ status: 'unlocked' })
  expect(again).not.toHaveProperty('isReplaced')
  stores.close()
})

test('a locked vault whose file was replaced is opened again by itself', async () => {
  const { stores, file, vault } = await watched()
  stores.lockAll()
  copyFileSync(file, `${file}.other`)
  renameSync(`${file}.other`, file)
  expect(stores.vaults()).toMatchObject([{ status: 'locked' }])
  await stores.unlock(vault.id, { kind: 'passphrase', passphrase: Uint8Array.from(passphrase) })
  stores.close()
})

test('nothing is watched once every vault is locked', async () => {
  const { stores, watch, folders, waiting, file } = await watched()
  folders.get(dirname(file))?.()
  stores.lockAll()
  watch.follow()
  expect(folders.size).toBe(0)
  expect(waiting.size).toBe(0)
  stores.close()
})
