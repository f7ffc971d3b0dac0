import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { giveToApp } from '../support/electron-app'
import {
  answerDialogs,
  createSecret,
  createVault,
  dataFolder,
  foundIn,
  openSecret,
  saveNewVersion,
  setValue,
  unlock,
} from '../support/window-steps'

async function openBackups(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Vault settings of personal' }).click()
  await page.getByRole('tab', { name: 'Backups' }).click()
}

const rows = (page: Page) => page.getByRole('table', { name: 'Backups' }).locator('tbody tr')

test('a backup is made, looked at, and restored from', async ({ coffret, page }) => {
  await createVault(page)
  await createSecret(page, 'app/db', '{"password":"first"}')
  await createSecret(page, 'app/lost', '{"password":"canarylost"}')
  await openBackups(page)
  await page.getByRole('button', { name: 'Back up now' }).click()
  await expect(page.getByText('Backup made and checked')).toBeVisible()
  await expect(rows(page).first()).toContainText('one of the latest')
  await lookAt(page, '70-backups')

  await page.getByRole('button', { name: 'personal, unlocked' }).first().click()
  await openSecret(page, 'app/db')
  await saveNewVersion(page, () => setValue(page, 'password', 'second'))
  await openSecret(page, 'app/lost')
  await page.getByRole('button', { name: 'More actions', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Move to the bin' }).click()

  await openBackups(page)
  await page
    .getByRole('button', { name: /^Browse the backup of/ })
    .last()
    .click()
  await expect(page.getByText(/Nothing here can be changed/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'New secret' })).toHaveCount(0)
  await openSecret(page, 'app/db')
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toHaveCount(0)
  await page.getByRole('button', { name: 'Reveal all' }).click()
  await expect(page.getByText('first', { exact: true })).toBeVisible()
  await lookAt(page, '71-backup-opened')

  await page.getByRole('button', { name: 'Restore…', exact: true }).click()
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(page.getByText('As a new version of it')).toBeVisible()
  await lookAt(page, '72-backup-restore-one')
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(page.getByText('app/db restored into the vault')).toBeVisible()

  await page.getByRole('button', { name: 'Restore all…' }).click()
  await expect(page.getByText(/1 secret is missing in the vault/)).toBeVisible()
  await expect(page.getByText(/1 secret is the same/)).toBeVisible()
  await lookAt(page, '73-backup-restore-all')
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
  await expect(page.getByText('1 secret restored')).toBeVisible()

  await page.getByRole('button', { name: 'Close backup' }).click()
  await expect(rows(page).first()).toBeVisible()
  await page.getByRole('button', { name: 'personal, unlocked' }).first().click()
  await openSecret(page, 'app/lost')
  await openSecret(page, 'app/db')
  await expect(page.getByText('v3', { exact: true }).first()).toBeVisible()

  await coffret.close()
  const folder = join(dataFolder(coffret), 'backups')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  // One by hand, and one at the end, of what changed since.
  expect(files.length).toBeGreaterThanOrEqual(2)
  expect(files.flatMap((file) => foundIn(file, ['canarylost', 'app/lost']))).toEqual([])
})

test('an export opens with its own passphrase', async ({ coffret, page }) => {
  await createVault(page)
  await createSecret(page, 'app/db', '{"password":"first"}')
  await openBackups(page)
  await page.getByRole('button', { name: 'Export…' }).click()
  const file = join(coffret.profile, 'handed-over.coffret')
  await answerDialogs(coffret.app, file)
  await page.getByRole('dialog').getByRole('button', { name: 'Choose…' }).click()
  const own = 'Pont-Neuf-3-merles-noirs'
  await page.getByLabel('Passphrase of the file', { exact: true }).fill(own)
  await page.getByLabel('Repeat the passphrase of the file', { exact: true }).fill(own)
  await lookAt(page, '74-backup-export')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(page.getByText('The file is written and checked')).toBeVisible()
  const replaced = coffret.app.waitForEvent('window')
  await page.keyboard.press('Control+l')
  const locked = await replaced
  await locked.getByRole('button', { name: 'Open a vault file' }).click()
  await unlock(locked, own)
  await openSecret(locked, 'app/db')
})

test('a backup that fails is told, and told no more once one succeeds', async ({
  coffret,
  page,
}) => {
  await createVault(page)
  const folder = join(coffret.profile, 'disk')
  mkdirSync(folder)
  giveToApp(folder)
  await openBackups(page)
  await answerDialogs(coffret.app, folder)
  await page.getByRole('button', { name: 'Choose…' }).click()
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByText('Settings saved')).toBeVisible()
  await expect(page.getByText('No backups yet')).toBeVisible()
  rmSync(folder, { recursive: true })
  await page.getByRole('button', { name: 'Back up now' }).click()
  await expect(page.getByText('The folder for backups is missing').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Backup failed' })).toBeVisible()
  await lookAt(page, '75-backup-failed')
  mkdirSync(folder)
  giveToApp(folder)
  await page.getByRole('button', { name: 'Back up now' }).click()
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'Backup failed' })).toHaveCount(0)
})
