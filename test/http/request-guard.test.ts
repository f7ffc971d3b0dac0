import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { insideAccess, type Access } from '../../src-main/http/access'
import { createApi } from '../../src-main/http/api'
import { checkRequest, createRequestGuard, type Entrance } from '../../src-main/http/request-guard'
import { systemClock, systemRandom } from '../../src-main/env'
import { ApiUnderTest, served } from './api-under-test'

const port = 8250
const tls: Entrance = { kind: 'tls', port }
const socket: Entrance = { kind: 'socket' }
const own = '127.0.0.1:8250'

interface Sent {
  readonly method?: string
  readonly target?: string
  readonly host?: string | readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

/** What the guard makes of a request: 0 for nothing. */
function statusOf(sent: Sent, entrance: Entrance = tls): number {
  const { method = 'GET', target = '/v1/sys/health', host = own } = sent
  const headers = new Headers(sent.headers)
  for (const one of [host].flat()) headers.append('host', one)
  return checkRequest({ method, rawTarget: target, headers }, entrance)?.status ?? 0
}

describe('C-08: the host of a request', () => {
  test.each([own, 'localhost:8250', '[::1]:8250', 'LOCALHOST:8250'])('may be %s', (host) => {
    expect(statusOf({ host })).toBe(0)
  })

  test.each([
    'evil.example',
    'evil.example:8250',
    '127.0.0.1.nip.io:8250',
    '127.0.0.1',
    'localhost',
    '127.0.0.1:8251',
    '127.0.0.1:08250',
    '127.0.0.2:8250',
    '127.1:8250',
    '2130706433:8250',
    '0.0.0.0:8250',
    '[::]:8250',
    '::1:8250',
    '[0:0:0:0:0:0:0:1]:8250',
    '[::ffff:127.0.0.1]:8250',
    'localhost.:8250',
    'localhost.evil.example:8250',
    'user@localhost:8250',
    'localhost:8250/',
    '',
  ])('may not be %j', (host) => {
    expect(statusOf({ host })).toBe(421)
  })

  test('may not be missing, or there twice', () => {
    expect(statusOf({ host: [] })).toBe(421)
    expect(statusOf({ host: [own, own] })).toBe(421)
    expect(statusOf({ host: [own, 'evil.example'] })).toBe(421)
    expect(statusOf({ host: ['evil.example', own] })).toBe(421)
  })

  test('is without a port only where that is the one of https', () => {
    expect(statusOf({ host: 'localhost' }, { kind: 'tls', port: 443 })).toBe(0)
    expect(statusOf({ host: 'localhost:443' }, { kind: 'tls', port: 443 })).toBe(0)
  })

  test.each([
    [`https://${own}/v1/sys/health`, own, 0],
    [`HTTPS://LOCALHOST:8250/v1/sys/health?x=1`, 'localhost:8250', 0],
    ['https://localhost:8250/v1/sys/health', own, 421],
    ['https://evil.example/v1/sys/health', own, 421],
    [`https://${own}/v1/sys/health`, 'evil.example', 421],
    [`http://${own}/v1/sys/health`, own, 421],
    [`https://${own}@evil.example/`, own, 421],
    [`https://evil.example#${own}/`, own, 421],
    ['ftp://127.0.0.1:8250/', own, 421],
    [own, own, 421],
    ['', own, 421],
  ])('in an absolute target %j with %j comes to %i', (target, host, status) => {
    expect(statusOf({ target, host })).toBe(status)
  })

  test('is nobody but ours, whatever it looks like', () => {
    const piece = fc.constantFrom(
      '127.0.0.1',
      'localhost',
      '[::1]',
      ':8250',
      ':',
      '.',
      'evil',
      ',',
      '@',
      ' ',
      '/',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const host = pieces.join('').trim()
        const isOurs = [own, 'localhost:8250', '[::1]:8250'].includes(host)
        expect(statusOf({ host })).toBe(isOurs ? 0 : 421)
      }),
    )
  })

  test.each([
    'localhost',
    '',
    'unix',
    'localhost:8250',
    '127.0.0.1',
    '[::1]:80',
    '/run/user/0/api.sock',
    '%2Frun%2Fapi.sock',
  ])('of the Unix socket may be %j', (host) => {
    expect(statusOf({ host }, socket)).toBe(0)
  })

  test.each([
    'evil.example',
    'localhost.evil.example',
    'localhost, localhost',
    '10.0.0.1',
    'unix.example',
  ])('of the Unix socket may not be %j', (host) => {
    expect(statusOf({ host }, socket)).toBe(421)
  })
})

