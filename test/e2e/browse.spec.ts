import { expect, lookAt, test } from '../support/coffret-test'
import { createSecret, createVault, openSecret } from '../support/window-steps'

const paths = ['prod/database/MySQL', 'prod/database/Postgres', 'prod/api/stripe', 'staging/token']

test('secrets are found in the tree, in the flat list and by typing', async ({ page }) => {
  await createVault(page)
  for (const path of paths) await createSecret(page, path, '{"k":"v"}')

  const tree = page.getByRole('tree', { name: 'Secrets as a tree' })
  await expect(tree.getByRole('treeitem', { name: /MySQL/ })).toBeVisible()
  await lookAt(page, '20-tree')
  await tree.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowLeft')
  await expect(tree.getByRole('treeitem', { name: /MySQL/ })).toHaveCount(0)
  await page.keyboard.press('ArrowRight')
  await expect(tree.getByRole('treeitem', { name: /^database, folder/ })).toBeVisible()

  await page.getByRole('radiogroup', { name: 'Show as' }).getByText('List', { exact: true }).click()
  const list = page.getByRole('listbox', { name: 'Secrets as a list' })
  await expect(list.getByRole('option')).toHaveCount(4)
  await lookAt(page, '21-list')

  await page.keyboard.press('Control+f')
  await page.keyboard.type('postg')
  const results = page.getByRole('listbox', { name: 'Search results' })
  await expect(results.getByRole('option')).toHaveCount(1)
  await expect(results.getByRole('option')).toContainText('Postgres')
  await lookAt(page, '22-search')
  await page.getByLabel('Search paths').fill('nothing like this')
  await expect(page.getByText('Nothing found')).toBeVisible()
  await openSecret(page, 'staging/token')
})

test('a secret is erased at once after a confirmation that names it', async ({ page }) => {
  await createVault(page)
  await createSecret(page, 'staging/token', '{"k":"v"}')
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete now…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete staging/token now?' })
  const confirm = dialog.getByRole('button', { name: 'Delete now' })
  await expect(confirm).toBeDisabled()
  await expect(dialog).toContainText('copies of the vault file')
  await lookAt(page, '23-delete')
  await dialog.getByLabel('Type token to confirm').fill('token')
  await confirm.click()
  await expect(page.getByText('No secrets yet')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Bin, empty' })).toBeVisible()
})

test('a secret is renamed with all its versions, and copied', async ({ page }) => {
  await createVault(page)
  await createSecret(page, 'staging/token', '{"k":"v"}')
  await page.keyboard.press('F2')
  await page.getByLabel('New path').fill('prod/token')
  await page.getByRole('button', { name: 'Rename', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'prod/token' })).toBeVisible()
  await expect(page.getByRole('treeitem', { name: /staging/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Duplicate…' }).click()
  await page.getByRole('button', { name: 'Duplicate', exact: true }).click()
  await expect(page.getByRole('treeitem', { name: /^token-copy/ })).toBeVisible()
})
