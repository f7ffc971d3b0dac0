import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { giveToApp, type RunningCoffret } from '../support/electron-app'
import {
  answerDialogs,
  confirmRecoveryWords,
  createVault,
  passphrase,
  readRecoveryWords,
  unlock,
} from '../support/window-steps'

async function openKeys(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Vault settings of/ }).click()
  await expect(keys(page).getByRole('listitem').first()).toBeVisible()
}

function keys(page: Page): Locator {
  return page.getByRole('list', { name: 'Keys of this vault' })
}

async function startAdding(page: Page, kind: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Add a key…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a key' })
  await dialog.getByRole('radio', { name: kind }).check({ force: true })
  await dialog.getByRole('button', { name: 'Continue' }).click()
  return dialog
}

async function addKeyFile({ app, profile }: RunningCoffret, page: Page): Promise<string> {
  const file = join(profile, 'stick.coffretkey')
  await answerDialogs(app, file)
  const dialog = await startAdding(page, 'Key file')
  await dialog.getByLabel('Name', { exact: true }).fill('Red stick')
  await dialog.getByRole('button', { name: 'Choose…' }).click()
  await expect(dialog.getByLabel('Place of the key file')).toHaveValue(file)
  await dialog.getByLabel('Current passphrase', { exact: true }).fill(passphrase)
  await lookAt(page, '81-add-key-file')
  await dialog.getByRole('button', { name: 'Add key' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(keys(page).getByText('Red stick')).toBeVisible()
  return file
}

async function setPin(page: Page, pin: string): Promise<void> {
  await page.getByRole('button', { name: 'Set a PIN…' }).click()
  await page.getByLabel('PIN', { exact: true }).fill(pin)
  await page.getByLabel('Repeat the PIN', { exact: true }).fill(pin)
  await lookAt(page, '83-set-pin')
  await page.getByRole('button', { name: 'Set PIN' }).click()
  await expect(page.getByText('On until Coffret quits')).toBeVisible()
}

async function lock({ app }: RunningCoffret, page: Page): Promise<Page> {
  const replaced = app.waitForEvent('window')
  await page.keyboard.press('Control+l')
  const locked = await replaced
  await expect(locked.getByRole('button', { name: 'Unlock', exact: true })).toBeVisible()
  return locked
}

async function expectOpen(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'New secret' }).first()).toBeVisible()
}

async function remove(page: Page, name: string): Promise<void> {
  await keys(page)
    .getByRole('button', { name: `Remove ${name}` })
    .click()
  const dialog = page.getByRole('dialog', { name: `Remove ${name}?` })
  await dialog.getByLabel('Current passphrase', { exact: true }).fill(passphrase)
  await lookAt(page, `82-remove-${name.toLowerCase().replaceAll(' ', '-')}`)
  await dialog.getByRole('button', { name: 'Remove key' }).click()
  await expect(dialog).toHaveCount(0)
}

test('a key file is added, opens the vault, and opens it no more once it was removed', async ({
  coffret,
  page,
}) => {
  await createVault(page)
  await openKeys(page)
  await lookAt(page, '80-keys')
  const file = await addKeyFile(coffret, page)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toMatch(/^Coffret key file 1\n[0-9a-f]{64}\nchecksum /)

  const locked = await lock(coffret, page)
  await locked.getByRole('button', { name: 'Use a key file instead' }).click()
  const wrong = join(coffret.profile, 'wrong.coffretkey')
  writeFileSync(wrong, 'something else')
  giveToApp(wrong)
  await locked.getByLabel('Key file').setInputFiles(wrong)
  await locked.getByRole('button', { name: 'Unlock', exact: true }).click()
  await expect(locked.getByText('This is not a Coffret key file.')).toBeVisible()
  await lookAt(locked, '84-unlock-key-file')
  await locked.getByLabel('Key file').setInputFiles(file)
  await locked.getByRole('button', { name: 'Unlock', exact: true }).click()
  await expectOpen(locked)

  await openKeys(locked)
  await remove(locked, 'Red stick')
  await expect(keys(locked).getByRole('listitem')).toHaveCount(2)
  const again = await lock(coffret, locked)
  await expect(again.getByRole('button', { name: 'Use a key file instead' })).toHaveCount(0)
})

test('V-17: the last key cannot be removed', async ({ page }) => {
  await createVault(page)
  await openKeys(page)
  await remove(page, 'Recovery key')
  const last = keys(page).getByRole('button', { name: 'Remove Passphrase' })
  await expect(last).toBeDisabled()
  await expect(page.getByText('The last key cannot be removed.')).toBeVisible()
})

