import { expect, test } from 'vitest'
import { parseDuration } from '../../src-main/contract/duration'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { newVault, kvMount, secretMount } from './new-vault'

const path = SecretPath.parse('x')
const data = SecretData.parse('{}')

test('each mount has its own names and settings', async () => {
  const { vault } = await newVault()
  await vault.store(secretMount).write(path, { mode: 'create', data: SecretData.parse('{"n":2}') })
  await vault.store(kvMount).write(path, { mode: 'create', data: SecretData.parse('{"n":1}') })
  await vault.store(secretMount).writeConfig({ maxVersions: 3, casRequired: true })
  expect((await vault.store(secretMount).readVersion(path)).data).toBe('{"n":2}')
  expect((await vault.store(kvMount).readVersion(path)).data).toBe('{"n":1}')
  await vault.store(kvMount).write(path, { mode: 'upsert', data })
  await vault.store(secretMount).remove(path)
  expect((await vault.store(kvMount).readVersion(path)).data).toBe('{}')
})

test('a negative life of the store ends no version, and is kept', async () => {
  const { vault, unlock, clock } = await newVault()
  const store = vault.store(secretMount)
  const life = { deactivateVersionAfter: parseDuration('1s') }
  await store.write(path, { mode: 'create', data, settings: life })
  await store.writeConfig({ deactivateVersionAfter: { seconds: -30, text: '-30s' } })
  await store.write(path, { mode: 'update', data })
  clock.advance(60_000)
  vault.close()
  const again = (await unlock()).store(secretMount)
  expect((await again.readConfig()).deactivateVersionAfter).toEqual({ seconds: -1, text: '-1s' })
  expect((await again.readVersion(path)).state).toBe('active')
})

test('the time of a write is that of its transaction', async () => {
  const { vault, clock } = await newVault()
  clock.advance(5)
  const { version } = await vault.store(secretMount).write(path, { mode: 'create', data })
  expect(version?.createdAt).toBe(clock.now())
})

test('a mount of version 1 keeps the last value alone', async () => {
  const { vault } = await newVault()
  const store = vault.store(kvMount)
  for (const n of [1, 2, 3]) {
    await store.write(path, { mode: 'upsert', data: SecretData.parse(`{"n":${n}}`) })
  }
  await vault.mounts.tune(kvMount, { version: 2 })
  const { versions } = await vault.store(kvMount).readMetadata(path)
  expect(versions.map(({ version }) => version)).toEqual([3])
  expect((await vault.store(kvMount).readVersion(path)).data).toBe('{"n":3}')
})
