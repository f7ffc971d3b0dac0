import { describe, expect, test } from 'vitest'
import { createDocumentation } from '../../src-main/http/documentation'
import { toFetch } from '../../src-main/http/message'
import { ApiUnderTest } from './api-under-test'

const readSwaggerFile = (name: string) => new TextEncoder().encode(`/* ${name} */`)
const documentation = createDocumentation({ version: '1.2.3', readSwaggerFile })
const ask = (method: string, path: string) => {
  const page = documentation(method, path)
  return page && toFetch(page)
}
const get = (path: string) => ask('GET', path)
const textOf = async (path: string) => (await get(path)?.text()) ?? ''

describe('C-15: the page', () => {
  test.each([
    ['/openapi.json', 'application/json'],
    ['/docs/', 'text/html; charset=utf-8'],
    ['/docs/try/', 'text/html; charset=utf-8'],
    ['/docs/read.js', 'text/javascript; charset=utf-8'],
    ['/docs/try.js', 'text/javascript; charset=utf-8'],
    ['/docs/page.css', 'text/css; charset=utf-8'],
    ['/docs/swagger-ui.css', 'text/css; charset=utf-8'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ])('%s is %s, kept by nobody and embedded nowhere', (path, type) => {
    const headers = get(path)?.headers
    expect(headers?.get('content-type')).toBe(type)
    expect(headers?.get('cache-control')).toBe('no-store')
    expect(headers?.get('x-content-type-options')).toBe('nosniff')
    expect(headers?.get('referrer-policy')).toBe('no-referrer')
    expect(headers?.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  test.each(['/docs/', '/docs/try/'])('%s asks for files of its own folder only', async (path) => {
    const page = await textOf(path)
    const addresses = Array.from(page.matchAll(/(?:src|href)="([^"]*)"/g), ([, one]) => one ?? '')
    const files = addresses.filter((one) => one !== 'data:,')
    expect(files.filter((one) => get(one)?.status !== 200)).toEqual([])
    expect(page).not.toMatch(/https?:|<script>|<style|style=|onload=/)
  })

  test('may run no script and reach no address but its own', () => {
    const policy = get('/docs/')?.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
  })

  test('for reading sends nothing and asks for no credential; the other one does', async () => {
    const reading = await textOf('/docs/read.js')
    expect(reading).toContain('"supportedSubmitMethods":[]')
    expect(reading).toContain('authorizeBtn: () => nothing')
    const trying = await textOf('/docs/try.js')
    expect(trying).not.toContain('supportedSubmitMethods')
  })

  test.each(['/docs/read.js', '/docs/try.js'])(
    '%s has no validator, keeps no credential and takes no settings from its address',
    async (path) => {
      const script = await textOf(path)
      expect(script).toContain('"validatorUrl":null')
      expect(script).toContain('"persistAuthorization":false')
      expect(script).toContain('"queryConfigEnabled":false')
      expect(script).toContain('"url":"/openapi.json"')
    },
  )

  test.each(['/docs', '/docs/try'])('%s lacks a slash and is sent to where it has one', (path) => {
    const reply = get(path)
    expect(reply?.status).toBe(308)
    expect(reply?.headers.get('location')).toBe(`${path}/`)
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is not for it', (method) => {
    const reply = ask(method, '/docs/')
    expect(reply?.status).toBe(405)
    expect(reply?.headers.get('allow')).toBe('GET, HEAD')
  })

  test.each(['/docs/x', '/docs//', '/docs/../openapi.json', '/docs/%2e%2e/', '/openapi', '/'])(
    'has nothing at %s',
    (path) => expect(get(path)).toBeUndefined(),
  )

  test('for a place from which nothing is reached leads to no page for trying', async () => {
    const reading = createDocumentation({ version: '1.2.3', readSwaggerFile, forms: 'read' })
    expect(reading('GET', '/docs/try/')).toBeUndefined()
    expect(reading('GET', '/docs/try.js')).toBeUndefined()
    const page = String(reading('GET', '/docs/')?.body)
    expect(page).not.toContain('<a ')
    const script = /src="(\/docs\/read[^"]*)"/.exec(page)?.[1] ?? ''
    expect(reading('GET', script)?.body).toContain('"supportedSubmitMethods":[]')
  })

  test('is not there without the files of Swagger UI; the description is', () => {
    const bare = createDocumentation({ version: '1.2.3' })
    expect(bare('GET', '/docs/')).toBeUndefined()
    expect(bare('GET', '/openapi.json')?.status).toBe(200)
  })
})

describe('in the API', () => {
  test('the description is open to all, also while the vault is locked', async () => {
    const api = await ApiUnderTest.create({ identify: async () => undefined })
    api.vault.lock()
    const send = (method: string, target: string) =>
      api.api.fetch(new Request('http://coffret.test/', { method }), { rawTarget: target })
    const reply = await send('GET', '/openapi.json?x=1')
    expect(reply.status).toBe(200)
    expect(await reply.json()).toMatchObject({ openapi: '3.1.0', info: { version: '0.1.0' } })
    const head = await send('HEAD', '/openapi.json')
    expect({ status: head.status, text: await head.text() }).toEqual({ status: 200, text: '' })
    expect((await send('POST', '/openapi.json')).status).toBe(405)
    expect((await send('GET', '/docs/')).status).toBe(404)
    api.close()
  })
})
