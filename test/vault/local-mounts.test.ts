import { describe, expect, test } from 'vitest'
import { MountName, SecretData, SecretPath } from '../../src-main/contract/model'
import { LocalMounts } from '../../src-main/vault/local-mounts'
import { maxMounts, newMount, readMounts, writeMounts } from '../../src-main/vault/mounts'
import { newUnlocked } from './new-unlocked'
import { newVault, secretMount } from './new-vault'

const name = (text: string) => MountName.parse(text)
const path = SecretPath.parse('app/db')
const failing = (code: string) => expect.objectContaining({ code })
const write = { mode: 'upsert', data: SecretData.parse('{"a":"canary"}') } as const

/** The mounts of a vault that has all it may have, made in one transaction. */
async function fullOfMounts(): Promise<LocalMounts> {
  const { unlocked } = await newUnlocked()
  unlocked.write(({ records }) => {
    const first = readMounts(records)
    const more = Array.from({ length: maxMounts - first.length }, (_, n) =>
      newMount(records, { name: name(`m${n}`), version: 1 }),
    )
    writeMounts(records, [...first, ...more])
  })
  return new LocalMounts(() => unlocked)
}

describe('the mounts of a vault', () => {
  test('of a new one are kv and secret', async () => {
    const { vault } = await newVault()
    expect(await vault.mounts.list()).toEqual([
      expect.objectContaining({ name: 'kv', version: 1, description: '', defaultLeaseSeconds: 0 }),
      expect.objectContaining({
        name: 'secret',
        version: 2,
        uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      }),
    ])
  })

  test('are added, and each holds its own secrets', async () => {
    const { vault, unlock } = await newVault()
    const made = await vault.mounts.enable({
      name: name('team'),
      version: 2,
      description: 'ours',
      maxLeaseSeconds: 9,
    })
    expect(made).toMatchObject({ description: 'ours', maxLeaseSeconds: 9, defaultLeaseSeconds: 0 })
    await vault.store(name('team')).write(path, write)
    await expect(vault.store(secretMount).readMetadata(path)).rejects.toThrow(failing('not_found'))
    const again = await unlock()
    expect(await again.mounts.list()).toContainEqual(made)
    expect((await again.store(name('team')).readVersion(path)).data).toBe('{"a":"canary"}')
  })

  test('are not added twice, nor beyond the limit', async () => {
    const { vault } = await newVault()
    await expect(vault.mounts.enable({ name: secretMount, version: 1 })).rejects.toThrow(
      failing('exists'),
    )
    const full = await fullOfMounts()
    expect(await full.list()).toHaveLength(maxMounts)
    await expect(full.enable({ name: name('more'), version: 1 })).rejects.toThrow(
      failing('invalid'),
    )
  })

  test('are removed with everything in them, and come back empty under another id', async () => {
    const { vault } = await newVault()
    const first = await vault.mounts.enable({ name: name('team'), version: 2 })
    const store = vault.store(name('team'))
    for (let n = 0; n < 50; n += 1) await store.write(SecretPath.parse(`f${n % 5}/s${n}`), write)
    await vault.mounts.disable(name('team'))
    expect((await vault.mounts.list()).map((one) => one.name)).toEqual(['kv', 'secret'])
    expect(() => vault.store(name('team'))).toThrow(failing('not_found'))
    await expect(store.listAll()).rejects.toThrow(failing('not_found'))
    const second = await vault.mounts.enable({ name: name('team'), version: 2 })
    expect(second.uuid).not.toBe(first.uuid)
    expect((await vault.store(name('team')).listAll()).items).toEqual([])
    await expect(vault.mounts.disable(name('none'))).rejects.toThrow(failing('not_found'))
  })

  test('are tuned one thing at a time, and a version 1 mount becomes version 2 with its secrets', async () => {
    const { vault } = await newVault()
    await vault.store(name('kv')).write(path, write)
    await vault.mounts.tune(name('kv'), { defaultLeaseSeconds: 60 })
    const tuned = await vault.mounts.tune(name('kv'), { version: 2, description: 'x' })
    expect(tuned).toMatchObject({ version: 2, description: 'x', defaultLeaseSeconds: 60 })
    const store = vault.store(name('kv'))
    expect(store.capabilities()).toContain('versions')
    expect((await store.readVersion(path)).data).toBe('{"a":"canary"}')
    await expect(vault.mounts.tune(name('none'), {})).rejects.toThrow(failing('not_found'))
  })

  test('are not told while the vault is locked', async () => {
    const { vault } = await newVault()
    vault.lock()
    await expect(vault.mounts.list()).rejects.toThrow(failing('locked'))
  })
})
