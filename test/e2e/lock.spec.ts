import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { launchCoffret, type RunningCoffret } from '../support/electron-app'
import {
  clipboardText,
  contentMode,
  createSecret,
  createVault,
  dataFolder,
  foundIn,
  openSecret,
  setValue,
  unlock,
  vaultFile,
} from '../support/window-steps'

/** The process of the only window. */
async function rendererPid({ app }: RunningCoffret): Promise<number | undefined> {
  return app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
  )
}

/** Locks by `how` and gives the window that came in place of the old one. */
async function lockBy({ app }: RunningCoffret, how: () => Promise<void>): Promise<Page> {
  const replaced = app.waitForEvent('window')
  await how()
  const page = await replaced
  await expect(page.getByRole('button', { name: 'Unlock', exact: true })).toBeVisible()
  return page
}

test('locking replaces the renderer, clears the clipboard and keeps the unsaved edit', async ({
  coffret,
  page,
}) => {
  await createVault(page)
  await createSecret(page, 'app/token', '{"token":"saved"}')
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expect.poll(() => clipboardText(coffret.app)).toBe('saved')
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await contentMode(page, 'Key/value')
  await setValue(page, 'token', 'unsavededit')
  const before = await rendererPid(coffret)

  const locked = await lockBy(coffret, () => page.keyboard.press('Control+l'))
  expect(await rendererPid(coffret)).not.toBe(before)
  expect(await clipboardText(coffret.app)).toBe('')
  expect(foundIn(vaultFile(coffret), ['unsavededit', 'saved'])).toEqual([])
  await lookAt(locked, '30-locked')

  await unlock(locked)
  await expect(locked.getByText(/You have an unsaved edit of app\/token/)).toBeVisible()
  await lookAt(locked, '31-draft')
  await locked.getByRole('button', { name: 'Resume' }).click()
  await contentMode(locked, 'Key/value')
  await expect(locked.getByLabel('Value of token', { exact: true })).toHaveValue('unsavededit')
  await locked.getByRole('button', { name: 'Review changes' }).click()
  await locked.getByRole('button', { name: 'Save as version 2' }).click()
  await expect(locked.getByText('Saved as version 2')).toBeVisible()
  await expect(locked.getByText(/You have an unsaved edit/)).toHaveCount(0)
})

test('the lock button locks', async ({ coffret, page }) => {
  await createVault(page)
  await lockBy(coffret, () => page.getByRole('button', { name: 'Lock', exact: true }).click())
})

test('nothing stands in the way of the lock: not even an open dialog', async ({
  coffret,
  page,
}) => {
  await createVault(page)
  await createSecret(page, 'app/token', '{"token":"saved"}')
  await page.getByRole('button', { name: 'Display the value' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await lockBy(coffret, () => page.keyboard.press('Control+l'))
})

test('after quitting and starting again everything is there', async ({ coffret, page }) => {
  await createVault(page)
  await createSecret(page, 'app/token', '{"token":"saved","n":1.0,"big":12345678901234567890}')
  await coffret.close()
  const again = await launchCoffret({ profile: coffret.profile })
  try {
    await unlock(again.page)
    await openSecret(again.page, 'app/token')
    await again.page.getByRole('button', { name: 'Reveal all' }).click()
    for (const text of ['saved', '1.0', '12345678901234567890']) {
      await expect(again.page.getByText(text, { exact: true })).toBeVisible()
    }
  } finally {
    await again.close()
  }
  expect(dataFolder(coffret)).toContain(coffret.profile)
})
