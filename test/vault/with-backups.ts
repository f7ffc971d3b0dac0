import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { defaultBackupSettings } from '../../src-main/contract/backup-settings'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import type { BackupPlan } from '../../src-main/vault/backup/backup-files'
import { LocalVault } from '../../src-main/vault/local-vault'
import type { VaultOptions } from '../../src-main/vault/vault-options'
import { StandingClock, cheapKdf, passphrase, secretMount, temporaryFolder } from './new-vault'

export const pathOf = (text: string) => SecretPath.parse(text)
export const dataOf = (value: string) => SecretData.parse(JSON.stringify({ password: value }))

/** A new vault, unlocked, that keeps backups in a folder of its own. */
export async function vaultWithBackups(more: Partial<BackupPlan> = {}) {
  const root = temporaryFolder()
  const folder = join(root, 'backups')
  mkdirSync(folder)
  const plan: BackupPlan = { ...defaultBackupSettings, folder, makesFolder: false, ...more }
  const clock = new StandingClock()
  const changes = { count: 0 }
  const options: VaultOptions = {
    ...{ file: join(root, 'test.coffret'), clock, random: systemRandom, busyTimeoutMs: 50 },
    backups: () => plan,
    onBackupsChange: () => (changes.count += 1),
  }
  const { vault } = await LocalVault.create({ ...options, passphrase, kdf: cheapKdf })
  onTestFinished(async () => {
    vault.close()
    await vault.backups.settled()
  })
  const files = () => {
    const own = join(plan.folder, vault.id)
    return readdirSync(own).map((name) => join(own, name))
  }
  const store = () => vault.store(secretMount)
  const put = (path: string, value: string) =>
    store().write(pathOf(path), { mode: 'upsert', data: dataOf(value) })
  const read = async (path: string) => (await store().readVersion(pathOf(path))).data
  return { vault, root, plan, clock, options, changes, files, store, put, read }
}

/** Opens the newest backup to look at it. */
export async function openNewest(vault: LocalVault) {
  const [newest] = await vault.backups.list()
  return vault.backups.opened.open(vault.backups.find(newest!.name))
}
