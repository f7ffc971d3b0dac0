import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { passphrase, secretMount } from '../new-vault'
import { dataOf, pathOf, vaultWithBackups } from '../with-backups'

const failing = (code: string) => expect.objectContaining({ code })

describe('exporting', () => {
  const own = new TextEncoder().encode('a passphrase of its own')

  test('gives a vault of its own with everything in it, that opens with its passphrase alone', async () => {
    const { vault, root, clock, options, put, store } = await vaultWithBackups()
    await put('app/db', 'one')
    await put('app/db', 'two')
    await put('app/binned', 'three')
    await store().writeConfig({ maxVersions: 7 })
    await store()
      .bin()
      .discard({ path: pathOf('app/binned'), kind: 'secret' })
    const file = join(root, 'export.coffret')
    const kdf = { memoryKib: 19 * 1024, passes: 1, lanes: 1 }
    await vault.backups.export({ file, passphrase: own, kdf })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const plain = { file, clock, random: options.random }
    const exported = LocalVault.open(plain)
    expect(exported.id).not.toBe(vault.id)
    await expect(exported.unlockWithPassphrase(passphrase)).rejects.toThrow(
      failing('wrong_passphrase'),
    )
    await exported.unlockWithPassphrase(own)
    const there = exported.store(secretMount)
    expect(await there.readMetadata(pathOf('app/db'))).toEqual(
      await store().readMetadata(pathOf('app/db')),
    )
    expect((await there.readVersion(pathOf('app/db'), 1 as never)).data).toBe(dataOf('one'))
    expect(await there.readConfig()).toMatchObject({ maxVersions: 7 })
    expect(await there.bin().list()).toEqual(await store().bin().list())
    await there.write(pathOf('app/db'), { mode: 'update', data: dataOf('four'), cas: 2 })
    exported.close()
    await expect(vault.backups.export({ file, passphrase: own, kdf })).rejects.toThrow(
      failing('exists'),
    )
  })

  test('leaves nothing when it is cancelled', async () => {
    const { vault, root, put, files } = await vaultWithBackups()
    await put('a', '1')
    const file = join(root, 'export.coffret')
    const cancel = new AbortController()
    cancel.abort()
    const exporting = vault.backups.export({ file, passphrase: own }, { signal: cancel.signal })
    await expect(exporting).rejects.toThrow(failing('cancelled'))
    expect(files()).toEqual([])
    expect(() => statSync(file)).toThrow()
  })
})
