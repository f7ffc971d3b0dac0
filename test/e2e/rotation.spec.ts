import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import type { Locator, Page } from '@playwright/test'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { systemClock as clock, systemRandom as random } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { expect, lookAt, test } from '../support/coffret-test'
import { giveToApp, launchCoffret, type RunningCoffret } from '../support/electron-app'
import {
  answerDialogs,
  confirmRecoveryWords,
  createSecret,
  createVault,
  openSecret,
  passphrase,
  readRecoveryWords,
  unlock,
  vaultFile,
} from '../support/window-steps'

async function openKeys(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Vault settings of/ }).click()
  await expect(page.getByRole('heading', { name: 'Data key' })).toBeVisible()
}

/** Up to the last form. @returns the dialog, and the new words */
async function beginRotation(page: Page): Promise<{ dialog: Locator; words: string[] }> {
  await page.getByRole('button', { name: 'Replace the data key…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Replace the data key' })
  await expect(dialog.getByText(/still open with the old keys/)).toBeVisible()
  await lookAt(page, '130-rotation-about')
  await dialog.getByRole('button', { name: 'Continue' }).click()
  const words = await readRecoveryWords(page)
  await confirmRecoveryWords(page, words, 'Check and continue')
  await expect(dialog.getByRole('heading', { name: 'What becomes of the keys' })).toBeVisible()
  return { dialog, words }
}

async function confirm(dialog: Locator): Promise<void> {
  await dialog.getByLabel('Current passphrase', { exact: true }).fill(passphrase)
  await dialog.getByRole('button', { name: 'Replace the data key' }).click()
}

async function addKeyFile({ app, profile }: RunningCoffret, page: Page): Promise<string> {
  const file = join(profile, 'stick.coffretkey')
  await answerDialogs(app, file)
  await page.getByRole('button', { name: 'Add a key…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a key' })
  await dialog.getByRole('radio', { name: 'Key file' }).check({ force: true })
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await dialog.getByLabel('Name', { exact: true }).fill('Red stick')
  await dialog.getByRole('button', { name: 'Choose…' }).click()
  await dialog.getByLabel('Current passphrase', { exact: true }).fill(passphrase)
  await dialog.getByRole('button', { name: 'Add key' }).click()
  await expect(dialog).toHaveCount(0)
  return file
}

test('V-17: the data key is replaced, the keys at hand stay, and all others end', async ({
  coffret,
  page,
}) => {
  const old = await createVault(page)
  await createSecret(page, 'prod/db', '{"password":"first"}')
  await openKeys(page)
  const file = await addKeyFile(coffret, page)
  const { dialog, words } = await beginRotation(page)
  const fates = dialog.getByRole('list', { name: 'What becomes of the keys' })
  await expect(fates.getByText('Ends, unless you give its file here')).toBeVisible()
  await expect(fates.getByText(/^New: the words that you have just written down/)).toBeVisible()
  await lookAt(page, '131-rotation-keys')
  await dialog.getByLabel('File of Red stick, to keep it').setInputFiles(file)
  await expect(fates.getByText('Stays', { exact: true })).toHaveCount(2)

  await dialog.getByLabel('Current passphrase', { exact: true }).fill('not this one')
  await dialog.getByRole('button', { name: 'Replace the data key' }).click()
  await expect(dialog.getByText(/passphrase is not right/i)).toBeVisible()
  await confirm(dialog)
  await expect(dialog.getByText(/sealed under a new data key/)).toBeVisible()
  await lookAt(page, '132-rotation-done')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  const keys = page.getByRole('list', { name: 'Keys of this vault' }).getByRole('listitem')
  await expect(keys.locator('strong')).toHaveText(['Passphrase', 'Red stick', 'Recovery key'])
  await openSecret(page, 'prod/db')

  const replaced = coffret.app.waitForEvent('window')
  await page.keyboard.press('Control+l')
  const locked = await replaced
  await locked.getByRole('button', { name: 'Use the recovery key instead' }).click()
  const field = locked.getByRole('textbox')
  await field.fill(old.join(' '))
  await locked.getByRole('button', { name: 'Unlock', exact: true }).click()
  await expect(locked.getByRole('alert')).toBeVisible()
  await field.fill(words.join(' '))
  await locked.getByRole('button', { name: 'Unlock', exact: true }).click()
  await openSecret(locked, 'prod/db')
})

