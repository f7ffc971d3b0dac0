import { statSync, readFileSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { describe, expect, test } from 'vitest'
import { MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import { binLifeMs } from '../../src-main/kv/bin-rules'
import type { SecretStore } from '../../src-main/kv/secret-store'
import { Database } from '../../src-main/vault/database'
import { kvMount, newVault, secretMount } from './new-vault'

const failing = (code: string) => expect.objectContaining({ code })
const path = (text: string) => SecretPath.parse(text)
const data = (text: string) => SecretData.parse(JSON.stringify({ value: text.repeat(12_000) }))

function rows(file: string, from: string): Buffer[] {
  const database = Database.open(file, 50)
  const found = database.all(`SELECT body FROM ${from}`)
  database.close()
  return found.map((row) => Buffer.from(row['body'] as Uint8Array))
}

/** Some bytes out of the middle of each sealed version: long ones lie in several pages. */
function pieces(file: string): Buffer[] {
  return rows(file, 'records WHERE kind = 4').flatMap((body) =>
    Array.from({ length: Math.floor(body.length / 500) }, (_, at) =>
      body.subarray(at * 500, at * 500 + 24),
    ),
  )
}

/** Which pieces lie in any file of the vault's folder: in the vault itself, or in a journal. */
function found(file: string, wanted: Buffer[]): Buffer[] {
  const folder = dirname(file)
  const contents = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`))
  return wanted.filter((piece) => contents.some((content) => content.includes(piece)))
}

/** A long secret in the bin, and what of it is to be searched for. */
async function withBinned(mount = secretMount) {
  const parts = await newVault()
  const store = parts.vault.store(mount)
  await store.write(path('a/b'), { mode: 'create', data: data('x') })
  await store.bin().discard({ path: path('a/b'), kind: 'secret' })
  return { ...parts, store, sealed: pieces(parts.file) }
}

/** How many rows the vault has. */
function count(file: string): [names: number, records: number] {
  return [rows(file, 'names').length, rows(file, 'records').length]
}

describe('neither file nor journal holds the sealed data', () => {
  test.each<[string, (parts: Awaited<ReturnType<typeof withBinned>>) => Promise<unknown>]>([
    ['after the bin is emptied', ({ store }) => store.bin().purge('all')],
    [
      'after it is erased in the bin',
      async ({ store }) => store.bin().purge((await store.bin().list()).map(({ id }) => id)),
    ],
    ['after its mount is removed', ({ vault }) => vault.mounts.disable(secretMount)],
    [
      'once its time is over and the vault is unlocked',
      async ({ vault, clock, unlock }) => {
        vault.close()
        clock.advance(binLifeMs)
        await unlock()
      },
    ],
    [
      'once its time is over and another is deleted',
      async ({ store, clock }) => {
        clock.advance(binLifeMs)
        await store.write(path('c'), { mode: 'create', data: SecretData.parse('{}') })
        await store.bin().discard({ path: path('c'), kind: 'secret' })
      },
    ],
    [
      'once its time is over and the bin is listed',
      async ({ store, clock }) => {
        clock.advance(binLifeMs)
        expect(await store.bin().list()).toEqual([])
      },
    ],
  ])('%s', async (_, erase) => {
    const parts = await withBinned()
    expect(found(parts.file, parts.sealed).length).toBeGreaterThan(12)
    await erase(parts)
    expect(found(parts.file, parts.sealed)).toEqual([])
    expect(statSync(`${parts.file}-journal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0)
  })

  test('and no row is left of it', async () => {
    const { vault, file } = await newVault()
    const before = count(file)
    for (const mount of [secretMount, kvMount]) {
      const store = vault.store(mount)
      await store.write(path('a/b'), { mode: 'create', data: data('x') })
      await store.bin().discard({ path: path('a'), kind: 'folder' })
      await store.bin().purge('all')
    }
    expect(count(file)).toEqual(before)
  })
})

test('deleting and restoring seal no metadata and no value anew', async () => {
  const { vault, file } = await newVault()
  const store = vault.store(secretMount)
  for (const at of ['a/b', 'a/c']) {
    await store.write(path(at), { mode: 'create', data: data('x') })
  }
  const secrets = () =>
    rows(file, 'records WHERE kind IN (3, 4)').map((body) => body.toString('hex'))
  const before = secrets()
  const ids = await store.bin().discard({ path: path('a'), kind: 'folder' })
  expect(secrets()).toEqual(before)
  await store.bin().restore(ids.map((id) => ({ id })))
  expect(secrets()).toEqual(before)
})

