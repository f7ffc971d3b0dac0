import { connect } from 'node:tls'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fullScope } from '../../src-main/contract/access'
import { keptConnections, rawConnection, send, vaultWithListener } from './served-vault'

test('C-11: a lock during 100 requests: each is complete or sealed, and none comes after', async () => {
  const { listener, vault, authority, ask } = await vaultWithListener()
  await listener.start({ port: 0 })
  const agent = keptConnections(authority, 16)
  const read = () => ask('/v1/secret/data/a', { agent })
  expect((await read()).status).toBe(200)
  const replies = Array.from({ length: 100 }, read)
  await replies[20]
  vault.lock()
  const after = await Promise.all(Array.from({ length: 20 }, read))
  for (const { status, text, headers } of [...(await Promise.all(replies)), ...after]) {
    expect([200, 503]).toContain(status)
    expect(JSON.parse(text)).toMatchObject(
      status === 200 ? { data: { data: { n: 1 } } } : { errors: ['Vault is sealed'] },
    )
    expect(headers['cache-control']).toBe('no-store')
  }
  expect(new Set(after.map(({ status }) => status))).toEqual(new Set([503]))
  expect(JSON.parse((await ask('/v1/sys/seal-status')).text)).toMatchObject({ sealed: true })
})

test('a stop answers what is under way, closes what is idle, and refuses what is new', async () => {
  const { listener, vault, authority, ask } = await vaultWithListener()
  const { port } = await listener.start({ port: 0 })
  const idle = await rawConnection(port, authority)
  const idleEnd = new Promise((resolve) => idle.socket.once('close', resolve))
  let go: () => void = () => undefined
  const waiting = new Promise<void>((resolve) => (go = resolve))
  const { list } = vault.mounts
  const listing = vi.spyOn(vault.mounts, 'list').mockImplementation(async () => {
    await waiting
    return list.call(vault.mounts)
  })
  const replies = Array.from({ length: 5 }, () => ask('/v1/secret/data/a'))
  await expect.poll(() => listing.mock.calls.length).toBe(5)
  const stopped = listener.stop()
  await idleEnd
  await expect(ask('/v1/secret/data/a')).rejects.toThrow('ECONNREFUSED')
  go()
  for (const { status, headers } of await Promise.all(replies)) {
    expect(status).toBe(200)
    expect(headers['connection']).toBe('close')
  }
  await stopped
  await send({ port, path: '/' }).catch((error: Error) => expect(error.message).toMatch('REFUSED'))
})

test('a stop does not wait for ever', async () => {
  const { listener, vault, ask } = await vaultWithListener({ drainMs: 100 })
  await listener.start({ port: 0 })
  const listing = vi
    .spyOn(vault.mounts, 'list')
    .mockImplementation(() => new Promise<never>(() => undefined))
  const reply = ask('/v1/secret/data/a').catch((error: Error) => error)
  await expect.poll(() => listing.mock.calls.length).toBe(1)
  await listener.stop()
  expect(await reply).toBeInstanceOf(Error)
})

test('a certificate that was revoked opens nothing, neither on its connection nor by an older session', async () => {
  const { listener, access, authority, ask } = await vaultWithListener()
  const { port } = await listener.start({ port: 0 })
  const {
    certificate: cert,
    privateKey: key = '',
    credential,
  } = await access.issueCertificate({
    ...{ name: 'ci', scope: fullScope },
  })
  await listener.refresh()
  const sessions: Buffer[] = []
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = connect({ port, host: '127.0.0.1', ca: authority, cert, key, maxVersion })
    socket.on('session', (session) => sessions.push(session))
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
    const get = () =>
      socket.write(`GET /v1/secret/data/a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
    get()
    await expect.poll(() => text).toContain('"n":1')
    onTestFinished(() => void socket.destroy())
    if (maxVersion !== 'TLSv1.3') continue
    access.revoke(credential.id)
    await listener.refresh()
    get()
    await expect.poll(() => text).toContain('403 Forbidden')
  }
  for (const session of sessions) {
    const again = connect({ port, host: '127.0.0.1', ca: authority, cert, key, session })
    again.on('error', () => undefined)
    await new Promise((resolve) => again.once('secureConnect', resolve))
    expect(again.isSessionReused()).toBe(false)
    again.destroy()
  }
  const reply = ask('/v1/secret/data/a', { cert, key, headers: {} })
  expect((await reply).status).toBe(403)
})
