import { createServer, type Server } from 'node:http'
import { connect, createServer as createPlainServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { VaultId } from '../../src-main/contract/model'
import { defaultDeadlines } from '../../src-main/remote/deadlines'
import { MtlsFetch, type ServerParts } from '../../src-main/remote/mtls-fetch'
import type { TlsIdentity } from '../../src-main/http/listener'
import { behaviours, HostileServer } from '../support/hostile-server'
import { ManualTimers } from '../support/manual-timers'
import { TestAuthority, type ClientPair } from '../support/tls-identities'

const okmsId = VaultId.parse('5a2b2b1c-0b0a-4f3c-8f39-1b2b6b8f0a11')
let authority: TestAuthority
let stranger: TestAuthority
let identity: TlsIdentity
let client: ClientPair

beforeAll(async () => {
  authority = await TestAuthority.create(okmsId)
  stranger = await TestAuthority.create(okmsId, 'Stranger')
  identity = await authority.server()
  client = await authority.client()
})

const ended: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

async function hostile(options: Partial<Parameters<typeof HostileServer.listen>[0]> = {}) {
  const server = await HostileServer.listen({ identity, ...options })
  ended.push(() => server.close())
  return server
}

let timers: ManualTimers
beforeEach(() => {
  timers = new ManualTimers()
})

function reach(address: string, parts: Partial<ServerParts> = {}) {
  const fetch = new MtlsFetch({
    ...{ address, authorities: [authority.pem], after: timers.after },
    ...parts,
  })
  ended.push(() => fetch.close())
  return fetch
}

const get = { method: 'GET', target: '/v1/x', headers: {} }
const put = { method: 'PUT', target: '/v1/x', headers: {}, body: '{"a":1}' }
const withClient = () => ({ certificate: { kind: 'certificate', ...client } as const })

test('a reply comes as it is, and the certificate with every request', async () => {
  const server = await hostile()
  server.behave = behaviours.answers({ a: 'é' }, 404, { 'set-cookie': ['a=b', 'c=d'] })
  const { fetch } = reach(server.address, { ...withClient(), headers: { 'x-vault-token': 't' } })
  const reply = await fetch({ ...put, target: '/v1/a%2Fb/%2e%2e?list=true' })
  expect(reply).toMatchObject({ status: 404, body: '{"a":"é"}' })
  expect(reply.headers['set-cookie']).toBeUndefined()
  expect(server.asked).toEqual(['PUT /v1/a%2Fb/%2e%2e?list=true'])
  expect(server.seen[0]).toMatchObject({ hasCertificate: true, body: '{"a":1}' })
  expect(server.seen[0]?.headers).toMatchObject({ 'x-vault-token': 't', 'content-length': '7' })
  expect(server.seen[0]?.headers.host).toBe(`127.0.0.1:${server.port}`)
  expect(timers.pending).toEqual([])
})

test('a prefix of the address stands before every target, and cookies are never sent back', async () => {
  const server = await hostile()
  server.behave = behaviours.answers({}, 200, { 'set-cookie': 'a=b; Path=/' })
  const { fetch } = reach(`${server.address}/vault`)
  await fetch(get)
  await fetch(get)
  expect(server.asked).toEqual(['GET /vault/v1/x', 'GET /vault/v1/x'])
  expect(server.seen[1]?.headers.cookie).toBeUndefined()
})

test('connections are kept, and no more than eight are opened', async () => {
  const server = await hostile()
  server.behave = behaviours.answers({})
  const { fetch } = reach(server.address)
  await Promise.all(Array.from({ length: 40 }, () => fetch(get)))
  expect(server.connections).toBeLessThanOrEqual(8)
  const before = server.connections
  await fetch(get)
  expect(server.connections).toBe(before)
})

describe('R-01: TLS is verified always', () => {
  const variables = {
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    https_proxy: 'http://127.0.0.1:9',
    ALL_PROXY: 'http://127.0.0.1:9',
    NODE_USE_ENV_PROXY: '1',
  }
  beforeEach(() => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  })
  afterEach(() => void vi.unstubAllEnvs())

  test('the right server is reached, whatever the environment says of proxies', async () => {
    const server = await hostile()
    server.behave = behaviours.answers({})
    expect((await reach(server.address).fetch(get)).status).toBe(200)
  })

  test('a server of another authority is refused before anything is sent', async () => {
    const server = await hostile({ identity: await stranger.server() })
    await expect(reach(server.address, withClient()).fetch(put)).rejects.toMatchObject({
      code: 'unreachable',
      reason: 'server_certificate_unknown',
    })
    expect(server.seen).toEqual([])
  })

  test('a server of an authority that is only public for others is refused', async () => {
    const server = await hostile()
    const { fetch } = reach(server.address, { authorities: [stranger.pem] })
    await expect(fetch(get)).rejects.toMatchObject({ reason: 'server_certificate_unknown' })
  })

  test('a certificate that has ended is refused', async () => {
    const server = await hostile({ identity: await authority.server(-1) })
    await expect(reach(server.address).fetch(get)).rejects.toMatchObject({
      reason: 'server_certificate_expired',
    })
  })

  test('a certificate of another name is refused', async () => {
    const server = await hostile({ host: '127.0.0.2' })
    await expect(reach(server.address).fetch(get)).rejects.toMatchObject({
      reason: 'server_certificate_name',
    })
    expect(server.seen).toEqual([])
  })

  test('a server without TLS is told apart', async () => {
    const plain = createPlainServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    })
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
    ended.push(() => plain.close())
    const { port } = plain.address() as AddressInfo
    await expect(reach(`https://127.0.0.1:${port}`).fetch(get)).rejects.toMatchObject({
      reason: 'no_tls',
    })
  })
})

