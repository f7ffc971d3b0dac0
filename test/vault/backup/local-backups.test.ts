import { chmodSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { keptBackups } from '../../../src-main/kv/backup-rules'
import { passphrase, secretMount } from '../new-vault'
import { dataOf, openNewest, pathOf, vaultWithBackups } from '../with-backups'

const failing = (code: string) => expect.objectContaining({ code })
const hour = 3_600_000

describe('V-22: backups are encrypted, rotate and restore', () => {
  test('after 50 saves there are exactly those of the policy, and each opens', async () => {
    const { vault, clock, plan, put, files } = await vaultWithBackups({
      last: 4,
      daily: 3,
      weekly: 2,
    })
    const made: number[] = []
    for (let save = 0; save < 50; save += 1) {
      await put('app/db', `canary-value-${save}`)
      made.push(clock.now())
      await vault.backups.tick()
      clock.advance(9 * hour)
    }
    const expected = [...keptBackups(made as never, plan, clock.now()).keys()]
    const list = await vault.backups.list()
    expect(list.map(({ madeAt }) => madeAt)).toEqual(expected.sort((a, b) => b - a))
    expect(list.every(({ state, kept }) => state === 'opens' && kept.length > 0)).toBe(true)
    expect(files()).toHaveLength(list.length)
    for (const { name, madeAt } of list) {
      const backup = await vault.backups.opened.open(vault.backups.find(name))
      const store = vault.backups.opened.store(backup.id, secretMount)
      const { data } = await store.readVersion(pathOf('app/db'))
      expect(data).toBe(dataOf(`canary-value-${made.indexOf(madeAt)}`))
    }
  })

  test('nothing in them can be read without a key', async () => {
    const { vault, put, files } = await vaultWithBackups()
    await put('canary-folder/canary-name', 'canary-value')
    await vault.backups.make()
    const [file] = files()
    const bytes = readFileSync(file!)
    for (const form of ['canary', Buffer.from('canary').toString('hex'), 'password']) {
      expect(bytes.includes(form)).toBe(false)
    }
    expect(bytes.includes(Buffer.from('canary', 'utf16le'))).toBe(false)
  })

  test('one secret comes back whole, with every version, where none is', async () => {
    const { vault, put, store } = await vaultWithBackups()
    await put('app/db', 'one')
    await put('app/db', 'two')
    const before = await store().readMetadata(pathOf('app/db'))
    await vault.backups.make()
    await store().remove(pathOf('app/db'))
    const { id } = await openNewest(vault)
    const one = { mount: secretMount, path: pathOf('app/db'), how: 'whole' } as const
    vault.backups.restoreOne(id, one)
    expect(await store().readMetadata(pathOf('app/db'))).toEqual(before)
    expect((await store().readVersion(pathOf('app/db'), 1 as never)).data).toBe(dataOf('one'))
    expect(() => vault.backups.restoreOne(id, one)).toThrow(failing('exists'))
    vault.backups.restoreOne(id, { ...one, to: pathOf('app/db-old') })
    expect((await store().readVersion(pathOf('app/db-old'))).data).toBe(dataOf('two'))
  })

  test('one secret comes back as a new version of the one that is there', async () => {
    const { vault, put, read, store } = await vaultWithBackups()
    await put('app/db', 'one')
    await vault.backups.make()
    await put('app/db', 'two')
    const { id } = await openNewest(vault)
    const one = { mount: secretMount, path: pathOf('app/db'), how: 'version' } as const
    vault.backups.restoreOne(id, one)
    expect(await read('app/db')).toBe(dataOf('one'))
    expect((await store().readMetadata(pathOf('app/db'))).currentVersion).toBe(3)
    const gone = { ...one, path: pathOf('never/there') }
    expect(() => vault.backups.restoreOne(id, gone)).toThrow(failing('not_found'))
  })

  test('all come back as counted before; doing it again changes nothing', async () => {
    const { vault, put, read, store } = await vaultWithBackups()
    for (const name of ['lost', 'changed', 'same']) await put(`app/${name}`, 'then')
    await vault.backups.make()
    await store().remove(pathOf('app/lost'))
    await put('app/changed', 'now')
    await put('app/new', 'now')
    const { id } = await openNewest(vault)
    const counts = { missing: 1, differing: 1, same: 1, unreadable: 0 }
    expect(await vault.backups.restoreAll(id, false)).toEqual(counts)
    expect(await read('app/changed')).toBe(dataOf('now'))
    expect(await vault.backups.restoreAll(id, true)).toEqual(counts)
    expect(await read('app/lost')).toBe(dataOf('then'))
    expect(await read('app/changed')).toBe(dataOf('then'))
    expect(await read('app/new')).toBe(dataOf('now'))
    const nothing = { missing: 0, differing: 0, same: 3, unreadable: 0 }
    expect(await vault.backups.restoreAll(id, true)).toEqual(nothing)
  })
})

describe('making backups', () => {
  test('one after the first write, then none until the time is over or something changed', async () => {
    const { vault, clock, put, files } = await vaultWithBackups({ everyMinutes: 30 })
    await put('a', '1')
    await vault.backups.tick()
    expect(files()).toHaveLength(1)
    await put('a', '2')
    await vault.backups.tick()
    expect(files()).toHaveLength(1)
    clock.advance(30 * 60_000)
    await vault.backups.tick()
    expect(files()).toHaveLength(2)
    clock.advance(30 * 60_000)
    await vault.backups.tick()
    expect(files()).toHaveLength(2)
  })

  test('locking makes one of what changed, which is proved after unlocking; then older ones go', async () => {
    const { vault, clock, put, files } = await vaultWithBackups({ last: 1, daily: 0, weekly: 0 })
    await put('a', '1')
    await vault.backups.tick()
    clock.advance(1000)
    await put('a', '2')
    vault.lock()
    await vault.backups.settled()
    expect(files()).toHaveLength(2)
    await vault.unlockWithPassphrase(passphrase)
    await vault.backups.tick()
    expect(files()).toHaveLength(1)
    vault.lock()
    await vault.backups.settled()
    expect(files()).toHaveLength(1)
    await vault.unlockWithPassphrase(passphrase)
    const { id } = await openNewest(vault)
    const { data } = await vault.backups.opened.store(id, secretMount).readVersion(pathOf('a'))
    expect(data).toBe(dataOf('2'))
  })

  test('a clock that was put back does not make one after the other of the same', async () => {
    const { vault, clock, put, files } = await vaultWithBackups()
    await put('a', '1')
    await vault.backups.make()
    clock.advance(-86_400_000)
    await put('a', '2')
    for (let n = 0; n < 5; n += 1) {
      clock.advance(3_600_000)
      await vault.backups.tick()
    }
    expect(files()).toHaveLength(2)
  })

  test('switched off, they are made by hand only', async () => {
    const { vault, put, files } = await vaultWithBackups({ isOn: false })
    await put('a', '1')
    await vault.backups.tick()
    vault.lock()
    await vault.backups.settled()
    await vault.unlockWithPassphrase(passphrase)
    expect(await vault.backups.list()).toEqual([])
    await vault.backups.make()
    expect(files()).toHaveLength(1)
  })

  test('a folder that is away is told, disturbs no write, and is forgotten once it is back', async () => {
    const { vault, clock, plan, put, read } = await vaultWithBackups()
    rmSync(plan.folder, { recursive: true })
    await put('a', '1')
    await vault.backups.tick()
    expect(vault.backups.status().problem).toEqual({ code: 'not_found', at: clock.now() })
    expect(await read('a')).toBe(dataOf('1'))
    await expect(vault.backups.make()).rejects.toThrow(failing('not_found'))
    await expect(vault.backups.list()).rejects.toThrow(failing('not_found'))
    Object.assign(plan, { makesFolder: true })
    await vault.backups.make()
    expect(vault.backups.status()).toEqual({ isRunning: false })
  })

  test('a damaged backup is told, does not count, and stays until a person removes it', async () => {
    const { vault, clock, put, files } = await vaultWithBackups({ last: 1, daily: 0, weekly: 0 })
    await put('a', '1')
    await vault.backups.make()
    const [damaged] = files()
    const bytes = readFileSync(damaged!)
    bytes.fill(0x55, 4096, bytes.length)
    writeFileSync(damaged!, bytes)
    clock.advance(1000)
    await vault.backups.make()
    const list = await vault.backups.list()
    expect(list.map(({ state }) => state)).toEqual(['opens', 'damaged'])
    await vault.backups.remove(list[1]!.name)
    expect(files()).toHaveLength(1)
    await expect(vault.backups.remove('../test.coffret')).rejects.toThrow(failing('not_found'))
  })
})

describe('V-13, V-14: the files of backups', () => {
  test.each([0o000, 0o022])('are 0600 in a folder of 0700 with umask %o', async (umask) => {
    const old = process.umask(umask)
    try {
      const { vault, plan, files } = await vaultWithBackups()
      await vault.backups.make()
      expect(files()).toHaveLength(1)
      expect(statSync(files()[0]!).mode & 0o777).toBe(0o600)
      expect(statSync(join(plan.folder, vault.id)).mode & 0o777).toBe(0o700)
    } finally {
      process.umask(old)
    }
  })

  test('a link in the folder is neither listed nor removed', async () => {
    const { vault, root, plan, files } = await vaultWithBackups({ last: 1, daily: 0, weekly: 0 })
    await vault.backups.make()
    const link = files()[0]!.replace(/\d{4}(-\d\d-\d\dT)/, '2001$1')
    symlinkSync(join(root, 'test.coffret'), link)
    expect(await vault.backups.list()).toHaveLength(1)
    await vault.backups.make()
    expect(statSync(link).isFile()).toBe(true)
    expect(plan.last).toBe(1)
  })

  test('what fails leaves no part of a file', async () => {
    const { vault, plan, files } = await vaultWithBackups()
    await vault.backups.make()
    const own = join(plan.folder, vault.id)
    if (process.getuid?.() === 0) return
    chmodSync(own, 0o500)
    await expect(vault.backups.make()).rejects.toThrow(failing('not_writable'))
    chmodSync(own, 0o700)
    expect(files()).toHaveLength(1)
  })
})

describe('browsing', () => {
  test('nothing can be changed', async () => {
    const { vault, put } = await vaultWithBackups()
    await put('a', '1')
    await vault.backups.make()
    const { id } = await openNewest(vault)
    const store = vault.backups.opened.store(id, secretMount)
    expect(store.capabilities()).toEqual(
      expect.not.arrayContaining(['write', 'cas', 'states', 'settings', 'rename', 'bin', 'drafts']),
    )
    const refused = failing('unsupported')
    await expect(store.write(pathOf('a'), { mode: 'upsert' })).rejects.toThrow(refused)
    await expect(store.remove(pathOf('a'))).rejects.toThrow(refused)
    await expect(store.setState(pathOf('a'), 'current', 'deleted')).rejects.toThrow(refused)
    await expect(store.writeConfig({})).rejects.toThrow(refused)
    expect(() => store.bin()).toThrow(refused)
  })

  test('keeps a backup from being dropped, until the next one', async () => {
    const { vault, clock, files } = await vaultWithBackups({ last: 1, daily: 0, weekly: 0 })
    await vault.backups.make()
    const { id } = await openNewest(vault)
    clock.advance(1000)
    await vault.backups.make()
    expect(files()).toHaveLength(2)
    vault.backups.opened.close(id)
    clock.advance(1000)
    await vault.backups.make()
    expect(files()).toHaveLength(1)
  })

  test('ends with locking', async () => {
    const { vault, put } = await vaultWithBackups()
    await put('a', '1')
    await vault.backups.make()
    const { id } = await openNewest(vault)
    const store = vault.backups.opened.store(id, secretMount)
    vault.lock()
    await expect(store.readVersion(pathOf('a'))).rejects.toThrow(failing('locked'))
    expect(vault.backups.opened.list()).toEqual([])
  })

  test('a backup from before the passphrase was changed opens all the same', async () => {
    const { vault, put } = await vaultWithBackups()
    await put('a', '1')
    await vault.backups.make()
    const next = new TextEncoder().encode('another passphrase')
    await vault.changePassphrase(passphrase, next)
    expect(await openNewest(vault)).toMatchObject({ madeAt: expect.any(Number) })
    vault.backups.opened.closeAll()
    const [newest] = await vault.backups.list()
    const file = vault.backups.find(newest!.name)
    await expect(vault.backups.opened.open(file, next)).rejects.toThrow(failing('wrong_passphrase'))
    const opened = await vault.backups.opened.open(file, passphrase)
    const { data } = await vault.backups.opened
      .store(opened.id, secretMount)
      .readVersion(pathOf('a'))
    expect(data).toBe(dataOf('1'))
    const counts = { missing: 0, differing: 0, same: 1, unreadable: 0 }
    expect(await vault.backups.restoreAll(opened.id, true)).toEqual(counts)
  })
})
