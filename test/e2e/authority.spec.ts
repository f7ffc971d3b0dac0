import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { giveToApp, makeProfile } from '../support/electron-app'
import { LastingClient } from '../support/lasting-client'
import { answerDialogs, createSecret, createVault, mysql } from '../support/window-steps'

/** Runs OpenSSL. @returns what it says, on both channels, and whether it is content */
function openssl(...args: string[]): { said: string; isGood: boolean } {
  const { stdout, stderr, status } = spawnSync('openssl', args, { encoding: 'utf8' })
  return { said: stdout + stderr, isGood: status === 0 }
}

/** A request and its key, both by OpenSSL. */
function makeRequest(form: 'PEM' | 'DER', ...key: string[]): { request: string; key: string } {
  const folder = makeProfile()
  const files = { request: join(folder, 'client.csr'), key: join(folder, 'client.key') }
  execFileSync(
    'openssl',
    [
      ...['req', '-new', '-nodes', '-subj', '/CN=asked for', '-outform', form, '-newkey', ...key],
      ...['-keyout', files.key, '-out', files.request],
    ],
    { stdio: 'ignore' },
  )
  for (const file of [files.key, files.request]) giveToApp(file)
  return files
}

/** Switches the local API on at any free port. @returns its address */
async function switchOn(page: Page): Promise<string> {
  await page.getByRole('button', { name: /^Local API/ }).click()
  await page.getByLabel('Port', { exact: true }).fill('0')
  await page.getByRole('button', { name: 'Switch on' }).click()
  const address = page.getByText(/^https:\/\/127\.0\.0\.1:\d+$/)
  await expect(address).toBeVisible()
  return address.innerText()
}

const dialog = (page: Page) => page.getByRole('dialog')
const rowOf = (page: Page, name: string) =>
  page
    .getByRole('table', { name: 'Credentials' })
    .getByRole('row')
    .filter({ has: page.getByText(name, { exact: true }) })

async function startCertificate(page: Page, name: string, lifetime = '90 days'): Promise<void> {
  await page.getByRole('button', { name: 'New certificate…' }).click()
  await dialog(page).getByLabel('Name').fill(name)
  await dialog(page).getByRole('combobox', { name: 'Valid for' }).selectOption(lifetime)
}

/** Says where, and reads the files from the dialog that says so. */
async function finishCertificate(page: Page): Promise<Record<string, string>> {
  await dialog(page).getByRole('button', { name: 'Choose a folder…' }).click()
  const made = page.getByRole('dialog', { name: 'The certificate is made' })
  await expect(made).toBeVisible()
  const facts = made.locator('dl').first().locator('div')
  const files: Record<string, string> = {}
  for (const fact of await facts.all()) {
    files[await fact.locator('dt').innerText()] = (await fact.locator('dd').innerText()).trim()
  }
  return files
}

const done = (page: Page) => dialog(page).getByRole('button', { name: 'Done' }).click()

test('a certificate is issued, used, and revoked: also on an open connection and for a resumed one', async ({
  page,
  coffret,
}) => {
  await createVault(page)
  await createSecret(page, mysql.path, mysql.json)
  const address = await switchOn(page)
  await answerDialogs(coffret.app, coffret.profile)
  await startCertificate(page, 'ci')
  await dialog(page).getByRole('button', { name: 'Generate' }).click()
  await dialog(page).getByText('Keep it in the list of certificates too').click()
  await lookAt(page, '98-new-certificate')
  const files = await finishCertificate(page)
  await lookAt(page, '99-certificate-made')
  await done(page)
  const { Certificate: certificate = '', 'Private key': key = '' } = files
  const { 'CA certificate': authority = '' } = files
  expect(Object.keys(files)).toEqual(['Certificate', 'Private key', 'PKCS#12', 'CA certificate'])
  const id = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
  expect(certificate).toMatch(new RegExp(`/ci-[0-9a-f]{8}/${id}_certificate\\.pem$`))
  expect(key).toBe(certificate.replace('_certificate.pem', '_privatekey.pem'))
  expect(readFileSync(key, 'utf8')).toContain('BEGIN PRIVATE KEY')
  for (const file of Object.values(files)) expect(statSync(file).mode & 0o077).toBe(0)

  const path = `/v1/secret/data/${mysql.path}`
  const client = new LastingClient(address, path, { authority, certificate, key })
  expect(await client.ask()).toBe('200 false')
  await expect(rowOf(page, 'ci')).not.toContainText('never')
  await page.getByRole('button', { name: 'Revoke: ci' }).click()
  await expect(dialog(page).getByRole('button', { name: 'Cancel' })).toBeFocused()
  await dialog(page).getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByText('ci is revoked.')).toBeVisible()
  expect(await client.ask()).toBe('403 false')
  expect(await client.askAgain()).toBe('403 false')
  await client.stop()

  const list = join(coffret.profile, 'revoked.pem')
  await answerDialogs(coffret.app, list)
  await page.getByRole('button', { name: 'Save revocation list…' }).click()
  await expect.poll(() => readdirSync(coffret.profile)).toContain('revoked.pem')
  const verified = openssl('crl', '-verify', '-in', list, '-CAfile', authority, '-noout')
  expect(verified).toEqual({ said: 'verify OK\n', isGood: true })
  const check = openssl(
    ...['verify', '-crl_check', '-CAfile', authority, '-CRLfile', list, certificate],
  )
  expect(check.isGood).toBe(false)
  expect(check.said).toContain('certificate revoked')
  // The chain itself is sound.
  expect(openssl('verify', '-CAfile', authority, certificate).isGood).toBe(true)

  const saved = join(coffret.profile, 'authority.pem')
  await answerDialogs(coffret.app, saved)
  await page.getByRole('button', { name: 'Save CA certificate…' }).click()
  await expect.poll(() => readdirSync(coffret.profile)).toContain('authority.pem')
  expect(readFileSync(saved, 'utf8')).toBe(readFileSync(authority, 'utf8'))

  await page.getByRole('button', { name: 'Certificates' }).click()
  await expect(page.getByRole('table', { name: 'Kept certificates' })).toContainText('ci')
  await page.getByRole('button', { name: /^Local API/ }).click()
  await page.getByRole('button', { name: 'Switch off' }).click()
  await expect(page.getByRole('heading', { name: 'Local API Off' })).toBeVisible()
  await page.getByRole('button', { name: 'Certificates' }).click()
  await page.getByRole('button', { name: 'Check… ci' }).click()
  await expect(dialog(page).getByText(/^It is for the local API of a vault/)).toBeVisible()
  await expect(dialog(page).getByLabel('Address', { exact: true })).toHaveValue('')
})

