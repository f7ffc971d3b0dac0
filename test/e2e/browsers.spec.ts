import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, lookAt, test } from '../support/coffret-test'
import { giveToApp, launchCoffret, makeProfile } from '../support/electron-app'
import { createVault } from '../support/window-steps'

/** What runs as the user that the app runs as, so that both may write the same files. */
function asApp(program: string, args: readonly string[]): string {
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', program]
  const [first, rest] = process.getuid?.() === 0 ? ['setpriv', nobody] : [program, []]
  return execFileSync(first, [...rest, ...args], { encoding: 'utf8', cwd: '/' })
}

/** Folders of the app, one within the other. */
function makeFolders(home: string, ...path: readonly string[]): string {
  return path.reduce((above, name) => {
    const folder = join(above, name)
    mkdirSync(folder, { recursive: true })
    giveToApp(folder)
    return folder
  }, home)
}

const primaryPassword = 'primary-canary'

/**
 * Browsers as a developer has them: a Firefox with a primary password, one of its profiles never started; a
 * Chromium and a Chrome, running, that share a database; a Firefox as a snap whose database is damaged.
 */
function makeBrowsers(home: string) {
  const firefox = makeFolders(home, '.mozilla', 'firefox')
  const profile = makeFolders(firefox, 'abc.default-release')
  makeFolders(firefox, 'def.work')
  const profiles = [
    '[Profile0]\nName=default-release\nIsRelative=1\nPath=abc.default-release\nDefault=1\n',
    '[Profile1]\nName=work\nIsRelative=1\nPath=def.work\n',
  ]
  writeFileSync(join(firefox, 'profiles.ini'), profiles.join('\n'))
  const passwordFile = join(home, 'primary')
  writeFileSync(passwordFile, primaryPassword)
  giveToApp(passwordFile)
  asApp('certutil', ['-N', '-d', `sql:${profile}`, '-f', passwordFile])

  const chromium = makeFolders(home, '.config', 'chromium')
  makeFolders(home, '.config', 'google-chrome')
  symlinkSync(`${hostname()}-${process.pid}`, join(chromium, 'SingletonLock'))

  const snap = makeFolders(home, 'snap', 'firefox', 'common', '.mozilla', 'firefox')
  const damaged = makeFolders(snap, 'xyz.default')
  const [first = ''] = profiles
  writeFileSync(join(snap, 'profiles.ini'), first.replace('abc.default-release', 'xyz.default'))
  for (const name of ['cert9.db', 'key4.db']) {
    writeFileSync(join(damaged, name), 'not a database')
    giveToApp(join(damaged, name))
  }
  const shared = join(home, '.local', 'share', 'pki', 'nssdb')
  return { profile, shared, damaged, passwordFile }
}

