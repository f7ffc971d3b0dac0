import type { Page } from '@playwright/test'
import { expect, test } from 'vitest'
import type { BrowserStep } from '../../src-main/contract/browser-calls'
import { guideFor } from '../../src-main/pki/browsers/steps'
import { BrowserHome } from './browser-home'
import { startChromium } from './chromium'
import { Firefox } from './firefox'
import { servedVault } from './served-vault'

/** A browser takes seconds to start, more on a busy machine. In milliseconds. */
const timeout = 120_000

/** Reads the secret as a person does in Swagger UI. */
async function trySecret(page: Page) {
  await page.locator('[data-tag="KV version 2"]').click()
  const operation = page.locator('.opblock-get').filter({ hasText: '/data/' }).first()
  await operation.locator('.opblock-summary-control').click()
  await operation.getByRole('button', { name: 'Try it out' }).click()
  for (const [name, value] of [['mount', 'secret'] as const, ['path', 'prod/db'] as const]) {
    await operation.getByPlaceholder(name, { exact: true }).fill(value)
  }
  await operation.getByRole('button', { name: 'Execute' }).click()
  const answer = operation.locator('.live-responses-table .response').first()
  const status = await answer.locator('.response-col_status').innerText()
  const body = await answer.innerText()
  return { status: status.trim().slice(0, 3), isShown: /"user":\s+"app"/.test(body) }
}

/** Where a person is sent. */
const addressIn = (steps: readonly BrowserStep[]): string =>
  steps.flatMap((step) => (step.kind === 'open-address' ? step.address : []))[0] ?? ''

/** What a person is told to press. */
const labelsIn = (steps: readonly BrowserStep[]): readonly string[] =>
  steps.flatMap((step) => (step.kind === 'press' ? step.labels : []))

/** What the documentation's page asks its own server, with whatever the browser shows. */
const askSecret = `return fetch('/v1/secret/data/prod/db')
  .then((reply) => reply.json().then((body) => [reply.status, body.data?.data?.user ?? null]))`

test(
  'Chromium reaches the authenticated page with an imported certificate',
  { timeout },
  async () => {
    const { port, files, authority } = await servedVault()
    const home = new BrowserHome()
    home.makeFolder('.config/chromium')
    const { path } = await home.importCertificate(files)
    home.trust(path, authority)
    const browser = await startChromium(home, ['https://localhost'])
    const page = await browser.newPage()
    const answer = await page.goto(`https://localhost:${port}/docs/try/`)
    expect(answer?.status()).toBe(200)
    expect(await trySecret(page)).toEqual({ status: '200', isShown: true })
    expect(await page.evaluate(`(() => { ${askSecret} })()`)).toEqual([200, 'app'])
    expect((await home.stores.list()).stores).toMatchObject([{ isRunning: true }])
    await browser.close()
    expect((await home.stores.list()).stores).toMatchObject([{ isRunning: false }])
  },
)

test('the steps for Chromium lead to its own page for certificates', { timeout }, async () => {
  const home = new BrowserHome()
  const browser = await startChromium(home, [])
  const page = await browser.newPage()
  const { steps } = guideFor('chromium-linux')
  await page.goto(addressIn(steps))
  for (const label of labelsIn(steps)) {
    await page.getByText(label, { exact: true }).filter({ visible: true }).waitFor()
  }
})

test('Chromium without the certificate gets no secret', { timeout }, async () => {
  const { port, files, authority } = await servedVault()
  const home = new BrowserHome()
  home.makeFolder('.config/chromium')
  const { path, store, certificate } = await home.importCertificate(files)
  home.trust(path, authority)
  const { sha256Fingerprint } = certificate
  await home.stores.remove({ store, sha256Fingerprint, databasePassword: undefined })
  const browser = await startChromium(home, ['https://localhost'])
  const page = await browser.newPage()
  await page.goto(`https://localhost:${port}/docs/try/`)
  expect(await trySecret(page)).toEqual({ status: '403', isShown: false })
  expect(await page.evaluate(`(() => { ${askSecret} })()`)).toEqual([403, null])
})

/** A profile as a Firefox of 2026 makes it. */
function firefoxProfile(home: BrowserHome): string {
  const root = '.config/mozilla/firefox'
  const profile = home.makeFolder(`${root}/test.default`)
  home.put(
    `${root}/profiles.ini`,
    '[Profile0]\nName=test\nIsRelative=1\nPath=test.default\nDefault=1\n',
  )
  return profile
}

test(
  'Firefox reaches the authenticated page with an imported certificate',
  { timeout },
  async () => {
    const { port, files, authority } = await servedVault()
    const home = new BrowserHome()
    const profile = firefoxProfile(home)
    const { path } = await home.importCertificate(files)
    expect(path).toBe(profile)
    home.trust(path, authority)
    const firefox = await Firefox.start(home, profile)
    await firefox.open(`https://localhost:${port}/docs/try/`)
    expect(await firefox.evaluate('return document.title')).toContain('Coffret')
    expect(await firefox.evaluate(askSecret)).toEqual([200, 'app'])
    expect((await home.stores.list()).stores).toMatchObject([{ isRunning: true }])
  },
)

test('the steps for Firefox lead to its own page for certificates', { timeout }, async () => {
  const home = new BrowserHome()
  const firefox = await Firefox.start(home, firefoxProfile(home))
  const { steps } = guideFor('firefox')
  const shown = await firefox.labelsAt(addressIn(steps))
  expect(shown).toEqual(expect.arrayContaining([...labelsIn(steps)]))
})

test('Firefox without the certificate gets no secret', { timeout }, async () => {
  const { port, files, authority } = await servedVault()
  const home = new BrowserHome()
  const profile = firefoxProfile(home)
  const { path, store, certificate } = await home.importCertificate(files)
  home.trust(path, authority)
  const { sha256Fingerprint } = certificate
  await home.stores.remove({ store, sha256Fingerprint, databasePassword: undefined })
  const firefox = await Firefox.start(home, profile)
  await firefox.open(`https://localhost:${port}/docs/try/`)
  expect(await firefox.evaluate(askSecret)).toEqual([403, null])
})
