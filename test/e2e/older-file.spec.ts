import { readFileSync, writeFileSync } from 'node:fs'
import { expect, lookAt, test } from '../support/coffret-test'
import { launchCoffret } from '../support/electron-app'
import { createSecret, createVault, unlock, vaultFile } from '../support/window-steps'

test('V-11: an older file is said with both times, and written only after a decision', async ({
  coffret,
}) => {
  await createVault(coffret.page)
  await createSecret(coffret.page, 'first', '{"n":1}')
  await coffret.close()
  const file = vaultFile(coffret)
  const old = readFileSync(file)
  const newer = await launchCoffret({ profile: coffret.profile })
  await unlock(newer.page)
  await expect(newer.page.getByText('first')).toBeVisible()
  await createSecret(newer.page, 'second', '{"n":2}')
  await newer.close()
  // Over the same file, so that its owner stays the app's.
  writeFileSync(file, old)

  const again = await launchCoffret({ profile: coffret.profile })
  try {
    const { page } = again
    await unlock(page)
    const warning = page.getByRole('alert').filter({ hasText: 'older than the one' })
    await expect(warning).toBeVisible()
    await lookAt(page, 'older-file')
    await expect(page.getByText('first')).toBeVisible()
    await expect(page.getByText('second')).toHaveCount(0)

    await page.keyboard.press('Control+n')
    await page.getByLabel('Path', { exact: true }).fill('third')
    await page.getByRole('button', { name: 'Create secret' }).click()
    await expect(page.getByText('Decide first which one to keep').first()).toBeVisible()

    await page.getByRole('button', { name: 'Go on with this file' }).click()
    await expect(warning).toHaveCount(0)
    await page.getByRole('button', { name: 'Create secret' }).click()
    await expect(page.getByRole('heading', { name: 'third' })).toBeVisible()
  } finally {
    await again.close()
  }
})
