import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { SecretKey } from '../../../src-main/crypto/secret-key'
import { systemRandom as random } from '../../../src-main/env'
import {
  copyVault,
  type CopyOptions,
  type NotCopied,
} from '../../../src-main/vault/backup/copy-vault'
import { Database } from '../../../src-main/vault/database'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { deriveKeys, UnlockedVault } from '../../../src-main/vault/unlocked-vault'
import { layOutVault, prepareVault } from '../../../src-main/vault/vault-creation'
import { createVaultFile } from '../../../src-main/vault/vault-file'
import { StandingClock, cheapKdf, passphrase, secretMount, temporaryFolder } from '../new-vault'
import { dataOf, pathOf } from '../with-backups'

const failing = (code: string) => expect.objectContaining({ code })
const clock = new StandingClock()

/** A vault file of which the keys are at hand. */
async function emptyVault(name: string) {
  const file = join(temporaryFolder(), name)
  const { header, dataKey } = await prepareVault({ passphrase, random, kdf: cheapKdf })
  createVaultFile(file)
  const database = Database.onEmptyFile(file, 50)
  onTestFinished(() => database.close())
  layOutVault(database, header, dataKey, { clock, random })
  const keys = deriveKeys(new SecretKey(dataKey.bytes.slice()), header.vaultId)
  const vault = UnlockedVault.enter(database, header.vaultId, keys, { clock, random })
  return { file, database, vault }
}

async function opened(file: string) {
  const vault = LocalVault.open({ file, clock, random, busyTimeoutMs: 50 })
  onTestFinished(() => vault.close())
  await vault.unlockWithPassphrase(passphrase)
  return vault.store(secretMount)
}

/** Two secrets of two versions each, and the copying of them. */
async function twoSecrets() {
  const source = await emptyVault('source.coffret')
  const store = await opened(source.file)
  for (const path of ['app/one', 'app/two']) {
    for (const value of ['1', '2']) {
      await store.write(pathOf(path), { mode: 'upsert', data: dataOf(value) })
    }
  }
  const target = await emptyVault('target.coffret')
  const copy = (options: Partial<CopyOptions> = {}) =>
    copyVault(source.vault, target.vault, {
      ...{ onCorrupt: 'throw', checkCancelled: () => undefined },
      ...options,
    })
  return { source, target, store, copy }
}

/** Breaks every version record with this number. */
function damageVersions(file: string, version: number): void {
  const database = new DatabaseSync(file)
  database
    .prepare('UPDATE records SET body = zeroblob(length(body)) WHERE kind = 4 AND version = ?')
    .run(version)
  database.close()
}

test('everything is in the copy, under keys of its own', async () => {
  const { target, store, copy } = await twoSecrets()
  expect(copy()).toBe(2)
  const there = await opened(target.file)
  expect(await there.listAll()).toEqual(await store.listAll())
  const path = pathOf('app/two')
  expect(await there.readMetadata(path)).toEqual(await store.readMetadata(path))
  expect((await there.readVersion(path, 1 as never)).data).toBe(dataOf('1'))
})

test('a damaged record ends the copying, or is told and left out', async () => {
  const { source, target, copy } = await twoSecrets()
  damageVersions(source.file, 1)
  expect(() => copy()).toThrow(failing('corrupt'))
  const lost: NotCopied[] = []
  expect(copy({ onCorrupt: (what) => lost.push(what) })).toBe(2)
  expect(lost.map(({ path, version }) => [path, version]).sort()).toEqual([
    ['secret/app/one', 1],
    ['secret/app/two', 1],
  ])
  const there = await opened(target.file)
  expect((await there.readVersion(pathOf('app/one'))).data).toBe(dataOf('2'))
  expect((await there.readVersion(pathOf('app/one'), 1 as never)).state).toBe('deleted')
})

test('what is no damage ends it, also where damage is told', async () => {
  const { copy } = await twoSecrets()
  const stop = () => {
    throw new Error('stop')
  }
  expect(() => copy({ onCorrupt: () => undefined, checkCancelled: stop })).toThrow('stop')
})
