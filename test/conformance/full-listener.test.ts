import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { fullScope } from '../../src-main/contract/access'
import { DomainProfile, type DomainKind } from '../../src-main/contract/domain'
import { MountName, type Capability, type EpochMs } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import { createVaultListener } from '../../src-main/http/vault-listener'
import type { DomainSecret } from '../../src-main/kv/domain-book'
import { certificateOffice } from '../../src-main/pki/office'
import { RemoteDomain } from '../../src-main/remote/remote-domain'
import { LocalAccess } from '../../src-main/stores/local-access'
import { vaultToServe } from '../../src-main/stores/served-vault'
import { LocalVault } from '../../src-main/vault/local-vault'
import { cheapKdf, passphrase } from '../vault/new-vault'
import { describeSecretStore, type StoreUnderTest } from './secret-store'

/** How a client of the vault speaks, and which credential of it it has. */
interface Way {
  readonly kind: DomainKind
  readonly mount: 'secret' | 'kv'
  readonly with: 'certificate' | 'token'
}

/**
 * A store of a client that goes through all that the app puts before a vault: TLS by the vault's own authority,
 * the guard, credentials, the audit log.
 */
function makeStore(way: Way) {
  return async (): Promise<StoreUnderTest> => {
    const folder = mkdtempSync(join(tmpdir(), 'coffret-conformance-'))
    let now = systemClock.now()
    const environment = { clock: { now: () => now }, random: systemRandom }
    const file = join(folder, 'test.coffret')
    const { vault } = await LocalVault.create({ ...environment, file, passphrase, kdf: cheapKdf })
    const office = certificateOffice(environment)
    const access = new LocalAccess(vault, { ...environment, office })
    const listener = createVaultListener({
      ...{ ...environment, version: '0.1.0', drainMs: 3000 },
      vault: () => vaultToServe(vault),
      identity: () => access.serverIdentity(),
    })
    const { address } = await listener.start({ port: 0 })
    const { authority: pem } = await access.serverIdentity()
    const profile = DomainProfile.parse({
      ...{ id: vault.id, label: 'test', kind: way.kind, address, auth: way.with },
      authorities: { kind: 'own', pem, withPublic: false },
      ...(way.kind === 'vault' ? {} : { okmsId: vault.id }),
    })
    const domain = new RemoteDomain(profile, await credentialOf(access, way), {
      ...environment,
      after: (ms, work) => {
        const timer = setTimeout(work, ms)
        return () => clearTimeout(timer)
      },
    })
    const close = async () => {
      domain.close()
      await listener.stop()
      expectAudited(vault)
      vault.close()
      rmSync(folder, { recursive: true, force: true })
    }
    const mount = { name: MountName.parse(way.mount), version: way.mount === 'kv' ? 1 : 2 } as const
    const advance = (ms: number) => void (now = (now + ms) as EpochMs)
    return { store: domain.store(mount), advance, close }
  }
}

/** Every call has left its line, and each names the credential and the user. */
function expectAudited(vault: LocalVault): void {
  const { lines } = vault.audit.page({ limit: 1000 })
  const callers = lines.map(({ who, peer }) =>
    'name' in who ? `${who.name} ${peer?.uid}` : who.kind,
  )
  expect(
    [...new Set(callers)].filter((caller) => caller !== `conformance ${process.getuid?.()}`),
  ).toEqual([])
  expect(vault.audit.check().brokenAt).toBeUndefined()
}

async function credentialOf(access: LocalAccess, way: Way): Promise<DomainSecret> {
  const request = { name: 'conformance', scope: fullScope }
  if (way.with === 'token') return { kind: 'token', token: access.issueToken(request).token }
  const { certificate, privateKey = '' } = await access.issueCertificate(request)
  return { kind: 'certificate', certificate, privateKey }
}

// `mtls-client.test.ts` has the other ways to speak, on the listener's TLS alone.
const versioned: readonly Capability[] = [
  ...(['write', 'versions', 'cas', 'metadata', 'settings', 'states'] as const),
  'emptyData',
]

describeSecretStore(
  'OKMS REST through the whole listener',
  makeStore({ kind: 'okms-rest', mount: 'secret', with: 'certificate' }),
  [...versioned, 'exactText'],
)
describeSecretStore(
  'Vault KV2 through the whole listener',
  makeStore({ kind: 'vault', mount: 'secret', with: 'certificate' }),
  [...versioned, 'anyName', 'emptySecrets'],
)
describeSecretStore(
  'Vault KV1 through the whole listener, with a token',
  makeStore({ kind: 'vault', mount: 'kv', with: 'token' }),
  ['write', 'anyName'],
)
