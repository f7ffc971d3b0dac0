import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultBackupSettings } from '../../src-main/contract/backup-settings'
import { calls } from '../../src-main/contract/calls'
import { SecretData, SecretPath, type VaultSummary } from '../../src-main/contract/model'
import { handlersOverVault } from './handlers-over-vault'

const failing = (code: string) => expect.objectContaining({ code })
const path = SecretPath.parse('app/db')
const data = SecretData.parse('{"password":"one"}')

/** With a backup that holds `app/db`, which is open. */
async function withOpened() {
  const parts = await handlersOverVault({ withBackups: true })
  const { handlers, vault, store, events } = parts
  await handlers['secret.create']({ store, path, data })
  await handlers['backups.make']({ vault: vault.id })
  const [backup] = await handlers['backups.list']({ vault: vault.id })
  const opened: VaultSummary = await handlers['backups.open']({
    vault: vault.id,
    backup: backup!.name,
  })
  events.length = 0
  return { ...parts, backup: backup!, opened, then: opened.stores[0]!.id }
}

test('a backup is made, listed with why it is kept, and removed', async () => {
  const { handlers, vault, events } = await handlersOverVault({ withBackups: true })
  await handlers['backups.make']({ vault: vault.id })
  const list = await handlers['backups.list']({ vault: vault.id })
  const kept = ['last', 'daily', 'weekly']
  expect(list).toEqual([expect.objectContaining({ state: 'opens', kept })])
  expect(calls['backups.list'].output.parse(list)).toEqual(list)
  expect(events).toContainEqual({ name: 'backups.changed', vault: vault.id })
  expect(await handlers['backups.status']({ vault: vault.id })).toEqual({ isRunning: false })
  await handlers['backups.remove']({ vault: vault.id, backup: list[0]!.name })
  expect(await handlers['backups.list']({ vault: vault.id })).toEqual([])
})

test('an opened backup is listed beside its vault, and searched and read as a vault is', async () => {
  const { handlers, vault, opened, then } = await withOpened()
  expect(opened).toMatchObject({ label: vault.label, backup: { of: vault.id } })
  const listed = await handlers['vault.list']()
  expect(listed.map(({ id }) => id)).toEqual([vault.id, opened.id])
  expect(await handlers['secret.reveal']({ store: then, path })).toMatchObject({ data })
  const query = { text: 'db', stores: [then], limit: 5 }
  const { hits } = await handlers['search.query'](query)
  expect(hits).toEqual([expect.objectContaining({ store: then, path })])
})

test('nothing in it can be changed, and closing it takes it off the list', async () => {
  const { handlers, opened, then } = await withOpened()
  const write = handlers['secret.create']({ store: then, path: SecretPath.parse('x'), data })
  await expect(write).rejects.toThrow(failing('unsupported'))
  await expect(handlers['secret.remove']({ store: then, path })).rejects.toThrow(
    failing('unsupported'),
  )
  await handlers['backups.close']({ opened: opened.id })
  expect(await handlers['vault.list']()).toHaveLength(1)
  expect(() => handlers['secret.reveal']({ store: then, path })).toThrow(failing('not_found'))
})

test('a backup whose file is gone is closed, and the vault is listed all the same', async () => {
  const { handlers, vault, folder, backup } = await withOpened()
  rmSync(join(folder, 'backups', vault.id, backup.name))
  expect((await handlers['vault.list']()).map(({ id }) => id)).toEqual([vault.id])
})

test('one secret is restored where none is, else only on top of the one there', async () => {
  const { handlers, store, then, events } = await withOpened()
  const whole = { store: then, path, how: 'whole' } as const
  expect(() => handlers['backups.restoreSecret'](whole)).toThrow(failing('exists'))
  await handlers['secret.remove']({ store, path })
  events.length = 0
  expect(await handlers['backups.restoreSecret'](whole)).toEqual({ store, path })
  expect(events).toEqual([{ name: 'secrets.changed', store }])
  expect(await handlers['secret.reveal']({ store, path })).toMatchObject({ data })
})

test('all is restored after it was counted, and the window is told', async () => {
  const { handlers, store, opened, events } = await withOpened()
  await handlers['secret.remove']({ store, path })
  const counts = { missing: 1, differing: 0, same: 0, unreadable: 0 }
  expect(await handlers['backups.planRestore']({ opened: opened.id })).toEqual(counts)
  expect(await handlers['backups.restoreAll']({ opened: opened.id })).toEqual(counts)
  expect(await handlers['secret.reveal']({ store, path })).toMatchObject({ data })
  expect(events).toContainEqual({ name: 'secrets.changed', store })
})

test('what is erased goes from the backups too when asked for, from the store or from the bin', async () => {
  const { handlers, vault, store, backup } = await withOpened()
  const other = SecretPath.parse('app/other')
  await handlers['secret.create']({ store, path: other, data })
  await handlers['backups.make']({ vault: vault.id })
  await handlers['secret.remove']({ store, path, fromBackups: true })
  const [id] = await handlers['bin.discard']({ store, path: other, kind: 'secret' })
  await handlers['bin.purge']({ store, items: [id!], fromBackups: true })
  expect(await handlers['bin.list']({ store })).toEqual([])
  const list = await handlers['backups.list']({ vault: vault.id })
  expect(list).toHaveLength(2)
  for (const { name } of list) {
    const { stores } = await handlers['backups.open']({ vault: vault.id, backup: name })
    expect(await handlers['secret.list']({ store: stores[0]!.id, folder: '' as never })).toEqual([])
  }
  expect(list.map(({ name }) => name)).toContain(backup.name)
})

test('an export gets its extension, and the passphrase is overwritten', async () => {
  const { handlers, vault, folder } = await handlersOverVault({ withBackups: true })
  const passphrase = new TextEncoder().encode('of its own')
  await handlers['backups.export']({ vault: vault.id, file: join(folder, 'out'), passphrase })
  expect(statSync(join(folder, 'out.coffret')).isFile()).toBe(true)
  expect([...passphrase].every((byte) => byte === 0)).toBe(true)
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
})

test('settings are kept, and the default folder is not written down', async () => {
  const { handlers, ports, folder } = await handlersOverVault({ withBackups: true })
  const defaultFolder = join(folder, 'backups')
  expect(await handlers['backups.settings']()).toEqual({ ...defaultBackupSettings, defaultFolder })
  await handlers['backups.configure']({ ...defaultBackupSettings, last: 3, folder: defaultFolder })
  expect(ports.settings.read().backups).toEqual({ ...defaultBackupSettings, last: 3 })
  await handlers['backups.configure']({ ...defaultBackupSettings, folder: '/elsewhere' })
  expect(ports.settings.read().backups.folder).toBe('/elsewhere')
})

test.each(['../x.coffret', 'a/b.coffret', 'x.txt', ''])('"%s" names no backup', (backup) => {
  const vault = '6f6ee0b4-97e9-4b0c-8b5f-3a1e2d4c5b6a'
  expect(calls['backups.remove'].input.safeParse({ vault, backup }).success).toBe(false)
})
