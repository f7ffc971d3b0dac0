import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import {
  confirmRecoveryWords,
  createSecret,
  createVault,
  fillPassphrases,
  mysql,
  passphrase,
  readRecoveryWords,
  saveNewVersion,
  setValue,
} from '../support/window-steps'

/** A second vault beside the one that is open. */
async function addVault(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a vault' }).click()
  await page.getByLabel('Vault name').fill(name)
  await fillPassphrases(page, passphrase)
  await page.getByRole('button', { name: 'Create vault' }).click()
  await confirmRecoveryWords(page, await readRecoveryWords(page))
}

const vaultButton = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('button', { name: `${name}, unlocked` })

const row = (page: Page, name: RegExp) => page.getByRole('treeitem', { name })

/** Chooses from the menu of a row of the tree. */
async function rowAction(page: Page, name: RegExp, action: string): Promise<void> {
  await row(page, name).click({ button: 'right' })
  await page.getByRole('menuitem', { name: action }).click()
}

test('a folder is planned, copied to another vault, compared and moved', async ({ page }) => {
  await createVault(page, 'personal')
  await createSecret(page, mysql.path, mysql.json)
  await createSecret(page, 'prod/cache/Redis', '{"password":"r3d1s"}')
  await addVault(page, 'team')
  await expect(page.getByRole('heading', { name: 'No secrets yet' })).toBeVisible()
  await vaultButton(page, 'personal').click()

  await rowAction(page, /^prod, folder/, 'Copy to…')
  const dialog = page.getByRole('dialog', { name: 'Copy prod' })
  await expect(dialog.getByLabel('To', { exact: true })).toHaveValue(/\/secret$/)
  await expect(dialog.getByText('team › secret')).toHaveCount(1)
  await expect(dialog.getByLabel('Folder there')).toHaveValue('prod')
  await lookAt(page, '100-copy-form')
  await dialog.getByRole('button', { name: 'See the plan' }).click()
  await expect(dialog.getByText('2 secrets will be new there')).toBeVisible()
  await expect(dialog.getByRole('table', { name: 'Plan' }).getByRole('row')).toHaveCount(3)
  await lookAt(page, '101-copy-plan')
  await dialog.getByRole('button', { name: 'Copy now' }).click()
  await expect(dialog.getByText('2 secrets copied and read back')).toBeVisible()
  await lookAt(page, '102-copy-done')
  await dialog.getByRole('button', { name: 'Done' }).click()

  await row(page, /^prod, folder/).click()
  await row(page, /^database, folder/).click()
  await row(page, /^MySQL/).click()
  await saveNewVersion(page, () => setValue(page, 'password', 'another'))
  await rowAction(page, /^prod, folder/, 'Compare with…')
  const comparing = page.getByRole('dialog', { name: 'Compare prod' })
  await comparing.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(comparing.getByText('1 secret differs')).toBeVisible()
  await lookAt(page, '103-compared-folders')
  await comparing.getByRole('button', { name: 'database/MySQL' }).click()
  const keys = comparing.getByRole('table', { name: 'Keys of prod/database/MySQL' })
  await expect(keys.getByRole('row', { name: /^password/ })).toContainText('Different')
  await expect(keys.getByRole('row', { name: /^login/ })).toContainText('Same')
  await expect(comparing).not.toContainText('another')
  await lookAt(page, '104-compared-keys')
  await comparing.getByRole('button', { name: 'Done' }).click()

  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Move to…' }).click()
  const moving = page.getByRole('dialog', { name: 'Move MySQL' })
  await moving.getByRole('button', { name: 'See the plan' }).click()
  await expect(moving.getByText('1 secret holds other data there and stays')).toBeVisible()
  await moving.getByRole('button', { name: 'Change' }).click()
  await moving.getByLabel('Where the path holds other data').selectOption('Add a new version')
  await moving.getByRole('button', { name: 'See the plan' }).click()
  await expect(moving.getByText('1 secret will get a new version')).toBeVisible()
  await lookAt(page, '105-move-plan')
  await moving.getByRole('button', { name: 'Delete them here all the same' }).click()
  await moving.getByRole('button', { name: 'Move now' }).click()
  await expect(moving.getByText('1 secret moved')).toBeVisible()
  await moving.getByRole('button', { name: 'Done' }).click()
  await expect(row(page, /^MySQL/)).toHaveCount(0)
  await expect(row(page, /^cache, folder/)).toBeVisible()
  await vaultButton(page, 'team').click()
  await expect(row(page, /^prod, folder/)).toBeVisible()
})
