import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { dropFiles, openDomainForm, sidebar, trustOnly } from '../support/domain-steps'
import { giveToApp, makeProfile } from '../support/electron-app'
import { ServedVault } from '../support/served-vault'
import { createVault } from '../support/window-steps'

/** What a pair is to be like; days below 0 have passed. */
interface Wish {
  readonly subject?: string
  readonly days?: number
  readonly password?: string
}

/** A certificate for clients and its key, by OpenSSL. */
function makePair({ subject = '/CN=ci', days = 90, password }: Wish = {}) {
  const folder = makeProfile()
  const files = { certificate: join(folder, 'client.pem'), key: join(folder, 'client.key') }
  const closing = password === undefined ? ['-nodes'] : ['-passout', `pass:${password}`]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', files.key]
  const request = join(folder, 'client.csr')
  const quietly = { stdio: 'ignore' as const }
  execFileSync('openssl', ['req', '-new', '-subj', subject, ...closing, ...key, '-out', request], {
    ...quietly,
  })
  const day = (left: number) =>
    new Date(Date.now() + left * 86_400_000).toISOString().replace(/\D/g, '').slice(0, 14) + 'Z'
  const opening = password === undefined ? [] : ['-passin', `pass:${password}`]
  const at = ['-not_before', day(-400), '-not_after', day(days)]
  signByHand(folder, { request, key: files.key, opening, at, out: files.certificate })
  for (const file of Object.values(files)) giveToApp(file)
  return files
}

/** `openssl ca` alone of OpenSSL 3.0 dates certificates at will. */
function signByHand(
  folder: string,
  {
    request,
    key,
    opening,
    at,
    out,
  }: {
    request: string
    key: string
    opening: readonly string[]
    at: readonly string[]
    out: string
  },
): void {
  const [, start = '', , end = ''] = at
  const settings = `[ca]
default_ca = own
[own]
database = ${join(folder, 'index')}
serial = ${join(folder, 'serial')}
new_certs_dir = ${folder}
default_md = sha256
policy = any
x509_extensions = client
unique_subject = no
[any]
commonName = supplied
organizationName = optional
organizationalUnitName = optional
countryName = optional
[client]
extendedKeyUsage = clientAuth
`
  const file = (name: string, text: string) => {
    execFileSync('sh', ['-c', 'cat > "$0"', join(folder, name)], { input: text })
    return join(folder, name)
  }
  file('index', '')
  file('serial', '01\n')
  const config = file('ca.cnf', settings)
  execFileSync(
    'openssl',
    [
      ...['ca', '-batch', '-selfsign', '-config', config, '-keyfile', key, ...opening, '-notext'],
      ...['-preserveDN', '-startdate', start, '-enddate', end, '-in', request, '-out', out],
    ],
    { stdio: 'ignore' },
  )
}

const showCertificates = (page: Page) =>
  sidebar(page)
    .getByRole('button', { name: /^Certificates/ })
    .click()
const fileInput = (page: Page) => page.locator('main input[type=file]')
const rowOf = (page: Page, name: string) =>
  page
    .getByRole('table', { name: 'Kept certificates' })
    .getByRole('row')
    .filter({ has: page.getByText(name, { exact: true }) })

async function keep(page: Page, files: readonly string[], name: string): Promise<void> {
  await fileInput(page).setInputFiles([...files])
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Keep in the vault' }).click()
  await expect(rowOf(page, name)).toBeVisible()
}

const longSubject =
  '/C=FR/O=A rather long name of an organization in Roubaix/OU=Platform engineering and secrets/CN=continuous-integration.build.platform.example.internal'

test('each state of the helper is said in words, by keyboard too', async ({ page, coffret }) => {
  test.setTimeout(180_000)
  const pair = makePair({ subject: longSubject })
  const other = makePair()
  const closed = makePair({ password: 'of the key' })
  const ended = makePair({ subject: '/CN=ended', days: -3 })
  await createVault(page)
  await showCertificates(page)
  const startOver = () => page.getByRole('button', { name: 'Start over' }).click()
  const states: [files: string[], said: string | RegExp, picture: string][] = [
    [[pair.certificate], 'No private key yet. Add the key file.', 'no-key'],
    [[pair.certificate, other.key], 'This key belongs to another certificate.', 'mismatch'],
    [[ended.certificate, ended.key], /^The certificate has expired/, 'ended'],
    [[closed.certificate, closed.key], /is encrypted\. Give its password\.$/, 'closed'],
  ]
  for (const [files, said, picture] of states) {
    await fileInput(page).setInputFiles(files)
    await expect(page.getByText(said).first()).toBeVisible()
    await lookAt(page, `130-helper-${picture}`)
    if (picture !== 'closed') await startOver()
  }
  const password = page.getByLabel('Password of the private key', { exact: true })
  await password.fill('wrong')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^That password does not open/)).toBeVisible()
  await lookAt(page, '130-helper-wrong-password')
  await password.fill('of the key')
  await page.keyboard.press('Enter')
  await expect(page.getByText('It belongs to the certificate.')).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill('by keyboard')
  await page.keyboard.press('Enter')
  await expect(rowOf(page, 'by keyboard')).toBeVisible()

  await keep(page, [pair.certificate, pair.key], 'a long subject')
  await keep(page, [ended.certificate, ended.key], 'too late')
  const soon = makePair({ subject: '/CN=soon', days: 20 })
  await keep(page, [soon.certificate, soon.key], 'soon')
  await expect(rowOf(page, 'too late')).toContainText(/^too late.*Ended/s)
  await expect(rowOf(page, 'soon')).toContainText('in 20 days')
  const mark = sidebar(page).getByRole('button', { name: 'Certificates: 1 ends soon, 1 ended' })
  await expect(mark).toBeVisible()
  await lookAt(page, '131-helper-kept')

  const resize = (width: number, height: number) =>
    coffret.app.evaluate(
      ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w!, h!),
      [width, height],
    )
  for (const [width, height] of [
    [1024, 700],
    [800, 600],
  ] as const) {
    await resize(width, height)
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width)
    await lookAt(page, `132-helper-${width}`)
    const pane = page.locator('main')
    const overflow = await pane.evaluate((one) => one.scrollWidth - one.clientWidth)
    expect(overflow, `${width}`).toBe(0)
    await expect(rowOf(page, 'soon').getByRole('button', { name: /^Check/ })).toBeInViewport()
  }
  await resize(1180, 760)

  await page.getByRole('button', { name: 'Check… soon' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Check soon' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Check… soon' })).toBeFocused()

  await page.keyboard.press('Control+,')
  await page.getByLabel('Language', { exact: true }).selectOption('Français')
  await sidebar(page)
    .getByRole('button', { name: /^Certificats\u202f?: 1 bientôt expiré, 1 expiré$/ })
    .click()
  await fileInput(page).setInputFiles([pair.certificate, other.key])
  await expect(page.getByText(/^Cette clé/)).toBeVisible()
  await lookAt(page, '133-helper-french')
})

