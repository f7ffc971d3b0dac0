import { connect as connectPlain } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { defaultLimits } from '../../src-main/http/listener'
import { maxNobodyLines } from '../../src-main/vault/audit/audit-queue'
import { rawConnection, vaultWithListener } from './served-vault'

test('C-12: 1,000 idle connections, slow heads, and large ones keep nobody out', async () => {
  const limits = { ...defaultLimits, connections: 200 }
  const { listener, authority, ask } = await vaultWithListener({ limits })
  const { port } = await listener.start({ port: 0 })
  const before = process.memoryUsage().rss
  const sockets = await Promise.all(
    Array.from({ length: 1000 }, async () => {
      const socket = connectPlain(port, '127.0.0.1')
      socket.on('error', () => undefined)
      await new Promise((resolve) => socket.once('connect', resolve))
      return socket
    }),
  )
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
  const slow = await rawConnection(port, authority)
  slow.socket.write('GET / HTTP/1.1\r\nHo')
  expect((await ask('/v1/secret/data/a')).status).toBe(200)
  const large = await rawConnection(port, authority)
  large.socket.write(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${'x'.repeat(1_048_576)}\r\n\r\n`,
  )
  await new Promise((resolve) => large.socket.once('close', resolve))
  expect((await ask('/v1/secret/data/a')).status).toBe(200)
  expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024)
})

test('C-12: 100 MB, deep JSON, packed bodies and odd chunks are refused, and others served', async () => {
  const { listener, token, authority, ask } = await vaultWithListener()
  const { port } = await listener.start({ port: 0 })
  const post = (body: string, headers: Record<string, string>) =>
    ask('/v1/secret/data/b', {
      method: 'POST',
      body,
      headers: { 'X-Vault-Token': token, ...headers },
    })
  const deep = `{"data":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`
  expect((await post(deep, {})).status).toBe(400)
  const packed = gzipSync('{"data":{"a":1}}').toString('latin1')
  expect((await post(packed, { 'Content-Encoding': 'gzip' })).status).toBe(400)
  const start = `POST /v1/secret/data/b HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Vault-Token: ${token}\r\n`
  const huge = await rawConnection(port, authority)
  huge.socket.write(`${start}Content-Length: 104857600\r\n\r\n${'x'.repeat(1024)}`)
  await expect.poll(() => huge.statuses()).toEqual([413])
  const odd = await rawConnection(port, authority)
  odd.socket.write(`${start}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n`)
  await expect.poll(() => odd.statuses().at(-1)).toBe(400)
  expect((await ask('/v1/secret/data/b')).status).toBe(404)
  expect((await ask('/v1/secret/data/a')).status).toBe(200)
})

test('C-14: verbs go through the real service, and what is odd is not executed', async () => {
  const { listener, token, authority, ask } = await vaultWithListener()
  const { port } = await listener.start({ port: 0 })
  const head = (line: string, more = '') =>
    `${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Vault-Token: ${token}\r\n${more}\r\n`
  const list = await ask('/v1/secret/metadata/', { method: 'LIST' })
  expect(JSON.parse(list.text)).toMatchObject({ data: { keys: ['a'] } })
  const body = '{"data":{"n":2}}'
  const smuggled =
    head('POST /v1/secret/data/smuggled', `Content-Length: ${body.length}\r\n`) + body
  const odd = [
    head('GET /v1/secret/data/a') + head('LIST /v1/secret/metadata/'),
    head('POST /v1/secret/data/a', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n') +
      `0\r\n\r\n${smuggled}`,
    `GET /v1/sys/health HTTP/1.1\nHost: 127.0.0.1:${port}\n\n${smuggled}`,
    head('GET /v1/sys/health', 'X: 1\r\n folded\r\n') + smuggled,
    head('FETCH /v1/secret/data/a') + smuggled,
  ]
  for (const request of odd) {
    const connection = await rawConnection(port, authority)
    const end = new Promise((resolve) => connection.socket.once('close', resolve))
    connection.socket.write(request, 'latin1')
    await end
    expect(connection.statuses().at(-1), request).toBe(400)
  }
  expect((await ask('/v1/secret/data/smuggled')).status).toBe(404)
})

/** Says something that is no request, until the listener closes. */
async function closed(port: number, authority: string, bytes: string): Promise<void> {
  const { socket } = await rawConnection(port, authority)
  const end = new Promise((resolve) => socket.once('close', resolve))
  socket.write(bytes, 'latin1')
  await end
}

test('C-16: what is no request leaves a line, and somebody who says nothing does not', async () => {
  // A handshake must be done by then too, also on a busy machine.
  const limits = { ...defaultLimits, headMs: 3000 }
  const { listener, authority, vault } = await vaultWithListener({ limits })
  const { port } = await listener.start({ port: 0 })
  const spoken = [
    'FETCH / HTTP/1.1\r\n\r\n',
    `GET / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`,
    'GET /canary HTTP/1.1\r\nHo',
    '',
  ]
  await Promise.all(spoken.map((bytes) => closed(port, authority, bytes)))
  const lines = () =>
    vault.audit.page({ limit: 1000 }).lines.map(({ who, peer, what, path, result }) => ({
      ...{ who: who.kind, address: peer?.address, uid: peer?.uid, what, path, result },
    }))
  const line = { who: 'nobody', address: '127.0.0.1', uid: process.getuid?.() }
  const told = { ...line, what: 'http.no-request', path: '', result: 400 }
  await expect.poll(lines).toEqual([told, told, told])
})

test('C-16: a flood of what is no request does not push other lines out of the log', async () => {
  const { listener, authority, vault } = await vaultWithListener()
  const { port } = await listener.start({ port: 0 })
  const flood = Array.from({ length: 3 * maxNobodyLines })
  await Promise.all(flood.map(() => closed(port, authority, 'odd\r\n\r\n')))
  const { length } = vault.audit.page({ limit: 1000 }).lines
  // It may fall into two minutes, of which the first ends with a line for all that was too much.
  expect(length).toBeGreaterThanOrEqual(maxNobodyLines)
  expect(length).toBeLessThanOrEqual(2 * maxNobodyLines + 1)
})
