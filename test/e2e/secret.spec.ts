import { expect, lookAt, test } from '../support/coffret-test'
import {
  clipboardText,
  contentMode,
  createSecret,
  createVault,
  mysql,
  openTab,
  saveNewVersion,
  setValue,
  typeJson,
  versionAction,
  versionRow,
} from '../support/window-steps'

test('a secret is created with its settings, as rows or JSON, without loss', async ({ page }) => {
  await createVault(page)
  await createSecret(page, mysql.path, mysql.json, async () => {
    await contentMode(page, 'Key/value')
    await expect(page.getByLabel('Value of address', { exact: true })).toHaveValue(
      /^\{\s*"ip":\s*"1\.1\.1\.1"\s*\}$/,
    )
    await contentMode(page, 'JSON')
    await expect(page.getByRole('textbox', { name: 'Content as JSON' })).toContainText('"ports"')
    await page.getByLabel('Versions kept').fill('5')
    await page.getByLabel('Check-and-set required').check()
    await page.getByLabel('Deactivate versions after').fill('10h30m10s')
    for (const [index, [key, value]] of [
      ['project', 'A'],
      ['team', 'X'],
    ].entries()) {
      await page.getByRole('button', { name: 'Add metadata' }).click()
      await page.getByLabel(`Metadata key ${index + 1}`).fill(key ?? '')
      await page.getByLabel(`Metadata value ${index + 1}`).fill(value ?? '')
    }
    await lookAt(page, '10-new-secret')
  })
  await lookAt(page, '11-secret-masked')
  await openTab(page, 'Metadata & settings')
  for (const text of ['10h30m10s', 'project', 'team']) {
    await expect(page.getByText(text, { exact: true }).first()).toBeVisible()
  }
  await lookAt(page, '12-metadata')

  await openTab(page, 'Secret')
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await contentMode(page, 'JSON')
  const text = await page.getByRole('textbox', { name: 'Content as JSON' }).innerText()
  expect(text.replace(/\s/g, '')).toBe(mysql.json)
})

test('the size counter stops at 64 KB', async ({ page }) => {
  await createVault(page)
  await page.keyboard.press('Control+n')
  await page.getByLabel('Path', { exact: true }).fill('big')
  await typeJson(page, JSON.stringify({ k: 'x'.repeat(65_536 - '{"k":""}'.length) }))
  const create = page.getByRole('button', { name: 'Create secret' })
  await expect(page.getByText('64 / 64 KB')).toBeVisible()
  await expect(create).toBeEnabled()
  await typeJson(page, JSON.stringify({ k: 'x'.repeat(65_537 - '{"k":""}'.length) }))
  await expect(page.getByText('A secret is at most 64 KB')).toBeVisible()
  await expect(create).toBeDisabled()
})

test('values are masked, shown on request, and hidden again', async ({ page }) => {
  await createVault(page)
  await createSecret(page, mysql.path, mysql.json)
  await expect(page.getByText('my_secret_password')).toHaveCount(0)
  await page.getByRole('button', { name: 'Reveal password' }).click()
  await expect(page.getByText('my_secret_password')).toBeVisible()
  await page.clock.install()
  await page.getByRole('button', { name: 'Hide password' }).click()
  await expect(page.getByText('my_secret_password')).toHaveCount(0)
  await page.getByRole('button', { name: 'Reveal password' }).click()
  await page.clock.runFor(31_000)
  await expect(page.getByText('my_secret_password')).toHaveCount(0)

  await page.getByRole('button', { name: 'Display the value' }).click()
  const panel = page.getByRole('dialog', { name: 'Display the value' })
  await expect(panel.getByLabel('Version')).toBeVisible()
  await lookAt(page, '13-display-value')
})

