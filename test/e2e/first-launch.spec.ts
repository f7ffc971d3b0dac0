import { copyFileSync, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, lookAt, test } from '../support/coffret-test'
import { giveToApp, launchCoffret, makeProfile } from '../support/electron-app'
import {
  answerDialogs,
  confirmRecoveryWords,
  createVault,
  fillPassphrases,
  passphrase,
  readRecoveryWords,
  unlock,
  vaultFile,
} from '../support/window-steps'

test('a vault is created, its recovery key shown once and asked back', async ({
  coffret,
  page,
}) => {
  await expect(page.getByRole('heading', { name: 'Welcome to Coffret' })).toBeVisible()
  await lookAt(page, '01-welcome')
  await page.getByRole('button', { name: 'Create a vault' }).click()
  await expect(page.getByLabel('Vault name')).toHaveValue('personal')
  await fillPassphrases(page, passphrase)
  await expect(page.getByText(/^(Strong|Very strong)$/)).toBeVisible()
  await lookAt(page, '02-create-vault')
  await page.getByRole('button', { name: 'Create vault' }).click()
  const words = await readRecoveryWords(page)
  expect(new Set(words).size).toBeGreaterThan(15)
  await lookAt(page, '03-recovery-key')
  await page.getByText('I have written them down').click()
  await lookAt(page, '04-recovery-check')

  const asked = page.getByLabel(/^Word \d+$/)
  await expect(asked).toHaveCount(2)
  for (const field of await asked.all()) await field.fill('zebra')
  await page.getByRole('button', { name: 'Check and open the vault' }).click()
  await expect(page.getByText('That is not the word at this place').first()).toBeVisible()

  await page.getByRole('button', { name: 'Show the words again' }).click()
  await confirmRecoveryWords(page, words)
  await expect(page.getByText('No secrets yet')).toBeVisible()
  await lookAt(page, '05-empty-vault')
  expect(statSync(vaultFile(coffret)).mode & 0o777).toBe(0o600)
})

test('a weak passphrase is refused with the reason, unless the risk is accepted', async ({
  page,
}) => {
  await page.getByRole('button', { name: 'Create a vault' }).click()
  await fillPassphrases(page, 'password1234')
  await expect(page.getByText(/commonly used password/)).toBeVisible()
  const create = page.getByRole('button', { name: 'Create vault' })
  await create.click()
  await expect(page.getByRole('list', { name: /^Recovery key/ })).toBeHidden()
  await page.getByLabel('I accept the risk of a weak passphrase').check()
  await create.click()
  await readRecoveryWords(page)
})

test('two different passphrases are refused', async ({ page, coffret }) => {
  await page.getByRole('button', { name: 'Create a vault' }).click()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByLabel('Repeat the passphrase', { exact: true }).fill(`${passphrase}x`)
  await page.getByRole('button', { name: 'Create vault' }).click()
  await expect(page.getByText('The two passphrases differ.')).toBeVisible()
  expect(existsSync(vaultFile(coffret))).toBe(false)
})

test('a vault file of another place is opened, with its recovery key too', async ({
  coffret,
  page,
}) => {
  const words = await createVault(page)
  const moved = join(makeProfile(), 'moved.coffret')
  copyFileSync(vaultFile(coffret), moved)
  giveToApp(moved)
  await coffret.close()

  const second = await launchCoffret()
  try {
    await answerDialogs(second.app, moved)
    await second.page.getByRole('button', { name: 'Open a vault file' }).click()
    await second.page.getByRole('button', { name: 'Use the recovery key instead' }).click()
    await second.page.getByLabel('Recovery key').fill(words.join(' '))
    await second.page.getByRole('button', { name: 'Unlock', exact: true }).click()
    await expect(second.page.getByText('No secrets yet')).toBeVisible()
  } finally {
    await second.close()
  }
})

test('V-18: the composed and the decomposed form of a passphrase are the same', async ({
  coffret,
  page,
}) => {
  const composed = 'Été-à-la-plage-42-crevettes'.normalize('NFC')
  await page.getByRole('button', { name: 'Create a vault' }).click()
  await fillPassphrases(page, composed)
  await page.getByRole('button', { name: 'Create vault' }).click()
  await confirmRecoveryWords(page, await readRecoveryWords(page))
  const replaced = coffret.app.waitForEvent('window')
  await page.keyboard.press('Control+l')
  const locked = await replaced
  await unlock(locked, composed.normalize('NFD'))
  await expect(locked.getByText('No secrets yet')).toBeVisible()
})
