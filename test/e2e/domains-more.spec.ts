import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import {
  addNow,
  dropFiles,
  giveAuthority,
  openDomainForm,
  row,
  sidebar,
  trustOnly,
} from '../support/domain-steps'
import { giveToApp, launchCoffret, makeProfile } from '../support/electron-app'
import { ServedVault } from '../support/served-vault'
import { answerDialogs, createSecret, createVault, mysql } from '../support/window-steps'

/** The user's configuration of okms-cli, with a profile for the server. */
function okmsProfiles(server: ServedVault): string {
  return server.put(
    'okms.yaml',
    `version: 1
profile: team
profiles:
  team:
    restapi:
      endpoint: ${server.numericAddress}
      ca: /etc/okms/ca.pem
      auth: { type: mtls, cert: /etc/okms/client.pem, key: /etc/okms/client.key }
  bot:
    restapi:
      endpoint: https://eu-west-par.okms.ovh.net
      auth: { type: token, token: canary-token-11, okms-id: ${server.okmsId} }
  stick:
    restapi:
      endpoint: https://us-east-vin.okms.ovh.us
      auth: { type: yubikey, slot: 9a }
`,
  )
}

async function replaceCredential(page: Page, name: string) {
  await sidebar(page)
    .getByRole('button', { name: `Settings of ${name}` })
    .click()
  await page.getByRole('button', { name: 'Replace…' }).click()
  return page.getByRole('dialog', { name: 'Replace the credential' })
}

