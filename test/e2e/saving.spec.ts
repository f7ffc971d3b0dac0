import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { holdCalls } from '../support/held-calls'
import { createSecret, createVault, openSecret, openTab, setValue } from '../support/window-steps'

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })

test.describe('while a secret is saved', () => {
  test('a new one takes no more letters, says so, and goes on where it was if that fails', async ({
    coffret,
    page,
  }) => {
    await createVault(page)
    const held = await holdCalls(coffret.app, 'secret.create')
    await page.keyboard.press('Control+n')
    const path = page.getByLabel('Path', { exact: true })
    await path.fill('app/token')
    await page.getByLabel('Key 1').fill('user')
    await page.getByLabel('Value of user', { exact: true }).fill('ada')
    await page.keyboard.press('Control+s')
    await expect(page.getByRole('status').getByText('Saving…')).toBeVisible()
    await expect.poll(() => held.waiting()).toBe(1)
    await lookAt(page, '180-saving')
    // None of it is for a field, nor for what a key means elsewhere.
    await page.keyboard.type(' and/or')
    await expect(page.getByLabel('Search paths')).toHaveValue('')
    await held.release('busy')
    await expect(page.getByRole('alert')).toBeVisible()
    const value = page.getByLabel('Value of user', { exact: true })
    await expect(value).toBeFocused()
    await expect(value).toHaveValue('ada')
    await expect(path).toHaveValue('app/token')
    await page.keyboard.press('Control+s')
    await expect(heading(page, 'app/token')).toBeVisible()
  })

  test('the review stays, so that nothing can be typed that would be lost', async ({
    coffret,
    page,
  }) => {
    await createVault(page)
    await createSecret(page, 'app/token', '{"user":"ada"}')
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await setValue(page, 'user', 'bob')
    await page.keyboard.press('Control+s')
    await expect(heading(page, 'Review changes')).toBeVisible()
    const held = await holdCalls(coffret.app, 'secret.write')
    await page.keyboard.press('Control+s')
    await expect.poll(() => held.waiting()).toBe(1)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('status').getByText('Saving…')).toBeVisible()
    await expect(heading(page, 'Review changes')).toBeVisible()
    await held.release()
    await expect(page.getByText('Saved as version 2')).toBeVisible()
    await expect(heading(page, 'app/token')).toBeVisible()
  })

  test('its settings take no more letters either', async ({ coffret, page }) => {
    await createVault(page)
    await createSecret(page, 'app/token', '{"user":"ada"}')
    await openTab(page, 'Metadata & settings')
    await page.getByRole('button', { name: 'Edit metadata and settings' }).click()
    const kept = page.getByLabel('Versions kept')
    await kept.fill('1')
    const held = await holdCalls(coffret.app, 'secret.configure')
    await kept.press('Enter')
    await expect.poll(() => held.waiting()).toBe(1)
    await expect(page.getByRole('status').getByText('Saving…')).toBeVisible()
    await lookAt(page, '183-saving-settings')
    await page.keyboard.type('2')
    await held.release('busy')
    await expect(kept).toBeFocused()
    await expect(kept).toHaveValue('1')
    await page.keyboard.type('2')
    await kept.press('Enter')
    await expect(page.getByRole('row', { name: /^Versions kept/ })).toContainText('12')
  })
})

test('settings that are edited stay while another tab is looked at, and are asked about', async ({
  page,
}) => {
  await createVault(page)
  await createSecret(page, 'app/other', '{"user":"bob"}')
  await createSecret(page, 'app/token', '{"user":"ada"}')
  await openTab(page, 'Metadata & settings')
  await page.getByRole('button', { name: 'Edit metadata and settings' }).click()
  const kept = page.getByLabel('Versions kept')
  await kept.fill('12')
  await openTab(page, 'Versions')
  await openTab(page, 'Metadata & settings')
  await expect(kept).toHaveValue('12')

  const question = page.getByRole('dialog', { name: 'Discard your changes?' })
  await page.getByRole('treeitem', { name: /^other/ }).click()
  await expect(question).toContainText('The new settings of app/token are not saved.')
  await lookAt(page, '184-leave-settings')
  await question.getByRole('button', { name: 'Keep editing' }).click()
  await expect(kept).toHaveValue('12')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByRole('row', { name: /^Versions kept/ })).toContainText('12')
  await openSecret(page, 'app/other')
  await expect(heading(page, 'app/other')).toBeVisible()
})
