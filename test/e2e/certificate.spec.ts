import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
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
    await expect(page.getByText(/^Saved as /)).toBeVisible()

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

/** A key with a certificate of the one before it; the first is an authority of its own. */
function makeChain(
  folder: string,
  names: readonly string[],
): { certificate: string; key: string }[] {
  const made: { certificate: string; key: string }[] = []
  for (const name of names) {
    const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
    const issuer = made.at(-1)
    const isLeaf = made.length === names.length - 1
    execFileSync('openssl', [
      ...['req', '-x509', '-nodes', '-days', '30', '-subj', `/CN=${name}`, '-newkey', 'ec'],
      ...['-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', key, '-out', certificate],
      ...(issuer ? ['-CA', issuer.certificate, '-CAkey', issuer.key] : []),
      ...['-addext', isLeaf ? 'extendedKeyUsage=clientAuth' : 'basicConstraints=CA:TRUE'],
    ])
    for (const file of [certificate, key]) giveToApp(file)
    made.push({ certificate, key })
  }
  return made
}

test('what is no credential is told in words, and the chain can be looked into', async ({
  page,
}) => {
  const folder = makeProfile()
  const [root, middle, leaf] = makeChain(folder, ['root', 'middle', 'client'])
  const { cert: other } = makeCredential(makeProfile(), [
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
  ])
  const [request, store] = [join(folder, 'client.csr'), join(folder, 'store.jks')]
  execFileSync('openssl', [
    ...['req', '-new', '-key', leaf?.key ?? '', '-subj', '/CN=x', '-out', request],
  ])
  writeFileSync(store, Buffer.from('feedfeed00000002', 'hex'))
  for (const file of [request, store]) giveToApp(file)
  await createVault(page)
  await page.getByRole('button', { name: 'Certificates' }).click()
  const all = [root?.certificate, middle?.certificate, leaf?.certificate, leaf?.key, other]
  await page
    .locator('input[type=file]')
    .setInputFiles([...all.map((file) => file ?? ''), request, store])
  await expect(page.getByText('It belongs to the certificate.')).toBeVisible()
  await expect(page.getByText(/^A certificate request \(CSR\)/)).toBeVisible()
  await expect(page.getByText(/^A Java key store/)).toBeVisible()
  await page.getByText(/^A Java key store/).scrollIntoViewIfNeeded()
  await lookAt(page, '44-certificates-told')
  const chain = page.getByRole('region', { name: 'Chain' })
  await expect(chain.locator('summary')).toHaveText([
    /^CN=middle authority/,
    /^CN=root authority/,
    /^CN=coffret test .*Not in the chain/,
  ])
  await chain.getByText('CN=middle').first().click()
  await expect(chain.getByText('SHA-256 fingerprint').first()).toBeVisible()
  await lookAt(page, '44-certificates-chain')
})

test('a PKCS#12 file is opened again: its name stays, password and profile change', async ({
  coffret,
  page,
}) => {
  const folder = makeProfile()
  const { cert, key } = makeCredential(folder, ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'])
  const [before, after] = [join(folder, 'before.p12'), join(coffret.profile, 'after.p12')]
  execFileSync('openssl', [
    ...['pkcs12', '-export', '-in', cert, '-inkey', key, '-name', 'my own name'],
    ...['-passout', 'pass:old', '-out', before],
  ])
  giveToApp(before)
  await createVault(page)
  await page.getByRole('button', { name: 'Certificates' }).click()
  await page.locator('input[type=file]').setInputFiles([before])
  await expect(page.getByText(/is encrypted\. Give its password/)).toBeVisible()
  await page.getByLabel('Password of the private key', { exact: true }).fill('old')
  await page.getByRole('button', { name: 'Open the key' }).click()
  await page.getByRole('radiogroup').getByText('PKCS#12 file', { exact: true }).click()
  await expect(page.getByLabel('Friendly name')).toHaveValue('my own name')
  await page.getByText('Compatible', { exact: true }).click()
  await page.getByLabel('Password of the file', { exact: true }).fill('new')
  await answerDialogs(coffret.app, after)
  await page.getByRole('button', { name: 'Save PKCS#12 file…' }).click()
  await expect(page.getByText(/^Saved as /)).toBeVisible()
  const shown = execFileSync(
    'openssl',
    ['pkcs12', '-info', '-nodes', '-in', after, '-passin', 'pass:new'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  expect(shown).toContain('friendlyName: my own name')
  expect(shown).toContain(readFileSync(cert, 'utf8').split('\n')[1])
})