/** Closes the app, does something with its vault, and starts it again. */
async function closedFor(coffret: RunningCoffret, work: (file: string) => Promise<void> | void) {
  const file = vaultFile(coffret)
  await createVault(coffret.page)
  await createSecret(coffret.page, 'prod/db', '{"password":"first"}')
  await coffret.close()
  await work(file)
  return { file, again: await launchCoffret({ profile: coffret.profile }) }
}

/** Begins a rotation in a vault with many secrets, and ends it at its second step. */
async function interrupt(file: string): Promise<void> {
  const vault = LocalVault.open({ file, clock, random })
  const bytes = new TextEncoder().encode(passphrase)
  await vault.unlockWithPassphrase(bytes)
  const [store] = vault.stores()
  for (let n = 0; n < 1500; n += 1) {
    const data = SecretData.parse(`{"n":${n}}`)
    await store?.write(SecretPath.parse(`many/${n}`), { mode: 'create', data })
  }
  const words = vault.keys.newRecoveryWords().join(' ')
  const stop = new AbortController()
  const proof = { kind: 'passphrase', passphrase: bytes } as const
  const onProgress = () => stop.abort()
  const started = vault.rotation.start({ proof, words }, { onProgress, signal: stop.signal })
  await started.catch(() => undefined)
  vault.close()
  giveToApp(`${file}.rotating`)
}

test('one that was interrupted is told, stopped again, gone on with, or discarded', async ({
  coffret,
}) => {
  const { file, again } = await closedFor(coffret, interrupt)
  try {
    const { page } = again
    expect(existsSync(`${file}.rotating`)).toBe(true)
    await unlock(page)
    await openKeys(page)
    await expect(page.getByText('Replacing the data key was interrupted')).toBeVisible()
    await lookAt(page, '133-rotation-interrupted')
    const dialog = page.getByRole('dialog', { name: 'Continue replacing the data key' })
    const goOn = async () => {
      await page.getByRole('button', { name: 'Continue…' }).click()
      await dialog.getByLabel('Current passphrase', { exact: true }).fill(passphrase)
      await dialog.getByRole('button', { name: 'Continue', exact: true }).click()
    }
    await goOn()
    await expect(dialog.getByRole('progressbar')).toBeVisible()
    await page.screenshot({ path: 'test-results/screenshots/134-rotation-running.png' })
    await page.keyboard.press('Escape')
    await expect(page.getByText('Replacing the data key was interrupted')).toBeVisible()
    await goOn()
    await expect(dialog.getByText(/sealed under a new data key/)).toBeVisible({ timeout: 60_000 })
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    expect(existsSync(`${file}.rotating`)).toBe(false)
    await openSecret(page, 'many/77')
  } finally {
    await again.close()
  }
})

test('damage is named, and nothing is replaced', async ({ coffret }) => {
  const { file, again } = await closedFor(coffret, (file) => {
    const database = new DatabaseSync(file)
    database.exec('UPDATE records SET body = zeroblob(length(body)) WHERE kind = 4')
    database.close()
  })
  try {
    const { page } = again
    await unlock(page)
    await openKeys(page)
    const { dialog } = await beginRotation(page)
    await confirm(dialog)
    await expect(dialog.getByText(/^secret\/prod\/db v1 is damaged/)).toBeVisible()
    await lookAt(page, '135-rotation-damaged')
    expect(existsSync(`${file}.rotating`)).toBe(false)
  } finally {
    await again.close()
  }
})
