import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { giveToApp, makeProfile } from '../support/electron-app'
import { answerDialogs, createVault } from '../support/window-steps'

/** A certificate of OpenSSL and its key. */
function makePair(subject: string, days: number): string[] {
  const folder = makeProfile()
  const [certificate, key] = [join(folder, 'client.pem'), join(folder, 'client.key')]
  execFileSync('openssl', [
    ...['req', '-x509', '-nodes', '-days', `${days}`, '-subj', `/CN=${subject}`],
    ...['-addext', 'extendedKeyUsage=clientAuth', '-newkey', 'ec'],
    ...['-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', key, '-out', certificate],
  ])
  for (const file of [certificate, key]) giveToApp(file)
  return [certificate, key]
}

/** What runs as the user that the app runs as, so that both may write the same files. */
function asApp(program: string, args: readonly string[]): string {
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', program]
  const [first, rest] = process.getuid?.() === 0 ? ['setpriv', nobody] : [program, []]
  return execFileSync(first, [...rest, ...args], { encoding: 'utf8', cwd: '/' })
}

/** A profile of Firefox in the home of the app, with an empty store. */
function makeFirefox(home: string): string {
  const firefox = join(home, '.mozilla', 'firefox')
  const profile = join(firefox, 'abc.default-release')
  mkdirSync(profile, { recursive: true })
  writeFileSync(
    join(firefox, 'profiles.ini'),
    '[Profile0]\nName=default-release\nIsRelative=1\nPath=abc.default-release\nDefault=1\n',
  )
  for (const one of [join(home, '.mozilla'), firefox, profile, join(firefox, 'profiles.ini')]) {
    giveToApp(one)
  }
  asApp('certutil', ['-N', '-d', `sql:${profile}`, '--empty-password'])
  return profile
}

const showCertificates = (page: Page) => page.getByRole('button', { name: 'Certificates' }).click()
const table = (page: Page) => page.getByRole('table', { name: 'Kept certificates' })
const rowOf = (page: Page, name: string) =>
  table(page)
    .getByRole('row')
    .filter({ has: page.getByText(name, { exact: true }) })

async function keep(page: Page, files: string[], name: string): Promise<void> {
  await page.locator('main input[type=file]').setInputFiles(files)
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Keep in the vault' }).click()
}