test('a value is copied in main and cleared after a countdown, if it is still ours', async ({
  coffret,
  page,
}) => {
  await createVault(page)
  await createSecret(page, mysql.path, mysql.json)
  await page.getByRole('button', { name: 'Copy password' }).click()
  await expect(page.getByText(/^Clipboard clears in/)).toBeVisible()
  expect(await clipboardText(coffret.app)).toBe('my_secret_password')
  await expect(page.getByText('my_secret_password')).toHaveCount(0)
  await page.getByRole('button', { name: 'Clear now' }).first().click()
  await expect.poll(() => clipboardText(coffret.app)).toBe('')

  await page.getByRole('button', { name: 'Copy password' }).click()
  await expect.poll(() => clipboardText(coffret.app)).toBe('my_secret_password')
  await coffret.app.evaluate(({ clipboard }) => clipboard.writeText('of somebody else'))
  await page.getByRole('button', { name: 'Clear now' }).first().click()
  await expect(page.getByText(/^Clipboard clears in/)).toBeHidden()
  expect(await clipboardText(coffret.app)).toBe('of somebody else')
})

test('an edit is reviewed key by key and becomes version 2', async ({ page }) => {
  await createVault(page)
  await createSecret(page, mysql.path, mysql.json)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await contentMode(page, 'Key/value')
  await setValue(page, 'password', 'rotated')
  await page.keyboard.press('Control+s')
  const changes = page.getByRole('table', { name: 'Changes by key' })
  await expect(changes.getByRole('row', { name: /password/ })).toContainText('Changed')
  await expect(changes.getByRole('row', { name: /login/ })).toHaveCount(0)
  await expect(page.getByText('rotated')).toHaveCount(0)
  await lookAt(page, '14-review')
  await page.keyboard.press('Control+s')
  await expect(page.getByText('Saved as version 2')).toBeVisible()
  await openTab(page, 'Versions')
  await expect(versionRow(page, 2)).toContainText('Active')
})

test('versions change state by the rules, are compared and restored', async ({ page }) => {
  await createVault(page)
  await createSecret(page, 'app/token', '{"token":"one"}')
  await contentEdit('two')
  await openTab(page, 'Versions')

  await versionAction(page, 1, 'Deactivate')
  await expect(versionRow(page, 1)).toContainText('Deactivated')
  await versionAction(page, 1, 'Reactivate')
  await expect(versionRow(page, 1)).toContainText('Active')

  await page.getByLabel('Select version 1 to compare').check()
  await page.getByLabel('Select version 2 to compare').check()
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  const compare = page.getByRole('dialog', { name: 'Version 1 and version 2' })
  await expect(compare.getByRole('row', { name: /token/ })).toContainText('Changed')
  await expect(compare.getByText('one', { exact: true })).toHaveCount(0)
  await lookAt(page, '15-compare')
  await compare.getByRole('button', { name: 'Close' }).first().click()

  await versionAction(page, 1, 'Restore as a new version')
  await expect(versionRow(page, 3)).toContainText('Active')
  await versionAction(page, 2, 'Delete…')
  await expect(page.getByRole('dialog', { name: 'Delete version 2?' })).toBeVisible()
  await page.getByRole('button', { name: 'Delete version 2', exact: true }).click()
  await expect(versionRow(page, 2)).toContainText('Deleted')
  // Nothing leads back from deleted.
  await expect(page.getByRole('button', { name: 'Actions for version 2' })).toHaveCount(0)
  await lookAt(page, '16-versions')

  async function contentEdit(value: string) {
    await saveNewVersion(page, async () => {
      await contentMode(page, 'Key/value')
      await setValue(page, 'token', value)
    })
  }
})

test('a sixth version drops the first, after a warning', async ({ page }) => {
  await createVault(page)
  await createSecret(page, 'app/token', '{"token":"v1"}', async () => {
    await page.getByLabel('Versions kept').fill('5')
  })
  // The store keeps 10 unless told, and the larger number holds: it is lowered first by its own setting.
  for (const number of [2, 3, 4, 5]) await save(`v${number}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await contentMode(page, 'Key/value')
  await setValue(page, 'token', 'v6')
  await page.getByRole('button', { name: 'Review changes' }).click()
  await expect(page.getByText(/saving drops version 1 for good/)).toBeVisible()
  await page.getByRole('button', { name: 'Save as version 6' }).click()
  await openTab(page, 'Versions')
  await expect(versionRow(page, 6)).toBeVisible()
  await expect(versionRow(page, 1)).toHaveCount(0)

  async function save(value: string) {
    await saveNewVersion(page, async () => {
      await contentMode(page, 'Key/value')
      await setValue(page, 'token', value)
    })
    await expect(page.getByRole('button', { name: 'Edit', exact: true })).toBeVisible()
  }
})
