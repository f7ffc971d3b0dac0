import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startOpenBao } from '../../../resources/bootstrap/openbao-server.mjs'
import { DomainProfile } from '../../../src-main/contract/domain'
import { MountName, VaultId } from '../../../src-main/contract/model'
import { systemClock, systemRandom } from '../../../src-main/env'
import { testConnection } from '../../../src-main/remote/connection-test'
import { RemoteDomain } from '../../../src-main/remote/remote-domain'
import { describeSecretStore, type StoreUnderTest } from '../../conformance/secret-store'
import { data, path } from '../../conformance/store-under-test'
import type { KeyPair } from '../../../src-main/http/listener'
import { TestAuthority } from '../../support/tls-identities'
import { OpenBaoPeer } from './peers'

const id = VaultId.parse('00000000-0000-4000-8000-000000000001')
const folder = mkdtempSync(join(tmpdir(), 'coffret-login-'))
const environment = {
  ...{ clock: systemClock, random: systemRandom },
  after: (ms: number, work: () => void) => {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}
let server: Awaited<ReturnType<typeof startOpenBao>>
let authority: TestAuthority
/** Who signs for the clients: another authority than Coffret's, as servers of teams have. */
let clientAuthority: Signer
let client: KeyPair
let admin: OpenBaoPeer

interface Signer {
  readonly pem: string
  client(): KeyPair
}

/** An authority of OpenSSL, and its clients. */
function newSigner(name: string): Signer {
  const at = (ending: string) => join(folder, `${name}${ending}`)
  const make = (key: string, certificate: string, ...words: string[]) => {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    const files = ['-keyout', at(key), '-out', at(certificate)]
    const command = ['req', '-x509', ...curve, ...files, ...words]
    execFileSync('openssl', command, { stdio: 'pipe' })
  }
  make('.key', '.pem', '-subj', `/CN=${name}`)
  const read = (ending: string) => readFileSync(at(ending), 'utf8')
  const client = () => {
    const signed = ['-CA', at('.pem'), '-CAkey', at('.key'), '-subj', '/CN=client']
    make('-c.key', '-c.pem', ...signed, '-addext', 'extendedKeyUsage=clientAuth')
    return { certificate: read('-c.pem'), privateKey: read('-c.key') }
  }
  return { pem: read('.pem'), client }
}

/** A server of our own: that of the other tests knows no TLS. */
beforeAll(async () => {
  const { COFFRET_BAO: program } = process.env
  if (!program) throw new Error('no OpenBao: start these tests by npm run test:interop')
  authority = await TestAuthority.create(id)
  clientAuthority = newSigner('team')
  client = clientAuthority.client()
  const identity = await authority.server()
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  server = await startOpenBao(program, folder, {
    certFile: file('server.pem', identity.certificate),
    keyFile: file('server.key', identity.privateKey),
  })
  admin = new OpenBaoPeer(server.address, server.token)
  await done('POST sys/auth/cert', { type: 'cert' })
  const all = ['create', 'read', 'update', 'patch', 'delete', 'list', 'sudo']
  const policy = `path "*" { capabilities = ${JSON.stringify(all)} }`
  await done('POST sys/policies/acl/everything', { policy })
  await trust({})
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function done(what: `${string} ${string}`, body?: object): Promise<void> {
  const { status, text } = await admin.send(['', what, body])
  if (status >= 300) throw new Error(`${what}: ${status} ${text}`)
}

/** Who comes with a certificate of our authority logs in. */
async function trust(limits: object): Promise<void> {
  const role = { certificate: clientAuthority.pem, token_policies: ['everything'], ...limits }
  await done('POST auth/cert/certs/ours', role)
}

function profileOf(change: object = {}): DomainProfile {
  return DomainProfile.parse({
    ...{ id, label: 'OpenBao', kind: 'vault', auth: 'certificate' },
    address: server.secureAddress,
    authorities: { kind: 'own', pem: authority.pem, withPublic: false },
    ...change,
  })
}

const open = (pair = client) =>
  new RemoteDomain(profileOf(), { kind: 'certificate', ...pair }, environment)

let mounts = 0
/** A store over a mount of its own. Its clock is the server's, which nobody moves. */
const makeStore = (version: 1 | 2) => async (): Promise<StoreUnderTest> => {
  mounts += 1
  const name = `kv${version}-${mounts}`
  await done(`POST sys/mounts/${name}`, { type: 'kv', options: { version: `${version}` } })
  // A mount of version 2 is prepared after it was made.
  while (version === 2 && (await admin.send(['', `GET ${name}/config`])).status !== 200) {
    await delay(20)
  }
  const domain = open()
  const store = domain.store({ name: MountName.parse(name), version })
  const close = async () => {
    domain.close()
    await done(`DELETE sys/mounts/${name}`)
  }
  return { store, close }
}

describeSecretStore('OpenBao KV2, logged in by certificate', makeStore(2), [
  ...(['write', 'versions', 'cas', 'metadata', 'settings', 'states'] as const),
  ...(['emptyData', 'anyName', 'emptySecrets'] as const),
])
describeSecretStore('OpenBao KV1, logged in by certificate', makeStore(1), [
  ...(['write', 'anyName'] as const),
])

describe('the login', () => {
  test('is done again when its token has ended', async () => {
    await trust({ token_num_uses: 2 })
    const { store, close } = await makeStore(2)()
    for (let n = 1; n <= 6; n += 1) {
      const { version } = await store.write(path('x'), {
        ...{ mode: 'upsert', data: data(`{"n":${n}}`), cas: n - 1 },
      })
      expect(version?.version).toBe(n)
    }
    expect((await store.readVersion(path('x'))).data).toBe('{"n":6}')
    await trust({ token_num_uses: 0 })
    await close()
  })

  test('passes every step of the connection test, and is refused to a stranger', async () => {
    await done('POST secret/data/x', { data: { a: 1 } })
    const outcomes = []
    const own = { kind: 'certificate', ...client } as const
    for await (const step of testConnection(profileOf(), own, environment)) outcomes.push(step)
    expect(outcomes.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
    expect(outcomes).toHaveLength(8)
    const stranger = newSigner('stranger').client()
    let last
    const theirs = { kind: 'certificate', ...stranger } as const
    for await (const step of testConnection(profileOf(), theirs, environment)) last = step
    expect(last).toMatchObject({ step: 'accepted', reason: 'certificate_refused' })
  })
})
