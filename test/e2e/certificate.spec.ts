import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, lookAt, test } from '../support/coffret-test'
import { giveToApp, makeProfile } from '../support/electron-app'
import { answerDialogs, createVault } from '../support/window-steps'

/** A self-signed client certificate and its key, made by OpenSSL. */
function makeCredential(folder: string, key: readonly string[]): { cert: string; key: string } {
  const files = { cert: join(folder, 'client.pem'), key: join(folder, 'client.key') }
  execFileSync('openssl', [
    ...['req', '-x509', '-nodes', '-days', '30', '-subj', '/CN=coffret test'],
    ...['-addext', 'extendedKeyUsage=clientAuth', '-newkey', ...key],
    ...['-keyout', files.key, '-out', files.cert],
  ])
  giveToApp(files.cert)
  giveToApp(files.key)
  return files
}

const kinds: readonly [name: string, key: readonly string[]][] = [
  ['RSA', ['rsa:2048']],
  ['EC', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']],
]

for (const [name, key] of kinds) {
  test(`${name} in PEM becomes a PKCS#12 file that openssl opens`, async ({ coffret, page }) => {
    const folder = coffret.profile
    const files = makeCredential(makeProfile(), key)
    await createVault(page)
    await page.getByRole('button', { name: 'Certificates' }).click()
    await lookAt(page, `40-certificates-empty`)
    await page.locator('input[type=file]').setInputFiles([files.cert, files.key])
    await expect(page.getByText('CN=coffret test').first()).toBeVisible()
    await expect(page.getByText('It belongs to the certificate.')).toBeVisible()
    await lookAt(page, `41-certificates-${name}`)

    const target = join(folder, 'client.p12')
    await page.getByText('PKCS#12 file', { exact: true }).click()
    await answerDialogs(coffret.app, target)
    await page.getByLabel('Password of the file', { exact: true }).fill('p12-password')
    await page.getByRole('button', { name: 'Save PKCS#12 file…' }).click()
    await expect(page.getByText(/^Saved as /)).toBeVisible({ timeout: 20_000 })

    expect(statSync(target).mode & 0o777).toBe(0o600)
    const info = execFileSync(
      'openssl',
      ['pkcs12', '-info', '-nodes', '-in', target, '-passin', 'pass:p12-password'],
      { encoding: 'utf8' },
    )
    expect(info).toContain('BEGIN PRIVATE KEY')
    expect(info).toContain(readFileSync(files.cert, 'utf8').split('\n')[1])
  })
}

test('a key of another certificate is refused in words', async ({ page }) => {
  const one = makeCredential(makeProfile(), ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'])
  const other = makeCredential(makeProfile(), ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'])
  await createVault(page)
  await page.getByRole('button', { name: 'Certificates' }).click()
  await page.locator('input[type=file]').setInputFiles([one.cert, other.key])
  await expect(page.getByText('This key belongs to another certificate.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save PKCS#12 file…' })).toBeHidden()
  await lookAt(page, '42-certificates-mismatch')
})
