import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { giveToApp, makeProfile } from '../support/electron-app'
import { answerDialogs, createSecret, createVault, mysql } from '../support/window-steps'

const showLocalApi = (page: Page) =>
  page
    .getByRole('navigation')
    .getByRole('button', { name: /^Local API/ })
    .click()

/** Switches the local API on at any free port. @returns its address */
async function switchOn(page: Page): Promise<string> {
  await showLocalApi(page)
  await page.getByLabel('Port', { exact: true }).fill('0')
  await page.getByRole('button', { name: 'Switch on' }).click()
  const address = page.getByText(/^https:\/\/127\.0\.0\.1:\d+$/)
  await expect(address).toBeVisible()
  return address.innerText()
}

/** Makes a token. @returns it, and the lines for a shell */
async function makeToken(page: Page, name: string, places = '') {
  await page.getByRole('button', { name: 'New token…' }).click()
  const dialog = page.getByRole('dialog', { name: 'New token' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Places').fill(places)
  return dialog
}

/** A program of the user that the app runs as. @returns status and body */
function curl(...args: string[]): { status: number; body: string } {
  const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', 'curl']
  const [program, ...first] = process.getuid?.() === 0 ? ['setpriv', ...asNobody] : ['curl']
  const all = [...first, '--silent', '--show-error', '--write-out', '\n%{http_code}', ...args]
  const out = execFileSync(program ?? 'curl', all, { encoding: 'utf8', cwd: '/' })
  const at = out.lastIndexOf('\n')
  return { status: Number(out.slice(at + 1)), body: out.slice(0, at) }
}

test('a program gets a token in the window, is seen calling, and is shut out again', async ({
  page,
}) => {
  await createVault(page)
  await createSecret(page, mysql.path, mysql.json)
  await showLocalApi(page)
  await expect(page.getByRole('heading', { name: 'Local API Off' })).toBeVisible()
  await expect(page.getByText('No program has access')).toBeVisible()
  await lookAt(page, '90-local-api-off')
  const address = await switchOn(page)
  await expect(page.getByRole('heading', { name: 'Local API On' })).toBeVisible()

  const dialog = await makeToken(page, 'ci', '/prod//x')
  await expect(dialog.getByText('“prod//x” is no place')).toBeVisible()
  await dialog.getByLabel('Places').fill('secret/prod')
  await lookAt(page, '91-new-token')
  await dialog.getByRole('button', { name: 'Make token' }).click()
  const made = page.getByRole('dialog', { name: 'The token is made' })
  const token = await made.getByLabel('Token', { exact: true }).innerText()
  expect(token).toMatch(/^cft_[\w-]{43}$/)
  const lines = await made.getByRole('region', { name: 'Shell' }).innerText()
  expect(lines).toContain(`export VAULT_ADDR=${address}`)
  expect(lines).toContain(`export VAULT_TOKEN=${token}`)
  const caFile = /VAULT_CACERT='?([^'\n]+)/.exec(lines)?.[1] ?? ''
  await lookAt(page, '92-token-made')
  await made.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText(token)).toHaveCount(0)

  const read = (path: string) =>
    curl(
      '--cacert',
      caFile,
      '--header',
      `X-Vault-Token: ${token}`,
      `${address}/v1/secret/data/${path}`,
    )
  const answer = read(mysql.path)
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.body)).toMatchObject({
    data: { data: { login: 'admin', password: 'my_secret_password' } },
  })
  expect(read('other').status).toBe(403)
  const requests = page.getByRole('table', { name: 'Activity' })
  await expect(requests.getByRole('row').filter({ hasText: 'ci' })).toHaveCount(2)
  await expect(requests.getByRole('row').filter({ hasText: 'Refused' })).toHaveCount(1)
  await expect(requests).not.toContainText('my_secret_password')
  await lookAt(page, '93-local-api-on')

  await page.getByRole('button', { name: 'Revoke: ci' }).click()
  await page
    .getByRole('dialog', { name: 'Revoke ci?' })
    .getByRole('button', { name: 'Revoke' })
    .click()
  await expect(page.getByText('ci is revoked.')).toBeVisible()
  expect(read(mysql.path).status).toBe(403)

  await page.getByRole('button', { name: 'Show all activity' }).click()
  await expect(page.getByRole('heading', { name: /^Activity/ })).toBeVisible()
  await expect(requests.getByRole('row').filter({ hasText: 'Without a credential' })).toHaveCount(1)
  await page.getByLabel('Result').selectOption('Refused')
  await expect(requests.getByRole('row')).toHaveCount(3)
  await page.getByRole('button', { name: 'Verify the log' }).click()
  await expect(page.getByText(/^Nothing was removed or changed/)).toBeVisible()
  await lookAt(page, '94-activity')
  await page.getByLabel('Path begins with').fill('nothing/like/it')
  await page.keyboard.press('Enter')
  await expect(page.getByText('No line of the log fits these filters.')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(requests).toBeVisible()
})

