import { constants } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fullScope } from '../../../src-main/contract/access'
import { systemClock as clock, systemRandom as random } from '../../../src-main/env'
import { defaultLimits } from '../../../src-main/http/listener'
import { createVaultListener } from '../../../src-main/http/vault-listener'
import { certificateOffice } from '../../../src-main/pki/office'
import { systemTimers } from '../../../src-main/shell/timers'
import {
  accessOfVaults,
  type LocalAccess,
  type ServerIdentity,
} from '../../../src-main/stores/local-access'
import { vaultToServe } from '../../../src-main/stores/served-vault'
import { jobThreads } from '../../../src-main/vault/jobs/job-threads'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { dataSize } from '../fixture'
import type { Target } from './order'
import type { ServerKind, ServerOrder, ServerReport } from './server'

/** A program that serves one vault, or a constant, until the one that started it is gone. */
async function main(): Promise<void> {
  const [order] = (await once(process, 'message')) as [ServerOrder]
  const vault = LocalVault.open({
    ...{ file: order.file, clock, random, sharesTurns: true, audit: { after: systemTimers.after } },
    jobs: jobThreads(join(__dirname, 'vault-worker.cjs')),
  })
  await vault.unlockWithRecoveryWords(order.words)
  const access = accessOfVaults({ office: certificateOffice({ clock, random }), clock, random })(
    vault,
  )
  const target = await start(order.kind, vault, access)
  const say = (report: ServerReport) => void process.send?.(report)
  process.on('message', () => {
    globalThis.gc?.()
    say({ kind: 'memory', resident: process.memoryUsage().rss })
  })
  process.on('disconnect', () => {
    vault.close()
    process.exit()
  })
  say({ kind: 'ready', target })
}

async function start(kind: ServerKind, vault: LocalVault, access: LocalAccess): Promise<Target> {
  const { authority } = await access.serverIdentity()
  const { token } = access.issueToken({ name: 'bench', scope: fullScope })
  const port =
    kind === 'bare'
      ? await listenBare(await access.serverIdentity())
      : await listen(vault, access, kind === 'logged')
  return { port, authority, headers: [`Host: 127.0.0.1:${port}`, `X-Vault-Token: ${token}`] }
}

async function listen(vault: LocalVault, access: LocalAccess, hasAudit: boolean): Promise<number> {
  const listener = createVaultListener({
    ...{ clock, random, version: 'bench', vault: () => vaultToServe(vault, { hasAudit }) },
    identity: () => access.serverIdentity(),
    onFault: (error) => console.error(error),
  })
  return (await listener.start({ port: 0 })).port
}

/** What Node costs by itself: the same settings of TLS, and an answer that is always the same. */
async function listenBare(identity: ServerIdentity): Promise<number> {
  const body = Buffer.alloc(dataSize, 'x')
  const server = createServer(
    {
      ...{ key: identity.privateKey, cert: identity.certificate, ca: identity.authority },
      ...{ minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET },
      ...{ requestCert: true, rejectUnauthorized: false, noDelay: true },
      // As long as ours: servers take turns.
      keepAliveTimeout: defaultLimits.idleMs,
    },
    (_request, response) => {
      const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length }
      response.writeHead(200, headers).end(body)
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

void main()
