import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { MtlsFetch } from '../../src-main/remote/mtls-fetch'
import { lookAtServer, reach } from '../../src-main/remote/tls-probe'
import { forge, newAuthority } from '../pki/local-authority'
import { ManualTimers } from '../support/manual-timers'

/** A server at this address, whose certificate is for that one. */
async function served(host: string, named: string) {
  const authority = await newAuthority()
  const { certificatePem: cert, privateKeyPem: key } = await forge(authority, 'server', (x509) => [
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: named }]),
  ])
  const offered: string[][] = []
  // Where the client of TLS 1.3 is content, the server may not be yet.
  const server = createServer({ cert, key, maxVersion: 'TLSv1.2' }, (socket) => {
    socket.on('error', () => undefined)
    offered.push(socket.getSharedSigalgs())
    socket.end()
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  const { port } = server.address() as AddressInfo
  const { after } = new ManualTimers()
  const authorities = [authority.certificatePem]
  return { offered, target: { host, port }, authorities, after, connectMs: 1000 }
}

/** Node's OpenSSL knows limits of addresses, so here one must be overstepped; Electron refuses them all. */
test('the limits of an authority are told from an authority that nobody trusts', async () => {
  const parts = await served('127.0.0.1', '192.0.2.1')
  const { failure, certificate } = await lookAtServer(await reach(parts), parts)
  expect(failure).toMatchObject({ code: 'unreachable', reason: 'server_certificate_limits' })
  expect(certificate?.subject).toBe('CN=server')
  const { host, port } = parts.target
  const domain = new MtlsFetch({ ...parts, address: `https://${host}:${port}` })
  onTestFinished(() => domain.close())
  const request = domain.fetch({ method: 'GET', target: '/', headers: {} })
  await expect(request).rejects.toMatchObject({ reason: 'server_certificate_limits' })
})

test('within its limits a server is trusted, and by another authority it is not', async () => {
  const parts = await served('127.0.0.1', '127.0.0.1')
  expect((await lookAtServer(await reach(parts), parts)).failure).toBeUndefined()
  const others = { ...parts, authorities: [(await newAuthority()).certificatePem] }
  const { failure } = await lookAtServer(await reach(others), others)
  expect(failure).toMatchObject({ reason: 'server_certificate_unknown' })
})

// Any default of Node would do: Electron's leaves out Ed25519, and in TLS 1.3 P-521.
test('servers may sign with every kind of key, whoever reaches them', async () => {
  const { offered, ...parts } = await served('127.0.0.1', '127.0.0.1')
  await lookAtServer(await reach(parts), parts)
  const { host, port } = parts.target
  const domain = new MtlsFetch({ ...parts, address: `https://${host}:${port}` })
  onTestFinished(() => domain.close())
  const request = domain.fetch({ method: 'GET', target: '/', headers: {} })
  await expect(request).rejects.toMatchObject({ code: 'unreachable' })
  expect(offered).toHaveLength(2)
  const kinds = ['ECDSA+SHA256', 'ECDSA+SHA384', 'ECDSA+SHA512', 'Ed25519+UNDEF']
  const more = [
    'RSA-PSS+SHA256',
    'RSA-PSS+SHA384',
    'RSA-PSS+SHA512',
    'RSA+SHA256',
    'RSA+SHA384',
    'RSA+SHA512',
  ]
  for (const one of offered) expect(new Set(one)).toEqual(new Set([...kinds, ...more]))
})