describe('C-06: a request of a page', () => {
  test.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: '' }],
    [{ origin: 'http://127.0.0.1:8250' }],
    [{ origin: 'https://127.0.0.1:8251' }],
    // Another name of ours is another origin.
    [{ origin: 'https://localhost:8250' }],
    [{ origin: 'https://127.0.0.1:8250, https://127.0.0.1:8250' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'none, same-origin' }],
    [{ 'sec-fetch-site': '' }],
    [{ referer: 'https://evil.example/' }],
    [{ referer: 'https://127.0.0.1:82501/' }],
    [{ referer: 'https://127.0.0.1:8250@evil.example/' }],
    [{ referer: 'about:blank' }],
    [{ origin: 'https://127.0.0.1:8250', 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-origin', referer: 'https://evil.example/' }],
  ])('with %j is refused', (headers) => {
    expect(statusOf({ headers })).toBe(403)
  })

  test.each([
    [{}],
    [{ origin: 'https://127.0.0.1:8250' }],
    [{ 'sec-fetch-site': 'same-origin' }],
    // Somebody typed the address.
    [{ 'sec-fetch-site': 'none' }],
    [{ referer: 'https://127.0.0.1:8250/docs/try/' }],
    [{ origin: 'https://127.0.0.1:8250', 'sec-fetch-site': 'same-origin' }],
  ])('with %j is a program, or our own page', (headers) => {
    expect(statusOf({ headers })).toBe(0)
  })

  test.each([
    [{ 'access-control-request-method': 'POST' }],
    [{ 'access-control-request-headers': 'x-vault-token' }],
    [{ 'access-control-request-private-network': 'true' }],
    [{ 'access-control-request-local-network': 'true' }],
  ])('that asks first with %j is refused, even from here', (headers) => {
    const origin = 'https://127.0.0.1:8250'
    expect(statusOf({ method: 'OPTIONS', headers })).toBe(403)
    expect(statusOf({ method: 'OPTIONS', headers: { ...headers, origin } })).toBe(403)
  })

  test.each([
    [{ origin: 'https://127.0.0.1:8250' }],
    [{ origin: 'https://localhost' }],
    [{ 'sec-fetch-site': 'same-origin' }],
    [{ referer: 'http://localhost/' }],
  ])('with %j never comes through the Unix socket', (headers) => {
    expect(statusOf({ host: 'localhost', headers }, socket)).toBe(403)
    expect(statusOf({ host: 'localhost' }, socket)).toBe(0)
  })
})

describe('the guard of an API', () => {
  let inside: ApiUnderTest
  afterEach(() => inside.close())

  /** The API behind its guard, and how often somebody asked who calls. */
  async function guarded(access: Access = insideAccess) {
    inside = await ApiUnderTest.create()
    let asked = 0
    const counting: Access = {
      identify: (arrival) => {
        asked += 1
        return access.identify(arrival)
      },
    }
    const api = createApi({
      vault: served(inside.vault),
      ...{ access: counting, clock: systemClock, random: systemRandom, version: '0.1.0' },
      guard: createRequestGuard(port),
    })
    const send = async (target: string, headers: Record<string, string>, method = 'GET') => {
      const request = new Request('http://localhost/', { method, headers })
      return api.fetch(request, { rawTarget: target, peerAddress: '127.0.0.1' })
    }
    return { send, asked: () => asked }
  }

  const addresses = [
    '/v1/sys/health',
    '/v1/secret/data/a',
    '/api/x/v2/secret',
    '/docs/',
    '/openapi.json',
    '/',
    '/nothing',
  ]

  test('C-06: refuses before anything is looked at, and says what to do', async () => {
    const { send, asked } = await guarded()
    for (const target of addresses) {
      for (const method of ['GET', 'POST', 'LIST', 'OPTIONS']) {
        const response = await send(target, { host: own, origin: 'https://evil.example' }, method)
        expect(response.status).toBe(403)
        const text = await response.text()
        expect(JSON.parse(text)).toEqual({ errors: [expect.stringContaining('/docs/try/')] })
        expect(text).not.toContain('evil')
        const foreign = await send(target, { host: 'evil.example' }, method)
        expect(foreign.status).toBe(421)
        const { errors } = (await foreign.json()) as { errors: string[] }
        expect(errors).toEqual([expect.stringContaining(own)])
      }
    }
    expect(asked()).toBe(0)
  })

  test('C-06: no reply allows another origin, and none may be kept', async () => {
    const { send } = await guarded()
    const origin = `https://${own}`
    for (const target of addresses) {
      for (const headers of [{ host: own }, { host: own, origin }, { host: 'evil.example' }]) {
        const response = await send(target, headers as Record<string, string>)
        expect(response.headers.get('cache-control')).toBe('no-store')
        const names = [...response.headers.keys()]
        expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([])
      }
    }
  })

  test('C-02: for what is open to all no credential is read', async () => {
    const { send, asked } = await guarded()
    const headers = { host: own, 'x-vault-token': 'bad' }
    for (const name of ['health', 'seal-status', 'init', 'leader', 'internal/ui/mounts']) {
      expect((await send(`/v1/sys/${name}`, headers)).status).toBe(200)
    }
    expect((await send('/openapi.json', headers)).status).toBe(200)
    expect(asked()).toBe(0)
    await send('/v1/secret/data/a', headers)
    expect(asked()).toBe(1)
  })
})
