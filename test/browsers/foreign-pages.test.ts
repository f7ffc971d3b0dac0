import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SecretPath } from '../../src-main/contract/model'
import { BrowserHome } from './browser-home'
import { startChromium } from './chromium'
import { servedVault } from './served-vault'

/** A browser takes seconds to start, more on a busy machine. In milliseconds. */
const timeout = 120_000

/**
 * All ways in which a page sends something to another origin. Each has a name of its own in its target, so
 * that it is seen which ones came.
 */
const attacks: Readonly<Record<string, string>> = {
  'fetch-cors': 'fetch(at, { credentials: "include" })',
  'fetch-no-cors': 'fetch(at, { mode: "no-cors", credentials: "include" })',
  'fetch-text':
    'fetch(at, { method: "POST", mode: "no-cors", credentials: "include", body: write })',
  'fetch-token': 'fetch(at, { headers: { "X-Vault-Token": "guess" } })',
  'fetch-put': 'fetch(at, { method: "PUT", body: write })',
  'fetch-delete': 'fetch(at, { method: "DELETE" })',
  'fetch-no-referrer':
    'fetch(at, { mode: "no-cors", credentials: "include", referrerPolicy: "no-referrer" })',
  beacon: 'navigator.sendBeacon(at, write)',
  img: 'Object.assign(new Image(), { src: at })',
  script: 'document.head.append(Object.assign(document.createElement("script"), { src: at }))',
  module:
    'document.head.append(Object.assign(document.createElement("script"), { src: at, type: "module" }))',
  link: 'document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: at }))',
  preload:
    'document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", href: at }))',
  video: 'document.body.append(Object.assign(document.createElement("video"), { src: at }))',
  object: 'document.body.append(Object.assign(document.createElement("object"), { data: at }))',
  frame: 'document.body.append(Object.assign(document.createElement("iframe"), { src: at }))',
  'frame-without-origin':
    'document.body.append(Object.assign(document.createElement("iframe"), { sandbox: "allow-scripts", srcdoc: "<script>fetch(\\"" + at + "\\", { mode: \\"no-cors\\", credentials: \\"include\\" })</" + "script>" }))',
  'event-source': 'new EventSource(at, { withCredentials: true })',
  'form-text': 'form("text/plain", "POST")',
  'form-plain': 'form("application/x-www-form-urlencoded", "POST")',
  'form-get': 'form("application/x-www-form-urlencoded", "GET")',
  window: 'open(at)',
}

/** A page of another port. */
async function foreignPage(port: number): Promise<string> {
  const ways = Object.entries(attacks).map(
    ([name, how]) => `run(${JSON.stringify(name)}, (at, form) => ${how})`,
  )
  const script = `
    const write = '{"data":{"user":"stolen"}}'
    const run = (name, attack) => {
      const at = 'https://localhost:${port}/v1/secret/data/prod/db?by=' + name
      const form = (enctype, method) => {
        const frame = Object.assign(document.createElement('iframe'), { name: 'frame-' + name })
        const form = Object.assign(document.createElement('form'), { action: at, method, enctype, target: frame.name })
        form.append(Object.assign(document.createElement('input'), { name: '{"data":{"user":"', value: 'stolen"}}' }))
        form.append(Object.assign(document.createElement('input'), { name: 'by', value: name }))
        document.body.append(frame, form)
        form.submit()
      }
      try { Promise.resolve(attack(at, form)).catch(() => {}) } catch {}
    }
    ${ways.join('\n')}
    try { new WebSocket('wss://localhost:${port}/v1/secret/data/prod/db?by=socket') } catch {}`
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end(`<!doctype html><title>elsewhere</title><body><script>${script}</script>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `${(server.address() as AddressInfo).port}`
}

async function browserWithCertificate(args: readonly string[] = []) {
  const served = await servedVault()
  const home = new BrowserHome()
  home.makeFolder('.config/chromium')
  const { path } = await home.importCertificate(served.files)
  home.trust(path, served.authority)
  const browser = await startChromium(home, ['https://localhost', 'https://evil.example'], args)
  return { ...served, page: await browser.newPage() }
}

describe('C-07: a page of another port', () => {
  test.each(['localhost', '127.0.0.1'])(
    'at %s is refused, whatever it tries, though the browser shows the certificate',
    { timeout },
    async (name) => {
      const { port, page, arrivals, store } = await browserWithCertificate()
      const elsewhere = await foreignPage(port)
      await page.goto(`http://${name}:${elsewhere}/`)
      await expect
        .poll(() => Object.keys(attacks).filter((one) => !came(arrivals.refused, one)), {
          timeout: 30_000,
        })
        .toEqual([])
      expect(chosen(arrivals.handled)).toEqual([])
      expect((await store.readMetadata(SecretPath.parse('prod/db'))).currentVersion).toBe(1)

      // The same browser, asked by its person: the address is good, and so is the certificate.
      const answer = await page.goto(`https://localhost:${port}/v1/secret/data/prod/db`)
      expect(answer?.status()).toBe(200)
      expect(chosen(arrivals.handled)).toEqual(['GET /v1/secret/data/prod/db'])
    },
  )
})

describe('C-08: a name that an attacker turns to this computer', () => {
  test('is refused, also where its certificate is believed', { timeout }, async () => {
    const { port, page, arrivals } = await browserWithCertificate([
      '--host-resolver-rules=MAP evil.example 127.0.0.1',
      '--ignore-certificate-errors',
    ])
    const answer = await page.goto(`https://evil.example:${port}/docs/try/`)
    expect(answer?.status()).toBe(421)
    const status = `fetch('/v1/secret/data/prod/db').then((reply) => reply.status)`
    expect(await page.evaluate(status)).toBe(421)
    expect(arrivals.handled).toEqual([])
    expect(arrivals.refused).toContain('GET /v1/secret/data/prod/db')
  })
})

const came = (targets: readonly string[], name: string): boolean =>
  targets.some((target) => target.includes(`by=${name}`) && !target.includes(`by=${name}-`))

/** Without what the browser itself asks for when it shows our refusal in a window. */
const chosen = (targets: readonly string[]): readonly string[] =>
  targets.filter((target) => target !== 'GET /favicon.ico')