test('while the vault is locked the address answers that it is, and goes on after', async ({
  page,
  coffret,
}) => {
  await createVault(page)
  const address = await switchOn(page)
  const health = () => curl('--insecure', `${address}/v1/sys/health`).status
  expect(health()).toBe(200)
  const opened = coffret.app.waitForEvent('window')
  await page.keyboard.press('Control+l')
  await opened
  expect(health()).toBe(503)
  expect(curl('--insecure', `${address}/v1/secret/metadata?list=true`).status).toBe(503)
})

test('a port that is taken is said with its owner, and nothing listens elsewhere', async ({
  page,
}) => {
  await createVault(page)
  const address = await switchOn(page)
  await page.getByRole('button', { name: 'Switch off' }).click()
  await expect(page.getByRole('heading', { name: 'Local API Off' })).toBeVisible()
  expect(() => curl('--insecure', `${address}/v1/sys/health`)).toThrow()
  const { createServer } = await import('node:net')
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as { port: number }
  await page.getByLabel('Port', { exact: true }).fill(String(port))
  await page.getByRole('button', { name: 'Switch on' }).click()
  await expect(page.getByText(/^The port is taken: .*Choose another one\.$/)).toBeVisible()
  await lookAt(page, '95-port-taken')
  other.close()
  await page.getByLabel('Port', { exact: true }).fill('70000')
  await expect(page.getByText('A port is a whole number from 0 to 65,535.')).toBeVisible()
})

const keysOfClients = {
  Ed25519: ['-algorithm', 'Ed25519'],
  'EC P-521': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  'RSA 2048': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
} as const

/** Has the vault certify a key of OpenSSL. @returns the key, and the folder of what was given for it */
async function certify(page: Page, folder: string, kind: keyof typeof keysOfClients) {
  const [key, out] = [join(folder, 'key.pem'), makeProfile()]
  execFileSync('openssl', ['genpkey', ...keysOfClients[kind], '-out', key], { stdio: 'ignore' })
  giveToApp(key)
  const request = execFileSync('openssl', ['req', '-new', '-key', key, '-subj', '/CN=laptop'])
  await page.getByRole('button', { name: 'New certificate…' }).click()
  const dialog = page.getByRole('dialog', { name: 'New client certificate' })
  await dialog.getByLabel('Name').fill(kind)
  await dialog.getByText('Use a request (CSR)').click()
  await dialog
    .getByLabel('Request (CSR)', { exact: true })
    .and(dialog.locator('textarea'))
    .fill(request.toString())
  return { key, out, choose: dialog.getByRole('button', { name: 'Choose a folder…' }) }
}

// BoringSSL asks for less than OpenSSL does unless it is told: only a real Electron shows it.
for (const kind of ['Ed25519', 'EC P-521', 'RSA 2048'] as const) {
  test(`a client whose key is ${kind} is let in by its certificate`, async ({ page, coffret }) => {
    await createVault(page)
    await createSecret(page, mysql.path, mysql.json)
    const address = await switchOn(page)
    const { key, out, choose } = await certify(page, makeProfile(), kind)
    await answerDialogs(coffret.app, out)
    await choose.click()
    const made = page.getByRole('dialog', { name: 'The certificate is made' })
    const said = await made.getByText(/^Its files are in /).innerText()
    const folder = /^Its files are in (.*), readable by you alone\.$/.exec(said)?.[1] ?? ''
    const named = (end: string) =>
      join(folder, readdirSync(folder).find((file) => file.endsWith(end)) ?? '')
    expect(readFileSync(named('_certificate.pem'), 'utf8')).toContain('BEGIN CERTIFICATE')
    const known = ['--cert', named('_certificate.pem'), '--key', key]
    const read = (...more: readonly string[]) =>
      curl('--cacert', named('coffret-ca.pem'), ...more, `${address}/v1/secret/data/${mysql.path}`)
    for (const version of [['--tls-max', '1.2'], ['--tlsv1.3']])
      expect(read(...known, ...version).status).toBe(200)
    expect(read().status).not.toBe(200)
  })
}
