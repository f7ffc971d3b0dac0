import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { createSecret, createVault } from '../support/window-steps'

/** Types into the field, over what it holds. */
async function search(page: Page, text: string): Promise<void> {
  await page.getByLabel('Search paths').fill(text)
}

function results(page: Page) {
  return page.getByRole('listbox', { name: 'Search results' }).getByRole('option')
}

async function createSome(page: Page): Promise<void> {
  await createVault(page)
  await createSecret(page, 'prod/database/MySQL', '{"login":"admin","password":"canari violet"}')
  await createSecret(page, 'prod/api/stripe', '{"api_key":"x","webhook":"hooks.example"}', () =>
    addMetadata(page, 'owner', 'Zoé'),
  )
  await createSecret(page, 'staging/token', '{"password":"other"}')
}

async function addMetadata(page: Page, key: string, value: string): Promise<void> {
  await page.getByText('Settings and metadata').click()
  await page.getByRole('button', { name: 'Add metadata' }).click()
  await page.getByLabel('Metadata key 1').fill(key)
  await page.getByLabel('Metadata value 1').fill(value)
}

test('paths, key names and metadata are searched, and the row says what matched', async ({
  page,
}) => {
  await createSome(page)
  await search(page, 'password')
  await expect(results(page)).toHaveCount(2)
  await expect(results(page).first()).toContainText('key: password')
  await expect(results(page).first().locator('mark')).toHaveText('password')
  await expect(page.getByText('2 matches for “password”')).toBeVisible()
  await lookAt(page, '24-search-keys')

  await search(page, 'STRIPE zoe')
  await expect(results(page)).toHaveCount(1)
  await expect(results(page).first()).toContainText('metadata: owner=Zoé')
  await expect(results(page).locator('mark')).toHaveText(['stripe', 'Zoé'])
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'prod/api/stripe' })).toBeVisible()

  await search(page, 'staging')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'staging/token' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('tree', { name: 'Secrets as a tree' })).toBeVisible()
})

test('values are searched on request only, and not shown', async ({ page }) => {
  await createSome(page)
  await search(page, 'violet')
  await expect(page.getByText('Nothing found')).toBeVisible()
  await lookAt(page, '25-search-nothing')
  await page.getByRole('button', { name: 'Also search values' }).click()
  await expect(results(page)).toHaveCount(1)
  await expect(results(page).first()).toContainText('value of: password')
  await expect(page.getByText('Values were searched too.')).toBeVisible()
  await expect(page.getByText('canari violet')).toHaveCount(0)
  await lookAt(page, '26-search-values')

  // For one text only.
  await search(page, 'canari')
  await expect(page.getByText('Nothing found')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Also search values' })).toBeVisible()
})

test('what is written while results are shown appears in them', async ({ page }) => {
  await createSome(page)
  await search(page, 'prod')
  await expect(results(page)).toHaveCount(2)
  await createSecret(page, 'prod/third', '{"k":"v"}')
  await expect(results(page)).toHaveCount(3)
})

test('the search says it in French, and fits', async ({ page }) => {
  await createSome(page)
  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  await page.getByLabel('Language').selectOption('fr')
  await page.getByLabel('Rechercher chemins').fill('password')
  await expect(page.getByText('clé\u202f: password').first()).toBeVisible()
  await lookAt(page, '27-search-fr')
})
