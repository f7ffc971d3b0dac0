import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { Agent, request as secureRequest } from 'node:https'
import { connect as connectPlain, type AddressInfo, type Server as NetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readBody } from '../../src-main/http/body'
import { Connections } from '../../src-main/http/connections'
import {
  createSecureServer,
  createSocketServer,
  defaultLimits,
  type Answerer,
  type Doorkeeper,
  type ListenerLimits,
} from '../../src-main/http/listener'

let folder = ''
let identity = {
  ...{ privateKey: '', certificate: '', authority: '' },
  localhost: { privateKey: '', certificate: '' },
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coffret-listener-'))
  const key = join(folder, 'key.pem')
  const certificate = join(folder, 'cert.pem')
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost'
  execFileSync(
    'openssl',
    // prettier-ignore
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', '/CN=test', '-addext', names, '-keyout', key, '-out', certificate],
    { stdio: 'ignore' },
  )
  const pem = readFileSync(certificate, 'utf8')
  const pair = { privateKey: readFileSync(key, 'utf8'), certificate: pem }
  identity = { ...pair, localhost: pair, authority: pem }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open: { door: NetServer; connections: Connections; end: () => void }[] = []
afterEach(async () => {
  for (const { door, connections, end } of open.splice(0)) {
    connections.destroy()
    await new Promise((resolve) => door.close(resolve))
    end()
  }
})

/** What arrived, in order. */
interface Seen {
  readonly method: string
  readonly target: string
  readonly body: string
}

/** A listener that remembers what it executed and answers with it. */
async function listening(
  changed: Partial<ListenerLimits> = {},
  doorkeeper: Doorkeeper = async () => ({}),
) {
  const seen: Seen[] = []
  const answer: Answerer = async (request, { rawTarget }) => {
    const isRead = request.headers.get('x-unread') === null
    const body = isRead ? Buffer.from(await readBody(request, 1e8)).toString() : ''
    seen.push({ method: request.method, target: rawTarget, body })
    const filling = 'x'.repeat(Number(request.headers.get('x-length') ?? 0))
    const told = { method: request.method, target: rawTarget, body, filling }
    const headers = { 'Content-Type': 'application/json' }
    return { status: 200, headers, body: JSON.stringify(told) }
  }
  const limits = { ...defaultLimits, ...changed }
  const connections = new Connections(limits.connections)
  const server = createSecureServer(identity, doorkeeper, { answer, connections, limits })
  const door = server.newDoor()
  open.push({ door, connections, end: server.end })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const { port } = door.address() as AddressInfo
  return { port, seen, connections }
}

/** A raw TLS connection: writes go out as records of their own, and everything that comes is kept. */
async function raw(port: number) {
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', ca: identity.certificate })
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  let text = ''
  let isClosed = false
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  socket.on('close', () => (isClosed = true))
  socket.on('error', () => undefined)
  return {
    socket,
    send: (part: string) =>
      new Promise<void>((resolve) => socket.write(part, 'latin1', () => setTimeout(resolve, 5))),
    text: () => text,
    statuses: () => Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), (found) => Number(found[1])),
    isClosed: () => isClosed,
  }
}

const get = (method: string, target: string, more = '') =>
  `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`

test.each(['LIST', 'RECOVER', 'SCAN', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'LOCK', 'REPORT'])(
  'the method %s arrives as it was sent',
  async (method) => {
    const { port, seen } = await listening()
    const connection = await raw(port)
    await connection.send(
      get(method, '/v1/secret/metadata/%2e%2e?list=true', 'Content-Length: 0\r\n'),
    )
    await expect
      .poll(() => seen)
      .toEqual([{ method, target: '/v1/secret/metadata/%2e%2e?list=true', body: '' }])
    expect(connection.isClosed()).toBe(false)
  },
)

test('verbs arrive behind other requests of the same connection, and a body may begin with them', async () => {
  const { port, seen } = await listening()
  const connection = await raw(port)
  const wait = async (count: number) => expect.poll(() => connection.statuses().length).toBe(count)
  await connection.send(get('POST', '/a', 'Content-Length: 9\r\n'))
  await connection.send('LIST /bad')
  await wait(1)
  await connection.send(get('LIST', '/b'))
  await wait(2)
  await connection.send(get('PUT', '/c', 'Content-Length: 11\r\n') + 'RECOVER /x ')
  await wait(3)
  await connection.send(get('RECOVER', '/d', 'Content-Length: 2\r\n'))
  await connection.send('{}')
  await wait(4)
  expect(seen.map(({ method, body }) => `${method} ${body}`)).toEqual([
    'POST LIST /bad',
    'LIST ',
    'PUT RECOVER /x ',
    'RECOVER {}',
  ])
})

test('a head divided anywhere behind the method arrives whole', async () => {
  const head = get('LIST', '/v1/x', 'X-One: 1\r\n')
  const { port, seen } = await listening()
  const connection = await raw(port)
  for (let at = 5; at < head.length; at += 1) {
    await connection.send(head.slice(0, at))
    await connection.send(head.slice(at))
    await expect.poll(() => seen.length).toBe(at - 4)
  }
  expect(new Set(seen.map(({ method }) => method))).toEqual(new Set(['LIST']))
})

