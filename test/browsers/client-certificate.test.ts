import { expect, test } from 'vitest'
import { BrowserHome } from './browser-home'
import { startChromium } from './chromium'
import { Firefox } from './firefox'
import { servedVault } from './served-vault'

/** A browser takes seconds to start, more on a busy machine. In milliseconds. */
const timeout = 120_000

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
    await page.getByText('Coffret').first().waitFor()
    expect(await page.evaluate(`(() => { ${askSecret} })()`)).toEqual([200, 'app'])
  },
)

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