test.describe('beside a Coffret that is served by the command line', () => {
  let server: ServedVault
  test.beforeEach(async () => {
    server = await ServedVault.start()
  })
  test.afterEach(() => server.stop())

  test('a profile of okms-cli and a .p12 are a domain; its address is put right', async ({
    page,
  }) => {
    await createVault(page)
    await openDomainForm(page)
    await dropFiles(page, okmsProfiles(server))
    const profiles = page.getByLabel('Found 3 profiles')
    await profiles.selectOption('stick')
    await expect(page.getByText(/signs in by a way that Coffret does not know/)).toBeVisible()
    await profiles.selectOption('team (active)')
    await expect(page.getByLabel('Address', { exact: true })).toHaveValue(server.numericAddress)
    await expect(page.getByText(/^Drop these files too: .*client\.pem/)).toBeVisible()
    await lookAt(page, '120-domain-profiles')

    await dropFiles(page, server.pkcs12('sesame'))
    await page.getByLabel('Password of the private key', { exact: true }).fill('sesame')
    await page.getByRole('button', { name: 'Open the key' }).click()
    await expect(page.getByText(/^Good until/)).toBeVisible()
    await expect(page.getByLabel('Domain id')).toHaveValue(server.okmsId)
    await page.getByText('Trusted authorities and proxy').click()
    await trustOnly(page, server.authorityFile)
    await page.getByRole('button', { name: 'Test the connection' }).click()
    const steps = page.getByRole('list', { name: 'Steps of the test' })
    await expect(steps.getByText(/cannot be checked here for an IP address/)).toBeVisible()
    await lookAt(page, '121-domain-address-refused')
    await steps.getByRole('button', { name: `Use ${server.address}` }).click()
    await expect(page.getByText('The connection works.')).toBeVisible()
    await expect(page.getByLabel('Address', { exact: true })).toHaveValue(server.address)
    await addNow(page, 'team')
    await createSecret(page, mysql.path, mysql.json)
  })

  test('a Vault server is entered by token, and by certificate once that replaces it', async ({
    page,
  }) => {
    await createVault(page)
    await createSecret(page, mysql.path, mysql.json)
    await createSecret(page, 'prod/cache/Redis', '{"password":"r3d1s"}')
    await openDomainForm(page)
    const kinds = page.getByRole('radiogroup', { name: 'What it is' })
    await kinds.getByText('Vault or OpenBao').click()
    await page
      .getByRole('radiogroup', { name: 'How you show who you are' })
      .getByText('Token')
      .click()
    await page
      .getByLabel('Token', { exact: true })
      .and(page.locator('input[type=password]'))
      .fill(server.token)
    await page.getByLabel('Name', { exact: true }).fill('bao')
    await page.getByLabel('Address', { exact: true }).fill(server.address)
    await page.getByText('Trusted authorities and proxy').click()
    await trustOnly(page, server.authorityFile)
    await page.getByRole('button', { name: 'Test the connection' }).click()
    await expect(page.getByText('The connection works.')).toBeVisible()
    await lookAt(page, '122-domain-vault-token')
    await addNow(page, 'bao', false)

    await sidebar(page).getByRole('button', { name: 'personal, unlocked' }).click()
    await row(page, /^prod, folder/).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Move to…' }).click()
    const move = page.getByRole('dialog', { name: 'Move prod' })
    await move.getByLabel('To', { exact: true }).selectOption({ label: 'bao › secret' })
    await move.getByRole('button', { name: 'See the plan' }).click()
    await expect(move.getByText('2 secrets will be new there')).toBeVisible()
    await lookAt(page, '123-domain-move-plan')
    await move.getByRole('button', { name: 'Move now' }).click()
    await expect(move.getByText('2 secrets moved')).toBeVisible()
    await move.getByRole('button', { name: 'Done' }).click()
    await expect(row(page, /^prod, folder/)).toHaveCount(0)
    await sidebar(page).getByRole('button', { name: 'bao, ready' }).click()
    await expect(row(page, /^prod, folder/)).toBeVisible()

    await row(page, /^prod, folder/).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Copy to…' }).click()
    const copy = page.getByRole('dialog', { name: 'Copy prod' })
    await copy.getByLabel('To', { exact: true }).selectOption({ label: 'bao › secret' })
    const offered = copy.locator('datalist option')
    await expect(offered).toHaveCount(2)
    await expect(offered.first()).toHaveAttribute('value', 'prod/cache')
    await copy.getByRole('button', { name: 'Cancel' }).click()

    const dialog = await replaceCredential(page, 'bao')
    await dialog.getByText('Certificate', { exact: true }).click()
    await dialog.locator('input[type=file]').setInputFiles(server.downloads())
    await expect(dialog.getByText(/^Good until/)).toBeVisible()
    await lookAt(page, '124-domain-replace')
    await dialog.getByRole('button', { name: 'Replace', exact: true }).click()
    await expect(page.getByText('A certificate with its key, sealed in the vault')).toBeVisible()
    await lookAt(page, '125-domain-vault-settings')
    await sidebar(page).getByRole('button', { name: 'bao, ready' }).click()
    await page.getByRole('button', { name: 'Read the list again' }).click()
    await expect(sidebar(page).getByRole('button', { name: 'bao, ready' })).toBeVisible()
    await expect(row(page, /^prod, folder/)).toBeVisible()
  })

  test('the pages of a domain are French for who reads French', async ({ page }) => {
    await createVault(page)
    await sidebar(page).getByRole('button', { name: 'Settings', exact: true }).click()
    await page.getByLabel('Language').selectOption('Français')
    await sidebar(page).getByRole('button', { name: 'Nouveau domaine' }).click()
    await dropFiles(page, ...server.downloads())
    await expect(page.getByText(/^Valable jusqu’au/)).toBeVisible()
    await page.getByLabel('Nom', { exact: true }).fill('équipe')
    await page.getByLabel('Adresse', { exact: true }).fill(server.numericAddress)
    await page.getByText('Autorités de confiance et proxy').click()
    await page
      .getByRole('combobox', { name: 'Autorités de confiance' })
      .selectOption('Les miennes seulement')
    await giveAuthority(page, server.authorityFile)
    await page.getByRole('button', { name: 'Tester la connexion' }).click()
    const steps = page.getByRole('list', { name: 'Étapes du test' })
    await expect(steps.getByText(/ne peut pas être vérifié ici/)).toBeVisible()
    await lookAt(page, '126-domain-form-french')
    await steps.getByRole('button', { name: `Utiliser ${server.address}` }).click()
    await expect(page.getByText('La connexion fonctionne.')).toBeVisible()
    await page.getByRole('button', { name: 'Ajouter le domaine' }).click()
    await page.getByRole('button', { name: 'Les garder' }).click()
    await expect(sidebar(page).getByRole('button', { name: 'équipe, prêt' })).toBeVisible()
    await lookAt(page, '127-domain-empty-french')
    await sidebar(page).getByRole('button', { name: 'Réglages du domaine équipe' }).click()
    await expect(page.getByText('Un certificat avec sa clé, scellés dans le coffre')).toBeVisible()
    await lookAt(page, '128-domain-settings-french')
  })
})