test('a request is certified whatever its key, from text or a file; a bad one is refused in words', async ({
  page,
  coffret,
}) => {
  await createVault(page)
  await switchOn(page)
  await answerDialogs(coffret.app, coffret.profile)
  const kinds = [
    ['EC', 'PEM', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
    ['RSA', 'DER', 'rsa:3072'],
    ['Ed25519', 'PEM', 'ed25519'],
  ] as const
  for (const [name, form, ...how] of kinds) {
    const { request, key } = makeRequest(form, ...how)
    await startCertificate(page, name)
    await dialog(page).getByText('Use a request (CSR)').click()
    if (name === 'EC') {
      await dialog(page)
        .getByRole('textbox', { name: 'Request (CSR)' })
        .fill(readFileSync(request, 'utf8'))
      await lookAt(page, '100-new-from-request')
    } else await dialog(page).locator('input[data-request]').setInputFiles(request)
    const files = await finishCertificate(page)
    await done(page)
    const { Certificate: certificate = '', 'CA certificate': authority = '' } = files
    expect(Object.keys(files), name).toEqual(['Certificate', 'CA certificate'])
    expect(openssl('verify', '-CAfile', authority, certificate).isGood, name).toBe(true)
    const own = openssl('pkey', '-in', key, '-pubout').said
    expect(openssl('x509', '-in', certificate, '-noout', '-pubkey').said).toBe(own)
  }

  const good = makeRequest('DER', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256')
  const forged = readFileSync(good.request)
  forged[forged.length - 1]! ^= 1
  writeFileSync(good.request, forged)
  const weak = makeRequest('PEM', 'rsa:1024').request
  const none = makeProfile()
  const note = join(none, 'note.csr')
  writeFileSync(note, 'no request')
  giveToApp(note)
  await startCertificate(page, 'refused')
  await dialog(page).getByText('Use a request (CSR)').click()
  await dialog(page).getByRole('button', { name: 'Choose a folder…' }).click()
  await expect(dialog(page).getByText('Paste the request, or take it from a file.')).toBeVisible()
  for (const bad of [good.request, weak, note]) {
    await dialog(page).locator('input[data-request]').setInputFiles(bad)
    await dialog(page).getByRole('button', { name: 'Choose a folder…' }).click()
    await expect(dialog(page).getByText(/^This is no request, it is not signed/)).toBeVisible()
  }
  await lookAt(page, '101-request-refused')
  await dialog(page).getByRole('button', { name: 'Cancel' }).click()
  await expect(rowOf(page, 'refused')).toHaveCount(0)

  // The list of them: good for long, soon over, revoked.
  for (const [name, lifetime] of [
    ['month', '30 days'],
    ['day', '1 day'],
  ] as const) {
    await startCertificate(page, name, lifetime)
    await finishCertificate(page)
    await done(page)
  }
  await page.getByRole('button', { name: 'Revoke: RSA' }).click()
  await dialog(page).getByRole('button', { name: 'Revoke' }).click()
  await expect(rowOf(page, 'RSA')).toContainText('Revoked')
  await rowOf(page, 'day').scrollIntoViewIfNeeded()
  await lookAt(page, '102-own-certificates')
})
