import { execFile, execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer as createPlainServer, request as plainRequest } from 'node:http'
import { connect as connectPlain, createServer, type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fullScope } from '../../src-main/contract/access'
import { defaultLimits } from '../../src-main/http/listener'
import { keptConnections, listenedAt, send, vaultWithListener } from './served-vault'

const run = promisify(execFile)
const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
const isRoot = process.getuid?.() === 0

/** What a command wrote and how it ended; it never fails. */
async function tried(program: string, ...args: string[]) {
  try {
    const { stdout, stderr } = await run(program, args)
    return { code: 0, text: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, text: stdout + stderr }
  }
}

/** A TLS connection to the listener, for raw bytes. */
async function raw(port: number, authority: string, host = '127.0.0.1') {
  const socket: TLSSocket = connect({ port, host, ca: authority })
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  return {
    socket,
    text: () => text,
    statuses: () => Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), (found) => Number(found[1])),
  }
}

test('C-01: nothing listens before it is started, and then at the loopback addresses alone', async () => {
  const { listener, ask } = await vaultWithListener()
  expect(listener.status).toBeUndefined()
  const { port, addresses, fingerprint } = await listener.start({ port: 0 })
  const ours = listenedAt().filter((local) => local.endsWith(`:${hex(port)}`))
  expect(ours).toEqual([`0100007F:${hex(port)}`, `${'0'.repeat(24)}01000000:${hex(port)}`])
  expect(addresses).toEqual([`https://127.0.0.1:${port}`, `https://[::1]:${port}`])
  expect(fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  expect((await ask('/v1/secret/data/a')).status).toBe(200)
  expect((await ask('/v1/secret/data/a', { host: '::1' })).status).toBe(200)
  expect(listener.status?.requests).toBe(2)
  await listener.stop()
  expect(listenedAt().filter((local) => local.endsWith(`:${hex(port)}`))).toEqual([])
})

test('C-01: the other addresses of this machine refuse', async () => {
  const { listener } = await vaultWithListener()
  const { port } = await listener.start({ port: 0 })
  const others = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
  for (const { address } of [...others, { address: '127.0.0.2' }]) {
    const code = await new Promise((resolve) => {
      const socket = connectPlain(port, address, () => resolve('connected'))
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    })
    expect(code).toBe('ECONNREFUSED')
  }
})

/** A second network, beside ours and connected with it; undefined where we may not make one. */
async function otherNetwork(): Promise<
  { readonly ours: string; readonly name: string } | undefined
> {
  const name = `coffret-${process.pid}`
  const link = `cft${process.pid}`
  const ours = '10.231.7.1'
  onTestFinished(() => void tried('ip', 'netns', 'del', name))
  const steps = [
    `netns add ${name}`,
    `link add ${link} type veth peer name ${link}b netns ${name}`,
    `addr add ${ours}/30 dev ${link}`,
    `link set ${link} up`,
    `-n ${name} addr add 10.231.7.2/30 dev ${link}b`,
    `-n ${name} link set ${link}b up`,
  ]
  for (const step of steps) {
    if ((await tried('ip', ...step.split(' '))).code !== 0) return undefined
  }
  return { ours, name }
}

test('C-01: from another network nothing is reached, although the machine is', async () => {
  const network = await otherNetwork()
  if (network === undefined) return
  const { listener } = await vaultWithListener()
  const { port } = await listener.start({ port: 0 })
  const control = createPlainServer((_, out) => out.end('here'))
  await new Promise<void>((resolve) => control.listen(0, network.ours, resolve))
  const { port: controlPort } = control.address() as AddressInfo
  const from = (url: string) =>
    tried('ip', 'netns', 'exec', network.name, 'curl', '-sk', '-m', '5', url)
  expect(await from(`http://${network.ours}:${controlPort}`)).toEqual({ code: 0, text: 'here' })
  expect((await from(`https://${network.ours}:${port}`)).code).toBe(7)
  expect((await from(`https://127.0.0.1:${port}`)).code).toBe(7)
  await new Promise((resolve) => control.close(resolve))
})

test('C-05: another user is refused with a valid token too, over TLS and at the socket', async () => {
  const { listener, folder, token, caFile } = await vaultWithListener()
  const socketFile = join(folder, 'api.sock')
  const { address } = await listener.start({ port: 0, socketFile })
  const curl = ['curl', '-sS', '-m', '5', '-H', `X-Vault-Token: ${token}`]
  const own = await tried(
    curl[0]!,
    ...curl.slice(1),
    '--cacert',
    caFile,
    `${address}/v1/secret/data/a`,
  )
  expect(own.text).toContain('"n":1')
  const ownSocket = await tried(
    ...([curl[0]!, ...curl.slice(1)] as const),
    ...['--unix-socket', socketFile, 'http://localhost/v1/secret/data/a'],
  )
  expect(ownSocket.text).toContain('"n":1')
  expect(execFileSync('stat', ['-c', '%a', socketFile], { encoding: 'utf8' }).trim()).toBe('600')
  if (!isRoot) return
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', ...curl]
  const foreign = await tried('setpriv', ...nobody, '-k', `${address}/v1/secret/data/a`)
  expect(foreign).toMatchObject({ code: 35 })
  expect(foreign.text).not.toContain('"n"')
  const place = ['--unix-socket', socketFile, 'http://localhost/v1/secret/data/a']
  expect((await tried('setpriv', ...nobody, ...place)).code).toBe(7)
})

test('C-05: where the tables say another user, or cannot be read, nobody is let in', async () => {
  for (const user of [4242, undefined, 'unreadable'] as const) {
    const peerUsers = async () => {
      if (user === 'unreadable') throw new Error('EACCES')
      return user && { user, inode: 1 }
    }
    const { listener, ask } = await vaultWithListener({ peerUsers })
    await listener.start({ port: 0 })
    await expect(ask('/v1/sys/health')).rejects.toThrow(/socket|ECONNRESET|hang up/)
  }
})

test('C-16: the process at the other end is in the log, once it was found', async () => {
  const { listener, vault, authority, ask } = await vaultWithListener()
  await listener.start({ port: 0 })
  const agent = keptConnections(authority, 1)
  const peers = () => vault.audit.page({ limit: 50 }).lines.map(({ peer }) => peer?.pid)
  await expect
    .poll(async () => (await ask('/v1/secret/data/a', { agent }), peers()), { timeout: 4000 })
    .toContain(process.pid)
  expect(peers().at(-1)).toBeUndefined()
})

test('C-09: old TLS is refused, and the certificates are of this machine alone', async () => {
  const { listener, authority, caFile, folder, file, vault } = await vaultWithListener()
  const { port } = await listener.start({ port: 0 })
  const client = (...more: string[]) =>
    tried('sh', '-c', `openssl s_client -connect 127.0.0.1:${port} ${more.join(' ')} </dev/null`)
  for (const old of ['-tls1', '-tls1_1']) {
    const { code, text } = await client(old, '-cipher', 'ALL:@SECLEVEL=0', '-CAfile', caFile)
    expect(code, text).not.toBe(0)
  }
  for (const current of ['-tls1_2', '-tls1_3']) {
    const { code, text } = await client(
      current,
      '-CAfile',
      caFile,
      '-verify_return_error',
      '-showcerts',
    )
    expect(code, text).toBe(0)
    expect(text).toContain('Verify return code: 0 (ok)')
  }
  const shown = (pem: string) =>
    execFileSync('openssl', ['x509', '-noout', '-text'], { input: pem, encoding: 'utf8' })
  expect(shown(authority)).toMatch(/Name Constraints: critical/)
  expect(shown(authority)).toMatch(/CA:TRUE, pathlen:0/)
  const leaf = async (servername: string) => {
    const socket = connect({ port, host: '127.0.0.1', ca: authority, servername })
    await new Promise((resolve, reject) =>
      socket.once('secureConnect', resolve).once('error', reject),
    )
    const { subjectaltname } = socket.getPeerCertificate()
    socket.destroy()
    return subjectaltname
  }
  expect(await leaf('')).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  expect(await leaf('localhost')).toBe('DNS:localhost')
  // The key of the authority is in the vault and nowhere else, and there it is sealed.
  const kept = vault.authority.find()
  const key = Buffer.from(kept!.privateKey)
  const scalar = key.subarray(key.indexOf(Buffer.from('0420', 'hex')) + 2).subarray(0, 32)
  expect(scalar).toHaveLength(32)
  for (const one of [file, caFile]) expect(readFileSync(one).includes(scalar)).toBe(false)
  expect(
    execFileSync('ls', ['-A', folder], { encoding: 'utf8' }).trim().split('\n').sort(),
  ).toEqual(['ca.pem', 'test.coffret'])
})

test('C-09: plain HTTP on the port is told so, and never sent elsewhere', async () => {
  const { listener } = await vaultWithListener()
  const { port } = await listener.start({ port: 0 })
  const reply = await new Promise<{ status: number | undefined; location: string | undefined }>(
    (resolve, reject) => {
      plainRequest({ host: '127.0.0.1', port, path: '/v1/sys/health' }, (response) => {
        resolve({ status: response.statusCode, location: response.headers.location })
        response.resume()
      })
        .on('error', reject)
        .end()
    },
  )
  expect(reply).toEqual({ status: 400, location: undefined })
})

test('C-10: a port that is taken is an error that names who has it, at either address', async () => {
  const { listener } = await vaultWithListener()
  for (const host of ['127.0.0.1', '::1', '0.0.0.0']) {
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen({ port: 0, host }, resolve))
    const { port } = squatter.address() as AddressInfo
    const mine = new RegExp(`^port ${port} is taken by .+ \\(process ${process.pid}\\)$`)
    await expect(listener.start({ port })).rejects.toMatchObject({
      ...{ code: 'busy', field: 'port', message: expect.stringMatching(mine) },
    })
    expect(listener.status).toBeUndefined()
    await new Promise((resolve) => squatter.close(resolve))
    expect((await listener.start({ port })).port).toBe(port)
    await listener.stop()
  }
})