/** A key of OpenSSL in its own old form, and a request for a certificate of it. */
function opensslKey(): { key: string; request: string } {
  const folder = makeProfile()
  const [key, request] = [join(folder, 'okms.key'), join(folder, 'okms.csr')]
  execFileSync('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key])
  execFileSync('openssl', ['req', '-new', '-key', key, '-subj', '/CN=laptop', '-out', request])
  giveToApp(key)
  expect(readFileSync(key, 'utf8')).toContain('BEGIN EC PRIVATE KEY')
  return { key, request: readFileSync(request, 'utf8') }
}

test('a key of OpenSSL, certified by another Coffret’s window, enters its domain', async ({
  page,
}) => {
  const { key, request } = opensslKey()
  const other = await launchCoffret()
  try {
    await createVault(other.page, 'shared')
    await createSecret(other.page, mysql.path, mysql.json)
    await sidebar(other.page)
      .getByRole('button', { name: /^Local API/ })
      .click()
    await other.page.getByLabel('Port', { exact: true }).fill('0')
    await other.page.getByRole('button', { name: 'Switch on' }).click()
    const address = await other.page.getByText(/^https:\/\/127\.0\.0\.1:\d+$/).innerText()
    await other.page.getByRole('button', { name: 'New certificate…' }).click()
    const dialog = other.page.getByRole('dialog', { name: 'New client certificate' })
    await dialog.getByLabel('Name').fill('laptop')
    await dialog.getByText('Use a request (CSR)').click()
    await dialog
      .getByLabel('Request (CSR)', { exact: true })
      .and(dialog.locator('textarea'))
      .fill(request)
    await answerDialogs(other.app, other.profile)
    await dialog.getByRole('button', { name: 'Choose a folder…' }).click()
    const made = other.page.getByRole('dialog', { name: 'The certificate is made' })
    const said = await made.getByText(/^Its files are in /).innerText()
    const folder = /^Its files are in (.*), readable by you alone\.$/.exec(said)?.[1] ?? ''
    const files = readdirSync(folder)
    expect(files.filter((file) => file.endsWith('_privatekey.pem'))).toEqual([])
    const certificate = files.find((file) => file.endsWith('_certificate.pem')) ?? ''

    await createVault(page)
    await openDomainForm(page)
    await dropFiles(page, join(folder, certificate), key)
    await expect(page.getByText(/^Good until/)).toBeVisible()
    await page.getByLabel('Name', { exact: true }).fill('shared')
    await page
      .getByLabel('Address', { exact: true })
      .fill(address.replace('127.0.0.1', 'localhost'))
    await page.getByText('Trusted authorities and proxy').click()
    await trustOnly(page, join(folder, 'coffret-ca.pem'))
    await page.getByRole('button', { name: 'Test the connection' }).click()
    await expect(page.getByText('The connection works.')).toBeVisible()
    await addNow(page, 'shared')
    await row(page, /^prod, folder/).click()
    await row(page, /^database, folder/).click()
    await row(page, /^MySQL/).click()
    await expect(page.getByRole('heading', { name: mysql.path })).toBeVisible()
    await lookAt(page, '129-domain-openssl')
  } finally {
    await other.close()
  }
})
