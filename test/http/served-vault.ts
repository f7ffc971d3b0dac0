import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, request as secureRequest, type RequestOptions } from 'node:https'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { fullScope } from '../../src-main/contract/access'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import { createVaultListener, type VaultListenerParts } from '../../src-main/http/vault-listener'
import { certificateOffice } from '../../src-main/pki/office'
import { LocalAccess } from '../../src-main/stores/local-access'
import { vaultToServe } from '../../src-main/stores/served-vault'
import { LocalVault } from '../../src-main/vault/local-vault'
import { cheapKdf, passphrase, secretMount, temporaryFolder } from '../vault/new-vault'

/** A reply, read. */
export interface WireReply {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
}

/** A vault with one secret, `secret/a` with `n` 1, and its listener, which is yet to start. */
export async function vaultWithListener(more: Partial<VaultListenerParts> = {}) {
  const folder = temporaryFolder()
  const environment = { clock: systemClock, random: systemRandom }
  const file = join(folder, 'test.coffret')
  const options = { ...environment, file, busyTimeoutMs: 2000 }
  const { vault } = await LocalVault.create({ ...options, passphrase, kdf: cheapKdf })
  onTestFinished(() => vault.close())
  await vault.store(secretMount).write(SecretPath.parse('a'), {
    ...{ mode: 'upsert', data: SecretData.parse('{"n":1}') },
  })
  const access = new LocalAccess(vault, { ...environment, office: certificateOffice(environment) })
  const listener = createVaultListener({
    ...{ ...environment, version: '0.1.0', drainMs: 3000 },
    vault: () => vaultToServe(vault, { revoke: (id) => access.revoke(id) }),
    identity: () => access.serverIdentity(),
    ...more,
  })
  onTestFinished(() => listener.stop())
  const { token, credential } = access.issueToken({ name: 'test', scope: fullScope })
  const { authority } = await access.serverIdentity()
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, authority)
  const ask = (path: string, sending: RequestOptions & { body?: string } = {}) =>
    send({ ca: authority, headers: { 'X-Vault-Token': token }, ...sending, path }, listener.status)
  return { folder, file, vault, access, listener, token, credential, authority, caFile, ask }
}

/** One request. @throws Error when the connection fails */
export function send(
  options: RequestOptions & { readonly body?: string },
  where?: { readonly port: number },
): Promise<WireReply> {
  const { body, ...rest } = options
  return new Promise((resolve, reject) => {
    const request = secureRequest({ host: '127.0.0.1', ...where, ...rest }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('error', reject)
      response.on('close', () => {
        if (!response.complete) reject(new Error('the answer was cut off'))
        else resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** A TLS connection to the listener, for raw bytes. */
export async function rawConnection(port: number, authority: string, host = '127.0.0.1') {
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

/** Connections that are kept. */
export function keptConnections(authority: string, count: number): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: count, ca: authority })
  onTestFinished(() => agent.destroy())
  return agent
}

/** Where programs of this machine listen, as `address:port` in the kernel's form. */
export function listenedAt(): string[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    readFileSync(table, 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/ +/))
      .filter(([, , , state]) => state === '0A')
      .map(([, local = '']) => local),
  )
}