test('a socket that a dead program left is replaced; one in use, and any other file, is not', async () => {
  const { listener, folder } = await vaultWithListener()
  const socketFile = join(folder, 'api.sock')
  const program = `require('net').createServer().listen(${JSON.stringify(socketFile)}, () => process.kill(process.pid, 'SIGKILL'))`
  await tried(process.execPath, '-e', program)
  await listener.start({ port: 0, socketFile })
  await listener.stop()
  const other = createPlainServer()
  await new Promise<void>((resolve) => other.listen(socketFile, resolve))
  await expect(listener.start({ port: 0, socketFile })).rejects.toMatchObject({
    ...{ code: 'busy', field: 'socket' },
    message: expect.stringMatching(`process ${process.pid}`),
  })
  await new Promise((resolve) => other.close(resolve))
  writeFileSync(socketFile, 'a letter')
  await expect(listener.start({ port: 0, socketFile })).rejects.toMatchObject({ code: 'exists' })
  expect(readFileSync(socketFile, 'utf8')).toBe('a letter')
  const long = { port: 0, socketFile: join(folder, 'x'.repeat(120)) }
  await expect(listener.start(long)).rejects.toMatchObject({ code: 'invalid' })
})

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
  const idle = await raw(port, authority)
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
  const slow = await raw(port, authority)
  slow.socket.write('GET / HTTP/1.1\r\nHo')
  expect((await ask('/v1/secret/data/a')).status).toBe(200)
  const large = await raw(port, authority)
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
  const huge = await raw(port, authority)
  huge.socket.write(`${start}Content-Length: 104857600\r\n\r\n${'x'.repeat(1024)}`)
  await expect.poll(() => huge.statuses()).toEqual([413])
  const odd = await raw(port, authority)
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
    const connection = await raw(port, authority)
    const end = new Promise((resolve) => connection.socket.once('close', resolve))
    connection.socket.write(request, 'latin1')
    await end
    expect(connection.statuses().at(-1), request).toBe(400)
  }
  expect((await ask('/v1/secret/data/smuggled')).status).toBe(404)
})