async function choose(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

test('a certificate is kept, renewed, saved in both forms, renamed and removed', async ({
  page,
  coffret,
}) => {
  await createVault(page)
  await showCertificates(page)
  await expect(page.getByText('No certificate is kept yet')).toBeVisible()
  await lookAt(page, '43-kept-none')
  await page.locator('main input[type=file]').setInputFiles(makePair('ci', 5))
  await expect(page.getByText('It belongs to the certificate.')).toBeVisible()
  await lookAt(page, '44-kept-new')
  await page.getByLabel('Name', { exact: true }).fill('ci')
  await page.getByRole('button', { name: 'Keep in the vault' }).click()
  await expect(rowOf(page, 'ci')).toContainText('in 5 days')
  for (const [name, days] of [['backup', 20] as const, ['laptop', 300] as const]) {
    await keep(page, makePair(name, days), name)
    // The form makes way for it.
    await expect(rowOf(page, name)).toBeVisible()
  }
  await expect(table(page).getByRole('row')).toHaveCount(4)
  await lookAt(page, '45-kept-list')

  await keep(page, makePair('ci', 90), 'ci')
  const question = page.getByRole('dialog', { name: 'Is this a renewal?' })
  await lookAt(page, '46-kept-renewal')
  await question.getByRole('button', { name: 'Replace ci' }).click()
  await expect(rowOf(page, 'ci')).not.toContainText('in 5 days')
  await expect(table(page).getByRole('row')).toHaveCount(4)

  const p12 = join(coffret.profile, 'ci.p12')
  await answerDialogs(coffret.app, p12)
  await choose(page, 'ci', 'Save .p12…')
  const saving = page.getByRole('dialog', { name: 'Save ci as PKCS#12' })
  await saving.getByRole('button', { name: 'Choose a place…' }).click()
  await expect(saving.getByText('Give the file a password.')).toBeVisible()
  await saving.getByLabel('Password of the file', { exact: true }).fill('p12-password')
  await lookAt(page, '47-kept-save')
  await saving.getByRole('button', { name: 'Choose a place…' }).click()
  await expect(saving.getByText(/^Saved as /)).toBeVisible()
  await saving.getByRole('button', { name: 'Done' }).click()
  expect(statSync(p12).mode & 0o777).toBe(0o600)
  const info = ['pkcs12', '-info', '-nodes', '-in', p12, '-passin', 'pass:p12-password']
  expect(execFileSync('openssl', info, { encoding: 'utf8' })).toContain('friendlyName: ci')

  const pem = join(coffret.profile, 'ci.pem')
  await answerDialogs(coffret.app, pem)
  await choose(page, 'ci', 'Save PEM…')
  const savingPem = page.getByRole('dialog', { name: 'Save ci as PEM' })
  await savingPem.getByRole('button', { name: 'Choose a place…' }).click()
  await expect(savingPem.getByText(/^Saved as /)).toBeVisible()
  await savingPem.getByRole('button', { name: 'Done' }).click()
  const key = execFileSync('openssl', ['pkey', '-in', pem, '-pubout'])
  expect(execFileSync('openssl', ['x509', '-in', pem, '-noout', '-pubkey'])).toEqual(key)
  expect(readFileSync(pem, 'utf8')).toContain('BEGIN CERTIFICATE')

  // A file of one's own opens again, to be changed or taken apart.
  await page.locator('main input[type=file]').setInputFiles(p12)
  await page.getByLabel('Password of the private key', { exact: true }).fill('p12-password')
  await page.getByRole('button', { name: 'Open the key' }).click()
  await expect(page.getByText('It belongs to the certificate.')).toBeVisible()
  await page.getByRole('button', { name: 'Keep in the vault' }).click()
  await expect(page.getByText('The vault keeps this very certificate already.')).toBeVisible()
  await page.getByRole('button', { name: 'Start over' }).click()

  await choose(page, 'backup', 'Rename…')
  const renaming = page.getByRole('dialog', { name: 'Rename backup' })
  await renaming.getByLabel('Name', { exact: true }).fill('nightly')
  await renaming.getByRole('button', { name: 'Save' }).click()
  await expect(rowOf(page, 'nightly')).toBeVisible()
  await choose(page, 'nightly', 'Remove…')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(rowOf(page, 'nightly')).toBeHidden()
})

test('a certificate goes into a profile of Firefox, and out again', async ({ page, coffret }) => {
  const profile = makeFirefox(coffret.profile)
  const keys = () => asApp('certutil', ['-L', '-d', `sql:${profile}`])
  await createVault(page)
  await showCertificates(page)
  await keep(page, makePair('browser test', 60), 'browser test')
  await page.getByRole('button', { name: 'Into the browser… browser test' }).click()
  const dialog = page.getByRole('dialog', { name: 'browser test into the browser' })
  const store = dialog.getByRole('article', { name: 'Firefox · default-release' })
  await expect(store).toContainText(profile)
  await expect(store.getByRole('region', { name: 'What will be run' })).toBeVisible()
  await expect(store).toContainText(
    `pk12util -i client.p12 -d sql:${profile} -w password -k database-password`,
  )
  await lookAt(page, '48-into-browser')
  await store.getByRole('button', { name: /^Import into/ }).click()
  await expect(store.getByText(/^Imported and found again with its key/)).toBeVisible()
  expect(keys()).toContain('browser test')
  await lookAt(page, '49-in-browser')
  await store.getByRole('button', { name: /^Remove again/ }).click()
  await expect(store.getByRole('button', { name: /^Import into/ })).toBeVisible()
  expect(keys()).not.toContain('browser test')
  await dialog.getByLabel('Browser', { exact: true }).selectOption('Safari on macOS')
  await expect(dialog.getByText('Open Keychain Access.')).toBeVisible()
  await lookAt(page, '50-browser-steps')
  await dialog.getByRole('button', { name: 'Save the file for it…' }).click()
  await expect(page.getByText(/^3DES and SHA-1/)).toBeVisible()
})

test('a certificate of the local API is renewed, kept, and shown to it', async ({
  page,
  coffret,
}) => {
  await createVault(page)
  await page.getByRole('button', { name: /^Local API/ }).click()
  await page.getByLabel('Port', { exact: true }).fill('0')
  await page.getByRole('button', { name: 'Switch on' }).click()
  await expect(page.getByText(/^https:\/\/127\.0\.0\.1:\d+$/)).toBeVisible()
  await answerDialogs(coffret.app, coffret.profile)
  await page.getByRole('button', { name: 'New certificate…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('ci')
  await dialog.getByText('Everything', { exact: true }).click()
  await dialog.getByRole('button', { name: 'Choose a folder…' }).click()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Renew… ci' }).click()
  await expect(page.getByRole('dialog', { name: 'Renew ci' })).toBeVisible()
  await lookAt(page, '96-renew')
  const before = new Set(readdirSync(coffret.profile))
  await dialog.getByRole('button', { name: 'Choose a folder…' }).click()
  await lookAt(page, '97-renewed')
  await dialog.getByRole('button', { name: 'Revoke the old one now' }).click()
  await expect(page.getByText('Revoked', { exact: true })).toHaveCount(1)
  const list = join(coffret.profile, 'list.pem')
  await answerDialogs(coffret.app, list)
  await page.getByRole('button', { name: 'Save revocation list…' }).click()
  await expect.poll(() => readdirSync(coffret.profile)).toContain('list.pem')
  const crl = execFileSync('openssl', ['crl', '-in', list, '-noout', '-text'], { encoding: 'utf8' })
  expect(crl.match(/Serial Number/g)).toHaveLength(1)

  const made = readdirSync(coffret.profile).find((name) => /^ci-/.test(name) && !before.has(name))
  const folder = join(coffret.profile, made ?? '')
  const files = readdirSync(folder).filter((name) => /_(certificate|privatekey)\.pem$/.test(name))
  await showCertificates(page)
  await keep(
    page,
    files.map((name) => join(folder, name)),
    'local',
  )
  await page.getByRole('button', { name: 'Check… local' }).click()
  const check = page.getByRole('dialog', { name: 'Check local' })
  await check.getByRole('button', { name: 'Ask the server' }).click()
  await expect(check.getByText('The server answered 200')).toBeVisible()
  await lookAt(page, '51-check-answered')
  const address = await check.getByLabel('Address').inputValue()
  await check.getByLabel('Address').fill(address.replace(/:\d+/, ':1'))
  await check.getByRole('button', { name: 'Ask the server' }).click()
  await expect(check.getByText('No answer')).toBeVisible()
  await lookAt(page, '52-check-failed')

  const opened = await coffret.app.evaluate(({ dialog: questions, shell }) => {
    const seen: string[] = []
    questions.showMessageBox = async (options: object) => {
      seen.push(JSON.stringify(options))
      return { response: 1, checkboxChecked: false }
    }
    shell.openExternal = async (url) => void seen.push(url)
    Object.assign(globalThis, { seen })
    return seen.length
  })
  expect(opened).toBe(0)
  await check.getByRole('button', { name: 'Open the Swagger page in the browser…' }).click()
  const seen = () => coffret.app.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)
  await expect.poll(seen).toHaveLength(2)
  const [question, url] = await seen()
  expect(question).toContain(new URL(address).host)
  expect(url).toBe(`${new URL(address).origin}/docs/try/`)
})