const odd: readonly (readonly [name: string, parts: readonly string[], executed: number])[] = [
  ['a method divided over two records', ['LI', 'ST /x HTTP/1.1\r\nHost: a\r\n\r\n'], 0],
  ['a LIST behind another request in one record', [get('GET', '/a') + get('LIST', '/b')], 1],
  [
    'CL and TE together',
    [get('POST', '/a', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n') + '0\r\n\r\n'],
    0,
  ],
  [
    'two lengths that differ',
    [get('POST', '/a', 'Content-Length: 1\r\nContent-Length: 2\r\n') + 'ab'],
    0,
  ],
  ['a bare line feed', ['GET /a HTTP/1.1\nHost: a\n\n'], 0],
  ['a folded header', [get('GET', '/a', 'X: 1\r\n 2\r\n')], 0],
  ['a blank before the colon', [get('GET', '/a', 'X : 1\r\n')], 0],
  ['no Host', ['GET /a HTTP/1.1\r\n\r\n'], 0],
  ['an unknown method', [get('FETCH', '/a')], 0],
  ['an unknown encoding', [get('POST', '/a', 'Transfer-Encoding: chunked, identity\r\n')], 0],
  ['no protocol', ['GET /a\r\n\r\n'], 0],
  ['an expectation that nobody knows', [get('LIST', '/a', 'Expect: x\r\n'), get('PUT', '/b')], 0],
  [
    'a verb in the midst of a head that came in part with another request',
    [get('GET', '/a') + 'DELETE /b HTTP/1.1\r\nHost: a\r\nX: ', 'LIST /c\r\n\r\n'],
    1,
  ],
  [
    'a protocol that is asked for instead',
    [get('GET', '/', 'Connection: Upgrade\r\nUpgrade: h2c\r\n')],
    0,
  ],
  ['a method that no request may have', [get('TRACE', '/a')], 0],
]

test.each(odd)('%s: 400, closed, and not executed', async (_, parts, executed) => {
  const { port, seen } = await listening()
  const connection = await raw(port)
  for (const part of parts) await connection.send(part)
  await expect.poll(() => connection.isClosed()).toBe(true)
  expect(connection.statuses().at(-1)).toBe(400)
  expect(seen).toHaveLength(executed)
})

test('an answer before the body was read ends the connection, so that the rest is not taken for a request', async () => {
  const { port, seen } = await listening()
  const connection = await raw(port)
  await connection.send(get('POST', '/a', 'X-Unread: 1\r\nContent-Length: 1000\r\n'))
  await connection.send(get('LIST', '/smuggled'))
  await expect.poll(() => connection.isClosed()).toBe(true)
  expect(seen.map(({ target }) => target)).toEqual(['/a'])
})

test('a body stays as it is behind a request that came in the same record and is answered', async () => {
  const { port, seen } = await listening()
  const connection = await raw(port)
  await connection.send(get('GET', '/a') + get('PUT', '/b', 'Content-Length: 6\r\n'))
  await expect.poll(() => connection.statuses()).toEqual([200])
  await connection.send('LIST /')
  await expect.poll(() => connection.statuses()).toEqual([200, 200])
  await connection.send(get('RECOVER', '/c'))
  await expect.poll(() => connection.statuses()).toEqual([200, 200, 200])
  expect(seen.map(({ method, body }) => `${method} ${body}`)).toEqual([
    'GET ',
    'PUT LIST /',
    'RECOVER ',
  ])
})

test('a connection on which request after request comes and no answer is waited for is ended', async () => {
  const { port, seen, connections } = await listening()
  const few = await raw(port)
  await few.send(get('GET', '/few').repeat(16))
  await expect.poll(() => few.statuses().length).toBe(16)
  const many = await raw(port)
  await many.send(get('GET', '/many').repeat(1000))
  await expect.poll(() => many.isClosed()).toBe(true)
  expect(seen.filter(({ target }) => target === '/many').length).toBeLessThanOrEqual(16)
  expect(connections.size).toBe(1)
})

test('200 mixed requests on 8 kept connections', async () => {
  const { port, seen } = await listening()
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca: identity.certificate })
  const methods = ['LIST', 'GET', 'POST', 'RECOVER', 'PUT', 'LIST']
  const ask = (n: number) =>
    new Promise<string>((resolve, reject) => {
      const method = methods[n % methods.length]!
      const body = ['POST', 'PUT'].includes(method) ? `LIST /${n}` : ''
      const headers = body === '' ? {} : { 'Content-Length': String(body.length) }
      const request = secureRequest(
        { agent, port, host: '127.0.0.1', method, path: `/${n}`, headers },
        (response) => {
          let text = ''
          response.on('data', (chunk: Buffer) => (text += chunk.toString()))
          response.on('end', () => resolve(text))
        },
      )
      request.on('error', reject)
      request.end(body)
    })
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => ask(n)))
  answers.forEach((text, n) => {
    const { method, target } = JSON.parse(text) as Seen
    expect([method, target]).toEqual([methods[n % methods.length], `/${n}`])
  })
  expect(seen).toHaveLength(200)
  agent.destroy()
})