test('from kept files to a domain: checked, added with what the check knows, chosen again', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const server = await ServedVault.start()
  try {
    await createVault(page)
    await showCertificates(page)
    await keep(page, server.downloads(), 'team')
    await page.getByRole('button', { name: 'Check… team' }).click()
    const check = page.getByRole('dialog', { name: 'Check team' })
    const address = check.getByLabel('Address', { exact: true })
    await expect(address).toHaveValue(/^https:\/\/eu-west-par\.okms\.ovh\.net\//)
    const path = new URL(await address.inputValue()).pathname
    await expect(check.getByRole('button', { name: /^Open the Swagger page/ })).toBeVisible()
    await check.getByLabel('Region').selectOption('Roubaix (eu-west-rbx)')
    await expect(address).toHaveValue(`https://eu-west-rbx.okms.ovh.net${path}`)
    await address.fill(server.address + path)
    await expect(check.getByLabel('Region').locator('option:checked')).toHaveText(
      'A host of my own',
    )
    // It would be the page of another server.
    await expect(check.getByRole('button', { name: /^Open the Swagger page/ })).toBeHidden()
    await check.getByRole('button', { name: 'Ask the server' }).click()
    await expect(check.getByText('The server is not the one that you trust')).toBeVisible()
    await expect(check.getByText('CN=localhost · DNS:localhost')).toBeVisible()
    await lookAt(page, '134-check-untrusted')
    await check.locator('input[type=file]').setInputFiles(server.authorityFile)
    await page.keyboard.press('Enter')
    await check.getByRole('button', { name: 'Ask the server' }).click()
    await expect(check.getByText('The server answered 200')).toBeVisible()
    await check.getByText('Certificate of the server').click()
    await lookAt(page, '135-check-answered')
    await check.getByRole('button', { name: 'Add this domain to Coffret' }).click()

    await expect(page.getByLabel('Domain id')).toHaveValue(server.okmsId)
    await expect(page.getByLabel('Address', { exact: true })).toHaveValue(server.address)
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('team')
    await lookAt(page, '136-domain-of-kept')
    await page.getByRole('button', { name: 'Test the connection' }).click()
    await expect(page.getByText('The connection works.')).toBeVisible()
    await page.getByRole('button', { name: 'Add the domain' }).click()
    await expect(sidebar(page).getByRole('button', { name: 'team, ready' })).toBeVisible()

    // Now the check knows where the domain is, and whom it trusts.
    await showCertificates(page)
    await page.getByRole('button', { name: 'Check… team' }).click()
    await expect(address).toHaveValue(server.address + path)
    await check.getByRole('button', { name: 'Ask the server' }).click()
    await expect(check.getByText('The server answered 200')).toBeVisible()
    await expect(check.getByRole('button', { name: 'Add this domain to Coffret' })).toBeHidden()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Actions for team' }).click()
    await page.getByRole('menuitem', { name: 'Add its domain…' }).click()
    const kept = page.getByLabel('Or a certificate that is kept')
    await expect(kept.locator('option:checked')).toHaveText(/^team \(until /)
    await expect(page.getByText(/^This domain is kept already, as team\./)).toBeVisible()
    await kept.selectOption('None of them')
    await expect(page.getByText(/^This domain is kept already/)).toBeHidden()

    // Without it the files alone go into both lists.
    await showCertificates(page)
    await page.getByRole('button', { name: 'Actions for team' }).click()
    await page.getByRole('menuitem', { name: 'Remove…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await expect(page.getByText('No certificate is kept yet')).toBeVisible()
    await openDomainForm(page)
    await dropFiles(page, ...server.downloads())
    await expect(page.getByLabel('Keep it in the list of certificates too')).toBeChecked()
    await page.getByLabel('Name', { exact: true }).fill('by files')
    await page.getByLabel('Address', { exact: true }).fill(server.address)
    await page.getByText('Trusted authorities and proxy').click()
    await trustOnly(page, server.authorityFile)
    await lookAt(page, '137-domain-keeps')
    await page.getByRole('button', { name: 'Add the domain' }).click()
    await page.getByRole('button', { name: 'Keep them' }).click()
    await expect(sidebar(page).getByRole('button', { name: 'by files, ready' })).toBeVisible()
    await showCertificates(page)
    await expect(rowOf(page, 'by files')).toContainText(server.okmsId)
  } finally {
    await server.stop()
  }
})
