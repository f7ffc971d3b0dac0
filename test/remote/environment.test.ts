import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VaultId } from '../../src-main/contract/model'
import { behaviours, HostileServer } from '../support/hostile-server'
import { TestAuthority } from '../support/tls-identities'

const folder = mkdtempSync(join(tmpdir(), 'coffret-environment-'))
const authorityFile = join(folder, 'authority.pem')
let server: HostileServer

beforeAll(async () => {
  const nobody = VaultId.parse('00000000-0000-0000-0000-000000000000')
  const authority = await TestAuthority.create(nobody)
  writeFileSync(authorityFile, authority.pem)
  server = await HostileServer.listen({ identity: await authority.server() })
  server.behave = behaviours.answers({}, 204)
  await build({
    ...{ configFile: false, logLevel: 'silent', root: folder },
    build: {
      ssr: fileURLToPath(new URL('reach-server.ts', import.meta.url)),
      ...{ outDir: folder, emptyOutDir: false, target: 'node18' },
      rollupOptions: { output: { entryFileNames: 'reach-server.mjs' } },
    },
    ssr: { noExternal: true },
  })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = (environment: Readonly<Record<string, string>>, ...more: readonly string[]) =>
  new Promise<string>((resolve) => {
    const args = [join(folder, 'reach-server.mjs'), server.address, ...more]
    const env = { ...process.env, ...environment, NODE_NO_WARNINGS: '1' }
    execFile(process.execPath, args, { env }, (_error, out) => resolve(out))
  })

test.each<Readonly<Record<string, string>>>([
  {},
  { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  { NODE_EXTRA_CA_CERTS: authorityFile },
  { SSL_CERT_FILE: authorityFile, NODE_OPTIONS: '--use-openssl-ca' },
  { SSL_CERT_DIR: folder, NODE_OPTIONS: '--use-openssl-ca' },
])('R-01: a program that begins with %j trusts no further server', async (environment) => {
  expect(await run(environment)).toBe('server_certificate_unknown')
})

test('R-01: proxies of the environment are not used', async () => {
  const proxy = 'http://127.0.0.1:9'
  const environment = { HTTPS_PROXY: proxy, https_proxy: proxy, NODE_USE_ENV_PROXY: '1' }
  expect(await run(environment, authorityFile)).toBe('204')
})