/** A certificate with an authority between it and its root, in one file with its key. */
function makeChain(): string {
  const folder = makeProfile()
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const make = (name: string, extension: string, issuer?: string) =>
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-days', '60', '-subj', `/CN=${name}`, ...curve],
        ...['-addext', extension, '-keyout', `${name}.key`, '-out', `${name}.pem`],
        ...(issuer === undefined ? [] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`]),
      ],
      { cwd: folder, stdio: 'ignore' },
    )
  const isAuthority = 'keyUsage=keyCertSign'
  make('root', isAuthority)
  make('issuing', isAuthority, 'root')
  make('client', 'extendedKeyUsage=clientAuth', 'issuing')
  const file = join(folder, 'all.pem')
  const parts = ['client.pem', 'issuing.pem', 'root.pem', 'client.key']
  writeFileSync(file, execFileSync('cat', parts, { cwd: folder }))
  giveToApp(file)
  return file
}

/** Keeps a certificate and opens the dialog that puts it into browsers. */
async function openDialog(page: Page) {
  await createVault(page)
  await page.getByRole('button', { name: 'Certificates' }).click()
  await page.locator('main input[type=file]').setInputFiles(makeChain())
  await page.getByLabel('Name', { exact: true }).fill('okms')
  await page.getByRole('button', { name: 'Keep in the vault' }).click()
  await page.getByRole('button', { name: 'Into the browser… okms' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('article').first()).toBeVisible()
  return dialog
}

test('a certificate goes into the browsers of a developer, and out again', async ({
  page,
  coffret,
}) => {
  const { profile, shared, passwordFile } = makeBrowsers(coffret.profile)
  const dialog = await openDialog(page)
  const card = (name: string) => dialog.getByRole('article', { name, exact: true })
  const [firefox, chromium] = [
    card('Firefox · default-release').first(),
    card('Chromium, Google Chrome'),
  ]
  await expect(dialog.getByRole('article')).toHaveCount(4)
  await expect(chromium).toContainText('running')
  await expect(chromium).toContainText(`certutil -N --empty-password -d sql:${shared}`)
  await lookAt(page, '48b-browsers')

  const command = `pk12util -i client.p12 -d sql:${profile} -w password -k database-password`
  await expect(firefox).toContainText(command)
  await firefox.getByRole('button', { name: /^Import into/ }).click()
  const field = firefox.getByLabel('Primary password of this profile', { exact: true })
  await expect(field).toBeFocused()
  await field.fill('another one')
  await firefox.getByRole('button', { name: 'Continue' }).click()
  await expect(firefox).toContainText('That is not its primary password.')
  await lookAt(page, '48c-browser-password')
  // It goes to no other store.
  await chromium.getByRole('button', { name: /^Import into/ }).click()
  await expect(chromium.getByText(/^Imported and found again with its key/)).toBeVisible()
  await expect(chromium).toContainText('Restart the browser.')
  const names = () => asApp('certutil', ['-L', '-d', `sql:${shared}`])
  expect(names()).toMatch(/^Coffret - okms \(\w+\)\s+u,u,u\s*$/m)
  expect(names()).toMatch(/^Coffret chain - issuing/m)
  expect(names()).not.toContain('root')

  await firefox.getByRole('button', { name: /^Import into/ }).click()
  await field.fill(primaryPassword)
  await firefox.getByRole('button', { name: 'Continue' }).click()
  await expect(firefox.getByText(/^Imported and found again with its key/)).toBeVisible()
  const keys = () => asApp('certutil', ['-K', '-d', `sql:${profile}`, '-f', passwordFile])
  expect(keys()).toContain('Coffret - okms')
  await lookAt(page, '49b-in-browsers')

  await chromium.getByRole('button', { name: /^Remove again/ }).click()
  await expect(chromium.getByText('Taken out of the browser, with its key.')).toBeVisible()
  expect(names()).not.toContain('Coffret')
  await lookAt(page, '49c-out-of-browser')
  expect(readdirSync(join(coffret.profile, '.runtime'))).not.toContainEqual(
    expect.stringMatching(/^coffret-browser/),
  )
})

test('a damaged database is told apart from the vault’s', async ({ page, coffret }) => {
  makeBrowsers(coffret.profile)
  const dialog = await openDialog(page)
  const snap = dialog.getByRole('article').filter({ hasText: 'Snap' })
  await snap.getByRole('button', { name: /^Import into/ }).click()
  await expect(snap.getByRole('alert')).toContainText('The certificate database is damaged')
  await lookAt(page, '49d-browser-damaged')
})

test('an import that waits for its store can be cancelled', async () => {
  const profile = makeProfile()
  makeBrowsers(profile)
  // As NSS does while another program holds the database.
  const tools = makeFolders(profile, 'bin')
  writeFileSync(join(tools, 'pk12util'), '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 })
  const path = `${tools}${delimiter}${process.env['PATH'] ?? ''}`
  const coffret = await launchCoffret({ profile, env: { PATH: path } })
  try {
    const dialog = await openDialog(coffret.page)
    const chromium = dialog.getByRole('article', { name: 'Chromium, Google Chrome', exact: true })
    await chromium.getByRole('button', { name: /^Import into/ }).click()
    const cancel = chromium.getByRole('button', { name: /^Cancel the import/ })
    await expect(cancel).toBeVisible()
    await expect(chromium.getByRole('button', { name: /^Import into/ })).toBeDisabled()
    await lookAt(coffret.page, '49g-browser-waiting')
    await cancel.click()
    await expect(
      chromium.getByText('Cancelled. The store of the browser is as it was.'),
    ).toBeVisible()
    await expect(cancel).toBeHidden()
    await expect(chromium.getByRole('button', { name: /^Import into/ })).toBeEnabled()
    await lookAt(coffret.page, '49h-browser-cancelled')
    expect(readdirSync(join(profile, '.runtime'))).not.toContainEqual(
      expect.stringMatching(/^coffret-browser/),
    )
  } finally {
    await coffret.close()
  }
})

test('without the tools the package is named, and the steps are there', async () => {
  const profile = makeProfile()
  makeBrowsers(profile)
  // Everything that is installed, but for the tools.
  const tools = makeFolders(profile, 'bin')
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of namesIn(folder)) {
      if (name === 'certutil' || name === 'pk12util') continue
      try {
        symlinkSync(join(folder, name), join(tools, name))
      } catch {
        // One of this name came before.
      }
    }
  }
  const coffret = await launchCoffret({ profile, env: { PATH: tools } })
  try {
    const dialog = await openDialog(coffret.page)
    await expect(dialog).toContainText(/(install|add|-S|emerge) .*nss/)
    await expect(dialog.getByRole('button', { name: 'Look again' })).toBeVisible()
    await expect(dialog.getByRole('button', { name: /^Import into/ }).first()).toBeDisabled()
    await expect(dialog.getByRole('heading', { name: 'By hand' })).toBeVisible()
    await lookAt(coffret.page, '49e-browser-tools')
    // As the command does that is shown.
    for (const name of ['certutil', 'pk12util']) symlinkSync(`/usr/bin/${name}`, join(tools, name))
    await dialog.getByRole('button', { name: 'Look again' }).click()
    await expect(dialog.getByRole('button', { name: /^Import into/ }).first()).toBeEnabled()
  } finally {
    await coffret.close()
  }
})

test('in French', async ({ page, coffret }) => {
  makeBrowsers(coffret.profile)
  await openDialog(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  await page.getByLabel('Language').selectOption('Français')
  await page.getByRole('button', { name: 'Certificats', exact: true }).click()
  await page.getByRole('button', { name: 'Dans le navigateur… okms' }).click()
  const chromium = page.getByRole('article', { name: 'Chromium, Google Chrome' })
  await chromium.getByRole('button', { name: /^Importer dans/ }).click()
  await expect(chromium.getByText(/^Importé et retrouvé avec sa clé/)).toBeVisible()
  await lookAt(page, '49f-browsers-french')
})

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