describe('R-02: the certificate goes to its host alone', () => {
  test.each([301, 302, 303, 307, 308])('a redirect by %i is not followed', async (status) => {
    const other = await hostile()
    const server = await hostile()
    server.behave = behaviours.redirects(`${other.address}/v1/x?token=s3cret`, status)
    const failure = await reach(server.address, withClient())
      .fetch(get)
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'unreachable', reason: 'redirected' })
    // The person needs the host, and nothing more of it.
    expect(String(failure)).toContain(other.address)
    expect(String(failure)).not.toContain('s3cret')
    expect(other.connections).toBe(0)
  })

  test('a redirect within the server is not followed either', async () => {
    const server = await hostile()
    server.behave = behaviours.redirects('/ui/')
    await expect(reach(server.address).fetch(get)).rejects.toMatchObject({ reason: 'redirected' })
    expect(server.asked).toEqual(['GET /v1/x'])
  })
})

describe('through a proxy', () => {
  const heads: string[] = []
  let proxy: Server
  let answer = 200

  beforeEach(async () => {
    heads.length = 0
    answer = 200
    proxy = createServer()
    const tunnels: Socket[] = []
    proxy.on('connect', (request, socket: Socket) => {
      heads.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`)
      if (answer !== 200) return void socket.end(`HTTP/1.1 ${answer} No\r\n\r\n`)
      const [host = '', port = ''] = (request.url ?? '').split(':')
      const tunnel = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        tunnel.pipe(socket).pipe(tunnel)
      })
      tunnels.push(tunnel, socket)
      for (const one of [tunnel, socket]) one.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    ended.push(() => {
      for (const one of tunnels) one.destroy()
      proxy.closeAllConnections()
      return new Promise((resolve) => proxy.close(resolve))
    })
  })
  const address = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`

  test('the server is reached, and the proxy learns its name and port only', async () => {
    const server = await hostile()
    server.behave = behaviours.answers({})
    const headers = { 'x-vault-token': 's3cret' }
    const { fetch } = reach(server.address, { ...withClient(), proxy: address(), headers })
    expect((await fetch(get)).status).toBe(200)
    expect((await fetch(get)).status).toBe(200)
    expect(server.seen[0]?.hasCertificate).toBe(true)
    expect(heads.length).toBe(1)
    expect(heads[0]).toContain(`CONNECT 127.0.0.1:${server.port} `)
    expect(heads[0]).not.toMatch(/s3cret|user-agent/i)
  })

  test('TLS is verified within the tunnel', async () => {
    const server = await hostile({ identity: await stranger.server() })
    const { fetch } = reach(server.address, { proxy: address() })
    await expect(fetch(get)).rejects.toMatchObject({ reason: 'server_certificate_unknown' })
  })

  test('a proxy that refuses is told apart from the server', async () => {
    answer = 407
    const server = await hostile()
    await expect(reach(server.address, { proxy: address() }).fetch(get)).rejects.toMatchObject({
      code: 'unreachable',
      reason: 'proxy',
    })
  })

  test('so is one that is not there', async () => {
    const server = await hostile()
    await expect(
      reach(server.address, { proxy: 'http://127.0.0.1:1' }).fetch(get),
    ).rejects.toMatchObject({ reason: 'proxy' })
  })
})

describe('R-03: what a hostile server does has an end', () => {
  const { connectMs, headMs, silenceMs, wholeMs } = defaultDeadlines

  test('without an answer', async () => {
    const server = await hostile()
    const reply = reach(server.address).fetch(get)
    await expect.poll(() => timers.pending).toContain(headMs)
    timers.ring(headMs)
    await expect(reply).rejects.toMatchObject({ code: 'unreachable', reason: 'slow' })
    expect(timers.pending).toEqual([])
  })

  test('without the rest of an answer', async () => {
    const server = await hostile()
    server.behave = behaviours.stalls()
    const reply = reach(server.address).fetch(get)
    await expect.poll(() => timers.pending).toContain(silenceMs)
    timers.ring(silenceMs)
    await expect(reply).rejects.toMatchObject({ reason: 'slow' })
  })

  test('however long it goes on', async () => {
    const server = await hostile()
    server.behave = behaviours.stalls()
    const reply = reach(server.address).fetch(get)
    await expect.poll(() => timers.pending).toContain(silenceMs)
    timers.ring(wholeMs)
    await expect(reply).rejects.toMatchObject({ reason: 'slow' })
  })

  test('without a connection', async () => {
    const silent = createPlainServer((socket) => void socket.on('error', () => undefined))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    ended.push(() => silent.close())
    const { port } = silent.address() as AddressInfo
    const reply = reach(`https://127.0.0.1:${port}`).fetch(get)
    await expect.poll(() => timers.pending).toContain(connectMs)
    timers.ring(connectMs)
    await expect(reply).rejects.toMatchObject({ reason: 'slow_connect' })
  })

  test.each([
    ['an endless body', behaviours.endless(), 'too_much'],
    ['a body longer than asked for', behaviours.answers('x'.repeat(70_000)), 'too_much'],
    ['a length that is a lie', behaviours.liesAboutLength(), 'no_reply'],
    ['a length beyond all bounds', behaviours.liesAboutLength(1e12), 'too_much'],
    ['a head without an end', behaviours.endlessHead(), 'not_an_api'],
    ['another protocol', behaviours.garbage(), 'not_an_api'],
    ['a broken connection', behaviours.resets(), 'no_reply'],
    ['a broken answer', behaviours.resetsInBody(), 'no_reply'],
  ])('%s is refused', async (_name, behaviour, reason) => {
    const server = await hostile()
    server.behave = behaviour
    const reply = reach(server.address).fetch(get, { maxReplyBytes: 65_536 })
    await expect(reply).rejects.toMatchObject({ reason })
    expect(timers.pending).toEqual([])
    // And the next request is another matter.
    server.behave = behaviours.answers({})
    expect((await reach(server.address).fetch(get)).status).toBe(200)
  })

  test('an abort ends a request under way, and one that has not begun', async () => {
    const server = await hostile()
    const { fetch } = reach(server.address)
    const wish = new AbortController()
    const reply = fetch(get, { signal: wish.signal })
    await expect.poll(() => server.seen.length).toBe(1)
    wish.abort()
    await expect(reply).rejects.toMatchObject({ code: 'cancelled' })
    await expect(fetch(get, { signal: wish.signal })).rejects.toMatchObject({ code: 'cancelled' })
    expect(server.seen.length).toBe(1)
    expect(timers.pending).toEqual([])
  })

  test('closing ends everything', async () => {
    const server = await hostile()
    const domain = reach(server.address)
    const reply = domain.fetch(get)
    await expect.poll(() => server.seen.length).toBe(1)
    domain.close()
    await expect(reply).rejects.toMatchObject({ code: 'cancelled' })
    await expect(domain.fetch(get)).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('a client certificate that is not accepted', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('is told apart in %s', async (version) => {
    const server = await hostile({ demands: stranger.pem, version })
    const { fetch } = reach(server.address, withClient())
    await expect(fetch(get)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(fetch(get)).rejects.toMatchObject({
      reason: expect.stringMatching(/^certificate_/) as unknown,
    })
    expect(server.seen).toEqual([])
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'so is one that was revoked, in %s',
    async (version) => {
      const revoked = await authority.revoked(client)
      const server = await hostile({ demands: authority.pem, revoked, version })
      const { fetch } = reach(server.address, withClient())
      await expect(fetch(get)).rejects.toMatchObject({ code: 'forbidden' })
      expect(server.seen).toEqual([])
    },
  )

  test('once the server has answered, a broken connection is nothing but that', async () => {
    const server = await hostile({ demands: authority.pem })
    server.behave = (response, request, count) =>
      count === 0
        ? behaviours.answers({})(response, request, count)
        : behaviours.resets()(response, request, count)
    const { fetch } = reach(server.address, withClient())
    await fetch(get)
    await expect(fetch(get)).rejects.toMatchObject({ code: 'unreachable', reason: 'no_reply' })
  })

  test('a change whose connection breaks is never called refused', async () => {
    const server = await hostile({ demands: authority.pem })
    server.behave = behaviours.resets()
    await expect(reach(server.address, withClient()).fetch(put)).rejects.toMatchObject({
      reason: 'no_reply',
    })
  })
})

test.each([
  ['nobody listens', 'https://127.0.0.1:1', 'refused'],
  ['no computer has the name', 'https://no-such-host.invalid', /no_such_host|offline/],
])('it is told when %s', async (_name, address, reason) => {
  const failure = await reach(address)
    .fetch(get)
    .catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'unreachable' })
  expect((failure as { reason: string }).reason).toMatch(reason)
})
