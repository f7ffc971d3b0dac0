import { existsSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { addNow, dropFiles, openDomainForm, row, sidebar, trustOnly } from '../support/domain-steps'
import { launchCoffret } from '../support/electron-app'
import { ServedVault } from '../support/served-vault'
import {
  createSecret,
  createVault,
  mysql,
  openSecret,
  saveNewVersion,
  setValue,
  unlock,
} from '../support/window-steps'

let server: ServedVault
test.beforeEach(async () => {
  server = await ServedVault.start()
})
test.afterEach(() => server.stop())

/** Drops the files of a client certificate, and says where the server is. */
async function describeDomain(page: Page, files: readonly string[]): Promise<void> {
  await openDomainForm(page)
  await dropFiles(page, ...files)
  await expect(page.getByText(/^Good until/)).toBeVisible()
  await expect(page.getByLabel('Domain id')).toHaveValue(server.okmsId)
  await page.getByLabel('Name', { exact: true }).fill('team domain')
  await page.getByLabel('Address', { exact: true }).fill(server.address)
  await page.getByText('Trusted authorities and proxy').click()
}

const trustServer = (page: Page) => trustOnly(page, server.authorityFile)

/** Adds the domain and keeps the files. */
async function addDomain(page: Page): Promise<void> {
  await describeDomain(page, server.downloads())
  await trustServer(page)
  await addNow(page, 'team domain')
}

test('a domain is added by its two files, tried, browsed and edited', async ({ page }) => {
  await createVault(page)
  const files = server.downloads()
  await describeDomain(page, files)
  await lookAt(page, '110-domain-form')
  await page.getByRole('button', { name: 'Test the connection' }).click()
  const steps = page.getByRole('list', { name: 'Steps of the test' })
  await expect(steps.getByText(/by an authority that you do not trust/)).toBeVisible()
  await lookAt(page, '111-domain-test-failed')
  await trustServer(page)
  await page.getByRole('button', { name: 'Test the connection' }).click()
  await expect(page.getByText('The connection works.')).toBeVisible()
  await lookAt(page, '112-domain-test-passed')
  await page.getByRole('button', { name: 'Add the domain' }).click()
  const offer = page.getByRole('dialog', { name: 'Delete the files?' })
  await expect(offer).toBeVisible()
  await lookAt(page, '113-domain-delete-files')
  await offer.getByRole('button', { name: 'Delete the files' }).click()
  await expect(offer).toHaveCount(0)
  expect(files.filter((file) => existsSync(file))).toEqual([])

  await expect(sidebar(page).getByRole('button', { name: 'team domain, ready' })).toBeVisible()
  await createSecret(page, mysql.path, mysql.json)
  await saveNewVersion(page, () => setValue(page, 'password', 'another'))
  await expect(page.getByRole('heading', { name: mysql.path })).toBeVisible()
  await expect(row(page, /^prod, folder/)).toBeVisible()
  await lookAt(page, '114-domain-secret')

  await sidebar(page).getByRole('button', { name: 'Settings of team domain' }).click()
  await page.getByLabel('Name', { exact: true }).fill('our domain')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(sidebar(page).getByRole('button', { name: 'our domain, ready' })).toBeVisible()
  await lookAt(page, '115-domain-settings')
  await page.getByRole('button', { name: 'Make an offline copy…' }).click()
  const copy = page.getByRole('dialog', { name: 'Offline copy of our domain' })
  await copy.getByRole('button', { name: 'Make the copy' }).click()
  await expect(copy.getByText('The offline copy is complete.')).toBeVisible()
  await copy.getByRole('button', { name: 'Done' }).click()

  await server.stop()
  await sidebar(page).getByRole('button', { name: 'our domain, ready' }).click()
  await page.getByRole('button', { name: 'Read the list again' }).click()
  await expect(sidebar(page).getByRole('button', { name: 'our domain, offline' })).toBeVisible()
  await expect(page.getByText(/What you see is the last known list/)).toBeVisible()
  await expect(row(page, /^prod, folder/)).toBeVisible()
  await lookAt(page, '116-domain-offline')
  await sidebar(page).getByRole('button', { name: 'personal, unlocked' }).click()
  await expect(row(page, /^our domain, mount, offline copy/)).toBeVisible()
  await lookAt(page, '117-offline-copy')

  await sidebar(page).getByRole('button', { name: 'our domain, offline' }).click()
  await sidebar(page).getByRole('button', { name: 'Settings of our domain' }).click()
  await page.getByRole('button', { name: 'Remove the domain…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(sidebar(page).getByRole('button', { name: /^our domain/ })).toHaveCount(0)
})

test('a subtree goes up and comes down; a copy that is killed goes on', async ({
  page,
  coffret,
}) => {
  server.fill('many', 1000)
  await createVault(page)
  await createSecret(page, mysql.path, mysql.json)
  await addDomain(page)

  await sidebar(page).getByRole('button', { name: 'personal, unlocked' }).click()
  await row(page, /^prod, folder/).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Copy to…' }).click()
  const up = page.getByRole('dialog', { name: 'Copy prod' })
  await up.getByLabel('To', { exact: true }).selectOption({ label: 'team domain › secret' })
  await up.getByRole('button', { name: 'See the plan' }).click()
  await expect(up.getByText('1 secret will be new there')).toBeVisible()
  await up.getByRole('button', { name: 'Copy now' }).click()
  await expect(up.getByText('1 secret copied and read back')).toBeVisible()
  await up.getByRole('button', { name: 'Done' }).click()

  await sidebar(page).getByRole('button', { name: 'team domain, ready' }).click()
  await expect(row(page, /^prod, folder/)).toBeVisible()
  await row(page, /^many, folder/).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Copy to…' }).click()
  const down = page.getByRole('dialog', { name: 'Copy many' })
  await down.getByLabel('To', { exact: true }).selectOption({ label: 'personal › secret' })
  await down.getByRole('button', { name: 'See the plan' }).click()
  await expect(down.getByText('1,000 secrets will be new there')).toBeVisible()
  await down.getByRole('button', { name: 'Copy now' }).click()
  await expect(down.getByText(/^[1-9]\d* of 1,000$/)).toBeVisible()
  coffret.app.process().kill('SIGKILL')
  await coffret.close()

  const again = await launchCoffret({ profile: coffret.profile })
  try {
    await unlock(again.page)
    const pending = again.page.getByRole('region', { name: 'Unfinished copies' })
    await expect(pending.getByText(/was interrupted: .*[1-9][\d,]* secrets done\.$/)).toBeVisible()
    await lookAt(again.page, '118-unfinished-copy')
    await pending.getByRole('button', { name: 'Go on' }).click()
    const dialog = again.page.getByRole('dialog', { name: 'Going on with the copy' })
    await expect(dialog.getByText(/secrets copied and read back/)).toBeVisible({ timeout: 60_000 })
    await lookAt(again.page, '119-copy-went-on')
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect(pending).toHaveCount(0)
    await openSecret(again.page, 'many/s999')
    await expect(again.page.getByText('1,001 secrets')).toBeHidden()
  } finally {
    await again.close()
  }
})
