import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type ElectronApplication, type Locator, type Page } from '@playwright/test'
import type { RunningCoffret } from './electron-app'

/** The passphrase of every vault in these tests; its letters are searched for on the disk. */
export const passphrase = 'Quai-Branly-7-canaris-violets'

/** The secret of the issue, as a person would type it. */
export const mysql = {
  path: 'prod/database/MySQL',
  json: '{"login":"admin","password":"my_secret_password","address":{"ip":"1.1.1.1"},"ports":["30","31"]}',
} as const

/** A new vault in a fresh profile: through the forms, the recovery key and its check. @returns the 24 words */
export async function createVault(page: Page, name = 'personal'): Promise<string[]> {
  await page.getByRole('button', { name: 'Create a vault' }).click()
  await page.getByLabel('Vault name').fill(name)
  await fillPassphrases(page, passphrase)
  await page.getByRole('button', { name: 'Create vault' }).click()
  const words = await readRecoveryWords(page)
  await confirmRecoveryWords(page, words)
  await expect(page.getByRole('button', { name: 'New secret' }).first()).toBeVisible()
  return words
}

/** Types the same passphrase into both fields. */
export async function fillPassphrases(page: Page, text: string): Promise<void> {
  await page.getByLabel('Passphrase', { exact: true }).fill(text)
  await page.getByLabel('Repeat the passphrase', { exact: true }).fill(text)
}

/** The words that are shown once. */
export async function readRecoveryWords(page: Page): Promise<string[]> {
  const list = page.getByRole('list', { name: 'Recovery key, 24 words in order' })
  await expect(list.getByRole('listitem')).toHaveCount(24)
  const texts = await list.getByRole('listitem').allInnerTexts()
  return texts.map((text) => /[a-z]+/.exec(text)?.[0] ?? '')
}

/** Says that the words are written down, and answers the check with them. */
export async function confirmRecoveryWords(
  page: Page,
  words: readonly string[],
  submit = 'Check and open the vault',
): Promise<void> {
  await page.getByText('I have written them down').click()
  const fields = page.getByLabel(/^Word \d+$/)
  await expect(fields).toHaveCount(2)
  for (const field of await fields.all()) {
    const label = await page.locator(`label[for="${await field.getAttribute('id')}"]`).innerText()
    await field.fill(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '')
  }
  await page.getByRole('button', { name: submit }).click()
}

/** Unlocks the chosen vault. */
export async function unlock(page: Page, text = passphrase): Promise<void> {
  await page.getByLabel('Passphrase', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Unlock', exact: true }).click()
}

/** Makes a secret from JSON text; settings as the form asks for them. */
export async function createSecret(
  page: Page,
  path: string,
  json: string,
  settings: () => Promise<void> = async () => undefined,
): Promise<void> {
  await page.keyboard.press('Control+n')
  await page.getByLabel('Path', { exact: true }).fill(path)
  await typeJson(page, json)
  await settings()
  await page.getByRole('button', { name: 'Create secret' }).click()
  await expect(page.getByRole('heading', { name: path, exact: true })).toBeVisible()
  // It is said once the list has it too; perhaps for the second time.
  await expect(page.getByText(`${path} created`, { exact: true }).last()).toBeVisible()
}

/** Replaces the content of the JSON editor. */
export async function typeJson(page: Page, json: string): Promise<void> {
  await contentMode(page, 'JSON')
  const editor = page.getByRole('textbox', { name: 'Content as JSON' })
  await editor.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  // insertText, not typing: the editor closes brackets that are typed.
  await page.keyboard.insertText(json)
}

/** Switches between rows and JSON. */
export async function contentMode(page: Page, mode: 'Key/value' | 'JSON'): Promise<void> {
  await page.getByRole('radiogroup', { name: 'Edit as' }).getByText(mode, { exact: true }).click()
}

/** Sets one row's value in the editor. */
export async function setValue(page: Page, key: string, value: string): Promise<void> {
  await page.getByLabel(`Value of ${key}`, { exact: true }).fill(value)
}

/** Edits the open secret, reviews and saves it. */
export async function saveNewVersion(page: Page, edit: () => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await edit()
  await page.getByRole('button', { name: 'Review changes' }).click()
  const save = page.getByRole('button', { name: /^Save as version/ })
  const version = /\d+/.exec(await save.innerText())?.[0] ?? ''
  await save.click()
  await expect(save).toHaveCount(0)
  await expect(page.getByText(`Saved as version ${version}`, { exact: true }).last()).toBeVisible()
}

/** Chooses a tab of the open secret. */
export async function openTab(
  page: Page,
  name: 'Secret' | 'Versions' | 'Metadata & settings',
): Promise<void> {
  await page.getByRole('tab', { name, exact: true }).click()
}

/** Opens a secret through the search field, which finds as you type. */
export async function openSecret(page: Page, path: string): Promise<void> {
  await page.getByLabel('Search paths').fill(path)
  // What was found for an earlier text is still shown for a moment.
  await page
    .getByRole('listbox', { name: 'Search results' })
    .getByRole('option', { name: `${path}, version` })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: path, exact: true })).toBeVisible()
}

/** The row of a version in the table. */
export function versionRow(page: Page, version: number): Locator {
  return page
    .getByRole('table', { name: 'Versions' })
    .getByRole('row')
    .filter({ has: page.getByLabel(`Select version ${version} to compare`) })
}

/** Chooses from the menu of a version. */
export async function versionAction(page: Page, version: number, action: string): Promise<void> {
  await versionRow(page, version)
    .getByRole('button', { name: `Actions for version ${version}` })
    .click()
  await page.getByRole('menuitem', { name: action }).click()
}

/** Answers the next native dialogs with this path, or as cancelled. */
export async function answerDialogs(
  app: ElectronApplication,
  file: string | undefined,
): Promise<void> {
  await app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: path === undefined, filePath: path ?? '' })
    dialog.showOpenDialog = async () => ({
      canceled: path === undefined,
      filePaths: path === undefined ? [] : [path],
    })
  }, file)
}

/** What lies in the clipboard. */
export async function clipboardText(app: ElectronApplication): Promise<string> {
  return app.evaluate(async ({ clipboard }) => clipboard.readText())
}

/** The app's data folder below a profile. */
export function dataFolder({ profile }: Pick<RunningCoffret, 'profile'>): string {
  return join(profile, '.config', 'Coffret')
}

/** The vault file that {@link createVault} makes at the place it is offered. */
export function vaultFile(coffret: Pick<RunningCoffret, 'profile'>, name = 'personal'): string {
  return join(dataFolder(coffret), 'vaults', `${name}.coffret`)
}

/** Where a secret's data might show on the disk: the marker as text, UTF-16, hex and base64. */
export function formsOf(marker: string): Buffer[] {
  const bytes = Buffer.from(marker)
  // Base64 depends on the offset of the text within three bytes: the part that does not is searched for.
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return text.slice(shift === 0 ? 0 : shift + 1, -1)
  })
  return [
    bytes,
    Buffer.from(marker, 'utf16le'),
    Buffer.from(marker, 'utf16le').swap16(),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    ...base64.map((text) => Buffer.from(text)),
  ]
}

/** The markers of which some form is in the file. */
export function foundIn(file: string, markers: readonly string[]): string[] {
  const content = readFileSync(file)
  return markers.filter((marker) => formsOf(marker).some((form) => content.includes(form)))
}