test('a PIN unlocks until it was wrong five times', async ({ coffret, page }) => {
  await createVault(page)
  await openKeys(page)
  await setPin(page, '4711')
  await lookAt(page, '85-quick-unlock')

  let window = await lock(coffret, page)
  await window.getByLabel('PIN', { exact: true }).fill('4711')
  await window.getByRole('button', { name: 'Unlock', exact: true }).click()
  await expectOpen(window)

  window = await lock(coffret, window)
  for (const left of ['4 tries', '3 tries', '2 tries', '1 try']) {
    await window.getByLabel('PIN', { exact: true }).fill('0000')
    await window.getByRole('button', { name: 'Unlock', exact: true }).click()
    await expect(window.getByText(`That PIN is not right. ${left} left.`)).toBeVisible()
  }
  await lookAt(window, '86-unlock-pin')
  await window.getByLabel('PIN', { exact: true }).fill('0000')
  await window.getByRole('button', { name: 'Unlock', exact: true }).click()
  await expect(window.getByText('The PIN is forgotten.')).toBeVisible()
  await expect(window.getByLabel('PIN', { exact: true })).toHaveCount(0)
  await unlock(window)
  await expectOpen(window)
})

/** Puts a keychain into main: what it seals is turned round, which does for these tests. */
async function useKeychain({ app }: RunningCoffret, backend: string): Promise<void> {
  await app.evaluate(({ safeStorage }, name) => {
    const turned = (text: string) => [...text].reverse().join('')
    const seal = (text: string) => Buffer.from(turned(text))
    const open = (sealed: Buffer) => turned(sealed.toString())
    Object.assign(safeStorage, {
      getSelectedStorageBackend: () => name,
      isEncryptionAvailable: () => true,
      encryptString: seal,
      decryptString: open,
      isAsyncEncryptionAvailable: async () => true,
      encryptStringAsync: async (text: string) => seal(text),
      decryptStringAsync: async (sealed: Buffer) => ({ result: open(sealed) }),
    })
  }, backend)
}

test('V-15: a keychain that is as good as none is not offered, and the reason is said', async ({
  coffret,
  page,
}) => {
  await useKeychain(coffret, 'basic_text')
  await createVault(page)
  await openKeys(page)
  await page.getByRole('button', { name: 'Add a key…' }).click()
  await expect(page.getByRole('radio', { name: 'Keychain of a computer' })).toBeDisabled()
  await expect(page.getByText(/^Not offered: no keychain is running/)).toBeVisible()
  await lookAt(page, '87-add-key')
})

test('V-15: a safe keychain opens the vault with one click, until its key is gone', async ({
  coffret,
  page,
}) => {
  await useKeychain(coffret, 'gnome_libsecret')
  await createVault(page)
  await openKeys(page)
  const dialog = await startAdding(page, 'Keychain of a computer')
  await dialog.getByLabel('Current passphrase', { exact: true }).fill(passphrase)
  await dialog.getByRole('button', { name: 'Add key' }).click()
  await expect(keys(page).getByText(/^this computer/)).toBeVisible()
  await lookAt(page, '90-keychain')

  const byKeychain = 'Unlock with this computer’s keychain'
  let window = await lock(coffret, page)
  await lookAt(window, '91-unlock-keychain')
  await window.getByRole('button', { name: byKeychain }).click()
  await expectOpen(window)

  window = await lock(coffret, window)
  await coffret.app.evaluate(({ safeStorage }) => {
    Object.assign(safeStorage, {
      decryptString: () => 'nothing of ours',
      decryptStringAsync: async () => ({ result: 'nothing of ours' }),
    })
  })
  await window.getByRole('button', { name: byKeychain }).click()
  await expect(window.getByText(/^The keychain gives no key/)).toBeVisible()
  await unlock(window)
  await expectOpen(window)
})

test('V-17: after a change the old passphrase fails, and new recovery words open', async ({
  coffret,
  page,
}) => {
  const next = 'Trois-hiboux-sur-le-toit-88'
  await createVault(page)
  await openKeys(page)
  await page.getByRole('button', { name: 'Change Passphrase' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change the passphrase' })
  await dialog.getByLabel('New passphrase', { exact: true }).fill(next)
  await dialog.getByLabel('Repeat the new passphrase', { exact: true }).fill(next)
  await dialog.getByLabel('Current passphrase', { exact: true }).fill('not the passphrase')
  await dialog.getByRole('button', { name: 'Change passphrase' }).click()
  await expect(dialog.getByText('The current passphrase is not right.')).toBeVisible()
  await dialog.getByLabel('Current passphrase', { exact: true }).fill(passphrase)
  await lookAt(page, '88-change-passphrase')
  await dialog.getByRole('button', { name: 'Change passphrase' }).click()
  await expect(dialog).toHaveCount(0)

  await page.getByRole('button', { name: 'Change Recovery key' }).click()
  const words = await readRecoveryWords(page)
  await lookAt(page, '89-new-recovery-key')
  await confirmRecoveryWords(page, words, 'Check and continue')
  const renewing = page.getByRole('dialog', { name: 'New recovery key' })
  await renewing.getByLabel('Current passphrase', { exact: true }).fill(next)
  await renewing.getByRole('button', { name: 'Replace recovery key' }).click()
  await expect(renewing).toHaveCount(0)

  const locked = await lock(coffret, page)
  await unlock(locked)
  await expect(locked.getByText('That does not open this vault.')).toBeVisible()
  await locked.getByRole('button', { name: 'Use the recovery key instead' }).click()
  await locked.getByLabel('Recovery key').fill(words.join(' '))
  await locked.getByRole('button', { name: 'Unlock', exact: true }).click()
  await expectOpen(locked)
})
