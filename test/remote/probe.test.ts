import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { VaultId } from '../../src-main/contract/model'
import { ProbeResult } from '../../src-main/contract/probe'
import type { TlsIdentity } from '../../src-main/http/listener'
import { probe } from '../../src-main/remote/probe'
import { servedVault } from '../browsers/served-vault'
import { TestAuthority, type ClientPair } from '../support/tls-identities'

const after = (milliseconds: number, work: () => void) => {
  const timer = setTimeout(work, milliseconds).unref()
  return () => clearTimeout(timer)
}

/** The served vault, and a probe of it with its certificate. */
async function probed() {
  const served = await servedVault()
  const [certificate = '', privateKey = ''] = served.files.map(({ bytes }) =>
    new TextDecoder().decode(bytes),
  )
  const credential = { kind: 'certificate', certificate, privateKey } as const
  const ask = (path: string, authorities = [served.authority]) =>
    probe({
      ...{ url: `https://localhost:${served.port}${path}`, authorities, after },
      certificate: credential,
    })
  return { ...served, credential, ask }
}

test('the answer to a good certificate is shown', async () => {
  const { ask } = await probed()
  expect(await ask('/v1/secret/data/prod/db?version=1')).toMatchObject({
    ...{ outcome: 'answered', status: 200, isCut: false },
    contentType: expect.stringContaining('application/json') as unknown,
    text: expect.stringContaining('"user":"app"') as unknown,
  })
})

test('the certificate of the server is told beside its answer, and is what it shows', async () => {
  const { ask, port, authority } = await probed()
  const answer = await ask('/v1/secret/data/prod/db')
  const socket = connect({ port, host: 'localhost', ca: authority, servername: 'localhost' })
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  const seen = socket.getPeerCertificate()
  socket.destroy()
  expect(answer.server).toMatchObject({
    ...{ subject: 'CN=localhost', subjectAltNames: ['DNS:localhost'] },
    sha256Fingerprint: seen.fingerprint256,
    validTo: Date.parse(seen.valid_to),
  })
  expect(answer.server?.issuer).toContain('CN=Coffret')
  expect(ProbeResult.parse(answer)).toEqual(answer)
})

/** A server that asks for client certificates of an authority, and takes no others. */
async function strictServer(
  identity: TlsIdentity,
  authority: string,
  { revoked, host = '127.0.0.1' }: { revoked?: string; host?: string } = {},
) {
  const server = createTlsServer({
    ...{ key: identity.privateKey, cert: identity.certificate, ca: authority },
    ...{ requestCert: true, rejectUnauthorized: true },
    ...(revoked === undefined ? {} : { crl: revoked }),
  })
  server.on('request', (_request, response) => response.end('welcome'))
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const okmsId = VaultId.parse('00000000-0000-4000-8000-000000000001')

test('each way to fail is told by its own name, with the certificate of the server', async () => {
  const ours = await TestAuthority.create(okmsId)
  const others = await TestAuthority.create(okmsId)
  const [good, ended, gone, foreign] = await Promise.all([
    ours.client(),
    ours.client(-1),
    ours.client(),
    others.client(),
  ])
  const [identity, endedIdentity] = await Promise.all([ours.server(), ours.server(-1)])
  const strict = await strictServer(identity, ours.pem, { revoked: await ours.revoked(gone) })
  // An address of this computer that is not in the certificate.
  const host = '127.0.0.2'
  const elsewhere = await strictServer(identity, ours.pem, { host })
  const old = await strictServer(endedIdentity, ours.pem)
  const ask = (port: number, client: ClientPair, authorities = [ours.pem], host = 'localhost') =>
    probe({
      ...{ url: `https://${host}:${port}/`, authorities, after },
      certificate: { kind: 'certificate', ...client },
    })
  const failing = (reason: string) => ({
    ...{ outcome: 'failed', reason },
    server: { subject: 'CN=localhost' },
  })
  expect(await ask(strict, good)).toMatchObject({ outcome: 'answered', text: 'welcome' })
  // Node ends the connection without an alert that says why.
  for (const bad of [ended, gone, foreign]) {
    expect(await ask(strict, bad)).toMatchObject(failing('certificate_refused'))
  }
  expect(await ask(strict, good, [others.pem])).toMatchObject(failing('server_certificate_unknown'))
  expect(await ask(old, good)).toMatchObject(failing('server_certificate_expired'))
  expect(await ask(elsewhere, good, [ours.pem], host)).toMatchObject(
    failing('server_certificate_name'),
  )
})

test('a refusal is an answer', async () => {
  const { ask } = await probed()
  expect(await ask('/v1/secret/data/nothing')).toMatchObject({ outcome: 'answered', status: 404 })
})

test('a long page is cut', async () => {
  const { ask } = await probed()
  const answer = await ask('/openapi.json')
  expect(answer).toMatchObject({ outcome: 'answered', status: 200, isCut: true })
  expect(answer).toHaveProperty('text.length', 4096)
})

test('a server of an authority that is not trusted gets no certificate', async () => {
  const { ask, arrivals } = await probed()
  const { authority } = await servedVault()
  expect(await ask('/v1/secret/data/prod/db', [authority])).toEqual({
    ...{ outcome: 'failed', reason: 'server_certificate_unknown' },
    server: expect.objectContaining({ subject: 'CN=localhost' }) as unknown,
  })
  expect(arrivals.handled).toEqual([])
})

test('a port where nobody listens, and one without TLS, are told apart', async () => {
  const { authority, credential } = await probed()
  const plain = createServer((_request, response) => response.end('plain'))
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
  const { port } = plain.address() as AddressInfo
  const ask = () =>
    probe({
      ...{ url: `https://127.0.0.1:${port}/`, authorities: [authority], after },
      certificate: credential,
    })
  expect(await ask()).toEqual({ outcome: 'failed', reason: 'no_tls' })
  plain.closeAllConnections()
  await new Promise((resolve) => plain.close(resolve))
  expect(await ask()).toEqual({ outcome: 'failed', reason: 'refused' })
})

test.each(['http://localhost/', 'localhost', '', 'https://user:word@localhost/'])(
  'the address %j is refused',
  async (url) => {
    const certificate = { kind: 'certificate', certificate: '', privateKey: '' } as const
    await expect(probe({ url, authorities: [], certificate, after })).rejects.toMatchObject({
      ...{ code: 'invalid', field: 'url' },
    })
  },
)
