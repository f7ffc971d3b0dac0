import { expect, test } from 'vitest'
import { MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import { newVault } from './new-vault'

const mount = MountName.parse('secret')
const path = SecretPath.parse('team/db')
const dataOf = (value: string) => SecretData.parse(JSON.stringify({ value }))

test('a value that is kept is not read again, until somebody else writes it', async () => {
  const { vault, unlock } = await newVault()
  const store = vault.store(mount)
  await store.write(path, { mode: 'create', data: dataOf('first') })
  const read = async () => (await store.readSecret?.(path))?.version?.data
  expect([await read(), await read()]).toEqual([dataOf('first'), dataOf('first')])
  const other = (await unlock()).store(mount)
  await other.write(path, { mode: 'update', data: dataOf('second') })
  expect(await read()).toBe(dataOf('second'))
  await other.remove(path)
  await expect(read()).rejects.toMatchObject({ code: 'not_found' })
  await other.write(path, { mode: 'create', data: dataOf('third') })
  expect(await read()).toBe(dataOf('third'))
})

test('a value that is kept is gone with its version, and with the keys', async () => {
  const { vault } = await newVault()
  const store = vault.store(mount)
  await store.write(path, { mode: 'create', data: dataOf('first') })
  await store.write(path, { mode: 'update', data: dataOf('second') })
  const before = await store.readSecret?.(path)
  expect(before?.version?.data).toBe(dataOf('second'))
  await store.setState(path, 'current', 'deactivated')
  expect((await store.readSecret?.(path))?.version).not.toHaveProperty('data')
  await store.setState(path, before?.version ? [before.version.metadata.version] : [], 'deleted')
  expect((await store.readSecret?.(path))?.version).not.toHaveProperty('data')
  vault.lock()
  await expect(store.readSecret?.(path)).rejects.toMatchObject({ code: 'locked' })
})

test('paths lead to what is there now: renamed, removed and made anew, by whomever', async () => {
  const { vault, unlock } = await newVault()
  const store = vault.store(mount)
  const other = (await unlock()).store(mount)
  const moved = SecretPath.parse('team/database')
  const read = async (at: SecretPath) => (await store.readVersion(at)).data
  await store.write(path, { mode: 'create', data: dataOf('a') })
  expect(await read(path)).toBe(dataOf('a'))
  await other.transfer?.({ kind: 'secret', from: path, to: moved, keepSource: false })
  await expect(read(path)).rejects.toMatchObject({ code: 'not_found' })
  expect(await read(moved)).toBe(dataOf('a'))
  await store.transfer?.({ kind: 'secret', from: moved, to: path, keepSource: false })
  expect(await read(path)).toBe(dataOf('a'))
  await expect(read(moved)).rejects.toMatchObject({ code: 'not_found' })
})
