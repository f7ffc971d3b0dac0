import { execFile, execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer as createPlainServer, request as plainRequest } from 'node:http'
import { connect as connectPlain, createServer, type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { keptConnections, listenedAt, vaultWithListener } from './served-vault'

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
    .poll(async () => (await ask('/v1/secret/data/a', { agent }), peers()))
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
  vault.close()
  expect(readdirSync(folder).sort()).toEqual(['ca.pem', 'test.coffret'])
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
