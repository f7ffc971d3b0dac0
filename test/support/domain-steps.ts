import { expect, type Page } from '@playwright/test'

/** The list of vaults and domains. */
export const sidebar = (page: Page) => page.getByRole('navigation')

/** A row of the tree. */
export const row = (page: Page, name: RegExp) => page.getByRole('treeitem', { name })

/** Opens the form for a new domain. */
export async function openDomainForm(page: Page): Promise<void> {
  await sidebar(page).getByRole('button', { name: 'Add a domain' }).click()
}

/** Drops files on the form for a domain. */
export async function dropFiles(page: Page, ...files: readonly string[]): Promise<void> {
  await page.locator('input[type=file][multiple]').setInputFiles([...files])
}

/** Says by which authority alone the server may be known. */
export async function trustOnly(page: Page, authorityFile: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Trusted authorities' }).selectOption('My own only')
  await giveAuthority(page, authorityFile)
}

/** Chooses the file of an authority, whose text is then in the form, in either language. */
export async function giveAuthority(page: Page, authorityFile: string): Promise<void> {
  await page.locator('input[data-authority]').setInputFiles(authorityFile)
  await expect(page.getByLabel(/^(Authorities|Autorités) \(PEM\)/)).toHaveValue(/BEGIN CERTIFICATE/)
}

/** Adds the domain that the form tells of, and keeps the files that it came from. */
export async function addNow(page: Page, name: string, hasFiles = true): Promise<void> {
  await page.getByRole('button', { name: 'Add the domain' }).click()
  if (hasFiles) await page.getByRole('button', { name: 'Keep them' }).click()
  await expect(sidebar(page).getByRole('button', { name: `${name}, ready` })).toBeVisible()
}