test('plain HTTP on the TLS port is told so', async () => {
  const { port, seen } = await listening()
  const status = await new Promise<{ code: number | undefined; text: string }>(
    (resolve, reject) => {
      plainRequest({ port, host: '127.0.0.1', path: '/' }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => resolve({ code: response.statusCode, text }))
      })
        .on('error', reject)
        .end()
    },
  )
  expect(status).toEqual({ code: 400, text: 'Client sent an HTTP request to an HTTPS server.\n' })
  expect(seen).toEqual([])
})

test('who is not welcome is not even shaken hands with', async () => {
  const { port } = await listening({}, async () => undefined)
  const socket = connectPlain(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.on('close', resolve))
})

test('a slow head and a head too large are refused, others are served', async () => {
  // A handshake must be done by then too, also on a busy machine.
  const { port, seen } = await listening({ headMs: 3000, headBytes: 2048 })
  const slow = await raw(port)
  await slow.send('GET /slow HTTP/1.1\r\nHost: a\r\n')
  const large = await raw(port)
  await large.send(get('GET', '/large', `X: ${'x'.repeat(3000)}\r\n`))
  await expect.poll(() => large.isClosed()).toBe(true)
  const other = await raw(port)
  await other.send(get('LIST', '/other'))
  await expect.poll(() => other.statuses()).toEqual([200])
  await expect.poll(() => slow.isClosed()).toBe(true)
  expect(seen.map(({ target }) => target)).toEqual(['/other'])
})

test('a connection beyond the limit takes the place of the one that was idle for longest', async () => {
  const { port, connections } = await listening({ connections: 3 })
  const held = [await raw(port), await raw(port), await raw(port)]
  await held[0]!.send(get('GET', '/kept'))
  await expect.poll(() => held[0]!.statuses()).toEqual([200])
  const other = await raw(port)
  await other.send(get('LIST', '/other'))
  await expect.poll(() => other.statuses()).toEqual([200])
  await expect.poll(() => held.map((one) => one.isClosed())).toEqual([false, true, false])
  expect(connections.size).toBe(3)
})

test('who is not let in yet pushes nobody out but others like it', async () => {
  let count = 0
  const doorkeeper: Doorkeeper = () => {
    count += 1
    return count > 2 && count < 12 ? new Promise(() => undefined) : Promise.resolve({})
  }
  const { port, connections } = await listening({ connections: 4 }, doorkeeper)
  const held = [await raw(port), await raw(port)]
  const strangers = Array.from({ length: 9 }, () => connectPlain(port, '127.0.0.1'))
  for (const stranger of strangers) stranger.on('error', () => undefined)
  await expect.poll(() => strangers.filter(({ closed }) => closed).length).toBe(7)
  const other = await raw(port)
  await other.send(get('LIST', '/other'))
  await expect.poll(() => other.statuses()).toEqual([200])
  expect(held.map((one) => one.isClosed())).toEqual([false, false])
  expect(connections.size).toBe(4)
})

test('who does not take an answer, or send the rest of a request, keeps nobody out', async () => {
  const { port } = await listening({ connections: 3 })
  const slow = [await raw(port), await raw(port), await raw(port)]
  for (const { socket } of slow) socket.pause()
  await slow[0]!.send(get('GET', '/large', 'X-Length: 30000000\r\n'))
  for (const { send } of slow.slice(1)) await send(get('PUT', '/slow', 'Content-Length: 9\r\n'))
  for (let n = 0; n < 3; n += 1) {
    const other = await raw(port)
    await other.send(get('LIST', '/other', 'X-Length: 30000000\r\n'))
    await expect.poll(() => other.statuses()).toEqual([200])
    other.socket.pause()
  }
})

test('what is no TLS is let go, also when its program does not go', async () => {
  const { port, connections } = await listening()
  const socket = connectPlain({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  socket.write(get('GET', '/'))
  await expect.poll(() => connections.size).toBe(1)
  await expect.poll(() => connections.size).toBe(0)
  socket.destroy()
})

test('a Unix socket takes the same requests without TLS', async () => {
  const seen: string[] = []
  const answer: Answerer = async (request, { peerAddress }) => {
    seen.push(`${request.method} ${peerAddress}`)
    return { status: 204, headers: {} }
  }
  const connections = new Connections(8)
  const server = createSocketServer({ answer, connections })
  const path = join(folder, 'api.sock')
  const door = server.newDoor()
  open.push({ door, connections, end: server.end })
  await new Promise<void>((resolve) => door.listen(path, resolve))
  for (const method of ['LIST', 'GET', 'RECOVER']) {
    await new Promise((resolve, reject) => {
      plainRequest({ socketPath: path, method, path: '/' }, (response) => {
        response.resume()
        response.on('end', resolve)
      })
        .on('error', reject)
        .end()
    })
  }
  expect(seen).toEqual(['LIST unix', 'GET unix', 'RECOVER unix'])
})
