import { existsSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { dropFiles, openDomainForm, sidebar } from '../support/domain-steps'
import { holdCalls } from '../support/held-calls'
import { ServedVault } from '../support/served-vault'
import {
  createSecret,
  createVault,
  openSecret,
  openTab,
  saveNewVersion,
  setValue,
} from '../support/window-steps'

const tree = (page: Page) => page.getByRole('tree', { name: 'Secrets as a tree' })
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })
const cursorAt = (page: Page, name: RegExp) =>
  expect(tree(page).getByRole('treeitem', { name })).toHaveAttribute('aria-selected', 'true')
const purgeDialog = (page: Page, path: string) =>
  page.getByRole('dialog', { name: `Delete ${path} now?` })

/** Chooses from the menu of the open secret. */
async function act(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

async function moveToBin(page: Page, path: string): Promise<void> {
  await openSecret(page, path)
  await act(page, 'Move to the bin')
  await expect(page.getByText(`${path} is in the bin`)).toBeVisible()
}

test.describe('a dialog that was closed before its work ended', () => {
  test('neither closes the next one nor goes to the copy', async ({ coffret, page }) => {
    await createVault(page)
    await createSecret(page, 'app/token', '{"user":"ada"}')
    const held = await holdCalls(coffret.app, 'secret.transfer')
    await act(page, 'Duplicate…')
    await page.getByRole('button', { name: 'Duplicate', exact: true }).click()
    await expect.poll(() => held.waiting()).toBe(1)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await page.keyboard.press('F2')
    await page.getByLabel('New path').fill('app/token-of-')
    await held.release()
    await expect(page.getByText('Copied to app/token-copy')).toBeVisible()
    await page.keyboard.type('ada')
    await expect(page.getByLabel('New path')).toHaveValue('app/token-of-ada')
    await page.getByRole('button', { name: 'Rename', exact: true }).click()
    await expect(heading(page, 'app/token-of-ada')).toBeVisible()
    await expect(tree(page).getByRole('treeitem', { name: /^token-copy/ })).toBeVisible()
  })

  test('erases what it was asked to, and leaves alone who is at another secret', async ({
    coffret,
    page,
  }) => {
    await createVault(page)
    await createSecret(page, 'app/other', '{"k":"v"}')
    await createSecret(page, 'app/token', '{"k":"v"}')
    const held = await holdCalls(coffret.app, 'secret.remove')
    await act(page, 'Delete now…')
    await page.getByLabel('Type token to confirm').fill('token')
    await page.keyboard.press('Enter')
    await expect.poll(() => held.waiting()).toBe(1)
    await page.keyboard.press('Escape')
    await tree(page)
      .getByRole('treeitem', { name: /^other/ })
      .click()
    await expect(heading(page, 'app/other')).toBeVisible()
    await act(page, 'Delete now…')
    await held.release()
    await expect(page.getByText('app/token is erased')).toBeVisible()
    await expect(page.getByRole('dialog', { name: 'Delete app/other now?' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(tree(page).getByRole('treeitem', { name: /^token/ })).toHaveCount(0)
    await expect(heading(page, 'app/other')).toBeVisible()
  })

  test('empties of the bin what it was asked to, and no other question goes', async ({
    coffret,
    page,
  }) => {
    await createVault(page)
    for (const path of ['alpha', 'beta']) await createSecret(page, path, '{"k":"v"}')
    for (const path of ['alpha', 'beta']) await moveToBin(page, path)
    await page.getByRole('button', { name: 'Bin, 2 secrets' }).click()
    const held = await holdCalls(coffret.app, 'bin.purge')
    await page.getByRole('button', { name: 'Delete alpha now…' }).click()
    await purgeDialog(page, 'alpha').getByRole('button', { name: 'Delete now' }).click()
    await expect.poll(() => held.waiting()).toBe(1)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Delete beta now…' }).click()
    await held.release()
    await expect(page.getByText('alpha is erased')).toBeVisible()
    await expect(purgeDialog(page, 'beta')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('rowheader')).toHaveText(['beta'])
  })
})

test.describe('in the tree', () => {
  /** Two closed folders of which nothing has been read: as a new window shows them. */
  async function unread(page: Page): Promise<void> {
    await createVault(page)
    for (const path of ['a/one', 'b/two']) await createSecret(page, path, '{"k":"v"}')
    await page.reload()
    await expect(tree(page).getByRole('treeitem', { name: 'a, folder' })).toBeVisible()
    await tree(page).focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    await cursorAt(page, /^a, folder/)
  }

  test('keys after the one that opens a folder wait for what is in it', async ({
    coffret,
    page,
  }) => {
    await unread(page)
    const held = await holdCalls(coffret.app, 'secret.list')
    for (const key of ['ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    await expect.poll(() => held.waiting()).toBe(1)
    await expect(tree(page).getByRole('treeitem', { name: 'a, folder' })).toHaveAttribute(
      'aria-busy',
      'true',
    )
    await cursorAt(page, /^a, folder/)
    await lookAt(page, '181-opening-folder')
    await held.release()
    await expect(heading(page, 'a/one')).toBeVisible()
    await cursorAt(page, /^one/)
  })

  test('a folder that cannot be read takes no keys with it', async ({ coffret, page }) => {
    await unread(page)
    const held = await holdCalls(coffret.app, 'secret.list')
    for (const key of ['ArrowRight', 'ArrowDown']) await page.keyboard.press(key)
    await expect.poll(() => held.waiting()).toBe(1)
    await held.release('busy')
    await cursorAt(page, /^b, folder/)
  })

  test('whoever goes elsewhere meanwhile stays there', async ({ coffret, page }) => {
    await unread(page)
    const held = await holdCalls(coffret.app, 'secret.list')
    for (const key of ['ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    await expect.poll(() => held.waiting()).toBe(1)
    await page.getByLabel('Search paths').click()
    await held.release()
    await expect(tree(page).getByRole('treeitem', { name: /^one/ })).toBeVisible()
    await cursorAt(page, /^a, folder/)
    await expect(page.getByText('Choose a secret')).toBeVisible()
  })
})

test.describe('the panel with the values', () => {
  const panel = (page: Page) => page.getByRole('dialog', { name: 'Display the value' })

  async function twoVersions(page: Page): Promise<void> {
    await createVault(page)
    await createSecret(page, 'app/token', '{"first":"one"}')
    await saveNewVersion(page, async () => {
      await page.getByLabel('Key 1').fill('second')
      await setValue(page, 'second', 'two')
    })
    await page.getByRole('button', { name: 'Display the value' }).click()
    await expect(panel(page).getByText('two', { exact: true })).toBeVisible()
  }

  test('never shows the keys of one version under the number of another', async ({
    coffret,
    page,
  }) => {
    await twoVersions(page)
    const held = await holdCalls(coffret.app, 'secret.outline')
    await panel(page).getByLabel('Version').selectOption('1')
    await expect.poll(() => held.waiting()).toBe(1)
    await expect(panel(page).getByText('second', { exact: true })).toHaveCount(0)
    await expect(panel(page).getByText('two', { exact: true })).toHaveCount(0)
    await held.release()
    await expect(panel(page).getByText('first', { exact: true })).toBeVisible()
    await expect(panel(page).getByText('one', { exact: true })).toBeVisible()
  })

  test('says what went wrong where it was asked for', async ({ coffret, page }) => {
    await twoVersions(page)
    const copying = await holdCalls(coffret.app, 'secret.copy')
    await panel(page).getByRole('button', { name: 'Copy second' }).click()
    await copying.release('corrupt')
    await expect(panel(page).getByRole('alert')).toBeVisible()
    await expect(panel(page).getByText('two', { exact: true })).toBeVisible()
    await lookAt(page, '182-panel-failed')
    await panel(page).getByRole('button', { name: 'Copy second' }).click()
    await expect(page.getByText('second copied').first()).toBeVisible()
    await expect(panel(page).getByRole('alert')).toHaveCount(0)
    // Another window in front hides the values; they can be asked for again.
    await page.evaluate(() => window.dispatchEvent(new Event('blur')))
    await expect(panel(page).getByText('two', { exact: true })).toHaveCount(0)
    const revealing = await holdCalls(coffret.app, 'secret.reveal')
    await panel(page).getByRole('button', { name: 'Reveal the values' }).click()
    await revealing.release('corrupt')
    await expect(panel(page).getByRole('alert')).toBeVisible()
    await panel(page).getByRole('button', { name: 'Reveal the values' }).click()
    await expect(panel(page).getByText('two', { exact: true })).toBeVisible()
  })

  test('closed while values are read, it leaves none behind', async ({ coffret, page }) => {
    await twoVersions(page)
    const held = await holdCalls(coffret.app, 'secret.reveal')
    await panel(page).getByLabel('Version').selectOption('1')
    await expect.poll(() => held.waiting()).toBe(1)
    await page.keyboard.press('Escape')
    await openTab(page, 'Versions')
    await held.release()
    await page.getByRole('button', { name: 'Display version 1' }).click()
    await expect(panel(page).getByText('one', { exact: true })).toBeVisible()
    await expect(panel(page).getByText('two', { exact: true })).toHaveCount(0)
  })
})

test.describe('in the bin', () => {
  test('what is restored takes the focus from nobody', async ({ coffret, page }) => {
    await createVault(page)
    for (const path of ['alpha', 'beta']) await createSecret(page, path, '{"k":"v"}')
    for (const path of ['alpha', 'beta']) await moveToBin(page, path)
    await page.getByRole('button', { name: 'Bin, 2 secrets' }).click()
    const held = await holdCalls(coffret.app, 'bin.restore')
    await page.getByRole('button', { name: 'Restore alpha' }).click()
    await expect.poll(() => held.waiting()).toBe(1)
    const other = page.getByRole('button', { name: 'Delete beta now…' })
    await other.focus()
    await held.release()
    await expect(page.getByText('alpha restored')).toBeVisible()
    await expect(page.getByRole('rowheader')).toHaveText(['beta'])
    await expect(other).toBeFocused()
    await page.getByRole('button', { name: 'Restore beta' }).click()
    await expect(page.getByText('beta restored')).toBeVisible()
    await expect(heading(page, 'Bin')).toBeFocused()
  })

  test('an answer that comes late does not take the place of another question', async ({
    coffret,
    page,
  }) => {
    await createVault(page)
    for (const path of ['alpha', 'beta']) {
      await createSecret(page, path, '{"k":"v"}')
      await moveToBin(page, path)
      await createSecret(page, path, '{"k":"again"}')
    }
    await page.getByRole('button', { name: 'Bin, 2 secrets' }).click()
    const held = await holdCalls(coffret.app, 'bin.restore')
    await page.getByRole('button', { name: 'Restore alpha' }).click()
    await expect.poll(() => held.waiting()).toBe(1)
    await page.getByRole('button', { name: 'Delete beta now…' }).click()
    await held.release()
    await expect(page.getByRole('alert')).toBeAttached()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await page.getByRole('button', { name: 'Restore beta' }).click()
    await page.getByLabel('Restore as').fill('beta-of-old')
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
    await expect(page.getByText('beta-of-old restored')).toBeVisible()
  })
})

test('Enter opens what was searched for, and nothing once another text is typed', async ({
  coffret,
  page,
}) => {
  await createVault(page)
  for (const path of ['alpha', 'beta', 'gamma']) await createSecret(page, path, '{"k":"v"}')
  const held = await holdCalls(coffret.app, 'search.query')
  const field = page.getByLabel('Search paths')
  await field.fill('alpha')
  await field.press('Enter')
  await expect.poll(() => held.waiting()).toBe(1)
  await field.fill('beta')
  await held.release()
  const results = page.getByRole('listbox', { name: 'Search results' }).getByRole('option')
  await expect(results).toContainText(['beta'])
  await expect(heading(page, 'gamma')).toBeVisible()
  await field.press('Enter')
  await expect(heading(page, 'beta')).toBeVisible()
})

test.describe('a new domain', () => {
  let server: ServedVault
  test.beforeEach(async () => {
    server = await ServedVault.start()
  })
  test.afterEach(() => server.stop())

  /** @returns the files that it comes from */
  async function describeDomain(page: Page): Promise<string[]> {
    const files = server.downloads()
    await createVault(page)
    await openDomainForm(page)
    await dropFiles(page, ...files)
    await expect(page.getByLabel('Domain id')).toHaveValue(server.okmsId)
    await page.getByLabel('Name', { exact: true }).fill('team domain')
    await page.getByLabel('Address', { exact: true }).fill(server.address)
    return files
  }

  test('keeps what was typed over what its files say, whatever kind of server is chosen', async ({
    page,
  }) => {
    await describeDomain(page)
    const id = page.getByLabel('Domain id')
    const other = server.okmsId.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    await id.fill(other)
    const kinds = page.getByRole('radiogroup', { name: 'What it is' })
    await kinds.getByText('Vault or OpenBao').click()
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('team domain')
    await kinds.getByText('OKMS domain').click()
    await expect(id).toHaveValue(other)
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('team domain')
    await expect(page.getByLabel('Address', { exact: true })).toHaveValue(server.address)
    // What is empty is taken over.
    await page.getByLabel('Name', { exact: true }).fill('')
    await id.fill('')
    await kinds.getByText('Vault or OpenBao').click()
    await kinds.getByText('OKMS domain').click()
    await expect(id).toHaveValue(server.okmsId)
    await expect(page.getByLabel('Name', { exact: true })).not.toHaveValue('')
  })

  test('leaves whoever went elsewhere while it was added', async ({ coffret, page }) => {
    await describeDomain(page)
    const held = await holdCalls(coffret.app, 'domain.add')
    await page.getByRole('button', { name: 'Add the domain' }).click()
    await expect.poll(() => held.waiting()).toBe(1)
    await page.keyboard.press('Control+n')
    await page.getByLabel('Path', { exact: true }).fill('app/token')
    await held.release()
    await expect(sidebar(page).getByRole('button', { name: /^team domain, / })).toBeVisible()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page.getByLabel('Path', { exact: true })).toHaveValue('app/token')
  })

  test('leaves whoever closed the question about its files and went on', async ({
    coffret,
    page,
  }) => {
    const files = await describeDomain(page)
    await page.getByRole('button', { name: 'Add the domain' }).click()
    const held = await holdCalls(coffret.app, 'domain.removeFiles')
    await page.getByRole('button', { name: 'Delete the files' }).click()
    await expect.poll(() => held.waiting()).toBe(1)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await page.getByRole('button', { name: 'Settings', exact: true }).click()
    await held.release()
    await expect.poll(() => files.filter((file) => existsSync(file))).toEqual([])
    await page.getByLabel('Language').selectOption('fr')
    await expect(heading(page, 'Paramètres')).toBeVisible()
  })
})
