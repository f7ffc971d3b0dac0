import { spawnSync } from 'node:child_process'
import { type AddressInfo } from 'node:net'
import { type TLSSocket, connect, createServer } from 'node:tls'
import type { Extension } from '@peculiar/x509'
import { EpochMs, VaultId } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { type Authority, createAuthority, openAuthority } from '../../src-main/pki/authority'
import { parseCertificate } from '../../src-main/pki/certificate-info'
import {
  type X509Library,
  importSigningKey,
  newSerialNumber,
  writeCertificate,
} from '../../src-main/pki/certificate-writer'
import { issueServerCertificate } from '../../src-main/pki/certificate-issuing'
import { writePem } from '../../src-main/pki/pem'
import { derOf, makeKey, openssl, put, soon } from './openssl'

export const vaultId = VaultId.parse('0a1b2c3d-1111-4222-8333-44445555666f')
export const dayMs = 24 * 60 * 60 * 1000
export const now = soon
export const inDays = (days: number): EpochMs => EpochMs.parse(now + days * dayMs)
export const chance = { now, random: systemRandom }

/** A new authority, kept and opened again. */
export async function newAuthority(label = 'work'): Promise<Authority> {
  return openAuthority(await createAuthority({ vaultId, label, ...chance }))
}

/** What `openssl verify` says: `OK`, or its complaint. */
export function verify(
  { certificatePem }: Authority,
  pem: string,
  args: readonly string[] = [],
): string {
  const files = ['-CAfile', put(certificatePem), put(pem)]
  const { stdout, stderr } = spawnSync('openssl', ['verify', '-x509_strict', ...args, ...files])
  return /: OK\n$/.test(stdout.toString()) ? 'OK' : stderr.toString()
}

/** What `openssl x509 -text` prints. */
export const textOf = (pem: string): string =>
  openssl(['x509', '-noout', '-text', '-nameopt', 'utf8'], Buffer.from(pem)).toString()

/** A certificate that our code would never write, signed by the authority's own key. */
export async function forge(
  { certificate, signingKey }: Pick<Authority, 'certificate' | 'signingKey'>,
  commonName: string,
  extensions: (library: X509Library) => Extension[],
) {
  const key = makeKey()
  const publicKeyDer = openssl(['pkey', '-pubout', '-outform', 'DER'], key)
  const der = await writeCertificate(
    { ...certificate, signingKey },
    {
      serialNumber: newSerialNumber(systemRandom),
      subject: [['CN', commonName]],
      validFrom: inDays(-1),
      validTo: inDays(1),
      publicKeyDer,
      extensions,
    },
  )
  return { certificatePem: writePem('CERTIFICATE', der), privateKeyPem: key.toString() }
}

/** Somebody with a key and a certificate, as one who signs. */
export const signerOf = async ({
  certificatePem,
  privateKeyPem,
}: Awaited<ReturnType<typeof forge>>) => ({
  certificate: parseCertificate(derOf(Buffer.from(certificatePem))),
  signingKey: await importSigningKey(derOf(Buffer.from(privateKeyPem))),
})

/** A certificate with its key, both PEM. */
export interface Identity {
  readonly certificatePem: string
  readonly privateKeyPem?: string | undefined
}

/** Whom the server saw, or why it refuses. */
export interface Handshake {
  readonly isAuthorized: boolean
  readonly reason: string | undefined
  readonly serialNumber: string | undefined
}

/**
 * One TLS connection to a listener that asks for a client certificate of the authority. The client
 * verifies the server; what the server thinks of the client is told, as `rejectUnauthorized` would
 * act upon it.
 */
export async function handshake(
  authority: Authority,
  client: Identity | undefined,
  options: {
    readonly server?: Identity
    readonly crl?: string
    readonly host?: string
    readonly servername?: string
  } = {},
): Promise<Handshake> {
  const { crl, host = '127.0.0.1', servername } = options
  const server = options.server ?? (await issueServerCertificate(authority, chance))
  const ca = authority.certificatePem
  const listener = createServer({
    ...{ key: server.privateKeyPem, cert: server.certificatePem, ca },
    ...{ requestCert: true, rejectUnauthorized: false, ...(crl && { crl }) },
  })
  const seen = new Promise<Handshake>((resolve) => {
    listener.on('secureConnection', (socket: TLSSocket) => {
      resolve({
        isAuthorized: socket.authorized,
        reason: socket.authorizationError?.toString(),
        serialNumber: socket.getPeerX509Certificate()?.serialNumber,
      })
      socket.end()
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, host, resolve))
  const { port } = listener.address() as AddressInfo
  try {
    await new Promise<void>((resolve, reject) => {
      const key = client && { key: client.privateKeyPem, cert: client.certificatePem }
      const socket = connect({ host, port, ca, ...key, ...(servername && { servername }) })
      socket.once('error', reject).once('close', () => resolve())
      socket.resume()
    })
    return await seen
  } finally {
    listener.close()
  }
}

/** Whether two certificates are the same, and what ours reads in one. */
export const infoOf = (pem: string) => parseCertificate(derOf(Buffer.from(pem))).info