test('the bins of two mounts are two', async () => {
  const { vault, store } = await withBinned()
  const other = vault.store(kvMount)
  expect(await other.bin().list()).toEqual([])
  const [item] = await store.bin().list()
  await expect(other.bin().restore([{ id: item!.id }])).rejects.toThrow(failing('not_found'))
  await other.bin().purge('all')
  expect(await store.bin().list()).toEqual([item])
})

test('a bin outlives locking, and the change of a mount to version 2', async () => {
  const { vault, store, unlock } = await withBinned(kvMount)
  const items = await store.bin().list()
  await vault.mounts.tune(kvMount, { version: 2 })
  vault.close()
  const again = (await unlock()).store(kvMount)
  expect(await again.bin().list()).toEqual(items)
  await again.bin().restore([{ id: items[0]!.id }])
  expect((await again.readVersion(path('a/b'))).data).toBe(data('x'))
})

describe('a clock that was wrong', () => {
  test('when a secret was deleted does not erase it too soon', async () => {
    const { vault, clock } = await newVault()
    const store = vault.store(secretMount)
    await store.write(path('x'), { mode: 'create', data: data('x') })
    clock.advance(-400 * 86_400_000)
    await store.bin().discard({ path: path('x'), kind: 'secret' })
    clock.advance(400 * 86_400_000 + binLifeMs - 1)
    expect(await store.bin().list()).toHaveLength(1)
    clock.advance(1)
    expect(await store.bin().list()).toEqual([])
  })

  test('and then set back does not keep what is deleted afterwards for longer', async () => {
    const { vault, clock, file } = await newVault()
    const store = vault.store(secretMount)
    await store.write(path('soon'), { mode: 'create', data: data('x') })
    const before = pieces(file)
    await store.write(path('late'), { mode: 'create', data: SecretData.parse('{}') })
    clock.advance(1000 * 86_400_000)
    await store.bin().discard({ path: path('late'), kind: 'secret' })
    clock.advance(-1000 * 86_400_000)
    await store.bin().discard({ path: path('soon'), kind: 'secret' })
    clock.advance(binLifeMs)
    expect((await store.bin().list()).map((one) => one.path)).toEqual(['late'])
    expect(found(file, before)).toEqual([])
  })
})

test('what cannot be erased now is hidden, stands in nobody’s way, and is erased later', async () => {
  const { vault, clock, file, unlock, sealed } = await withBinned()
  vault.close()
  clock.advance(binLifeMs)
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  const opened = await unlock()
  const bin = opened.store(secretMount).bin()
  expect(await bin.list()).toEqual([])
  other.exec('ROLLBACK')
  other.close()
  expect(found(file, sealed)).not.toEqual([])
  await bin.list()
  expect(found(file, sealed)).toEqual([])
})

test('a damaged row of the bin is reported as that, and hinders nothing else', async () => {
  const { vault, clock, file, unlock } = await withBinned()
  vault.close()
  const raw = new DatabaseSync(file)
  // The folder of the secret is gone, so that its row in the bin is the only one.
  raw.exec('UPDATE names SET body = zeroblob(200)')
  raw.close()
  clock.advance(binLifeMs)
  const store: SecretStore = (await unlock()).store(secretMount)
  await expect(store.bin().list()).rejects.toThrow(/bin of mount "secret"/)
  await expect(store.bin().purge('all')).rejects.toThrow(failing('corrupt'))
  await store.write(path('a/b'), { mode: 'create', data: data('y') })
  expect((await store.readVersion(path('a/b'))).data).toBe(data('y'))
})

test('there is no bin of a locked vault, nor of a mount that is not there', async () => {
  const { vault, store } = await withBinned()
  await vault.mounts.enable({ name: MountName.parse('team'), version: 2 })
  const gone = vault.store(MountName.parse('team'))
  await vault.mounts.disable(MountName.parse('team'))
  await expect(gone.bin().list()).rejects.toThrow(failing('not_found'))
  vault.lock()
  await expect(store.bin().list()).rejects.toThrow(failing('locked'))
})
