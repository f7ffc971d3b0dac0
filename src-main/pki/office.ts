import { createHash } from 'node:crypto'
import { CredentialId } from '../contract/access'
import type { EpochMs, VaultId } from '../contract/model'
import type { Clock, RandomBytes } from '../env'
import { createAuthority, openAuthority, type Authority, type StoredAuthority } from './authority'
import { issueClientCertificate, issueServerCertificate } from './certificate-issuing'
import { fittingName } from './certificate-name'
import { makePkcs12 } from './credential-tools'
import { findPemBlocks } from './pem'
import { issueRevocationList, type Revocation } from './revocation-list'

/** What signing depends on. */
interface Environment {
  readonly clock: Clock
  readonly random: RandomBytes
}

/** Makes the certificates of a vault. It is the `CertificateOffice` of `kv/`. */
export function certificateOffice(environment: Environment) {
  const { clock, random } = environment
  return {
    async makeAuthority({ id, label }: { readonly id: VaultId; readonly label: string }) {
      const request = { vaultId: id, label: fittingName(label), now: clock.now(), random }
      const { certificate, privateKey } = await createAuthority(request)
      return { certificate, privateKey }
    },

    async openAuthority(stored: StoredAuthority) {
      return new Desk(await openAuthority(stored), environment)
    },

    async bundle(client: Bundle): Promise<Uint8Array> {
      const { name, certificate, privateKey, authority, password } = client
      const file = (text: string) => ({ name: 'client', bytes: new TextEncoder().encode(text) })
      return makePkcs12({
        files: [certificate, privateKey, authority].map(file),
        password,
        friendlyName: bagName(name),
        profile: 'modern',
        random,
        now: clock.now(),
      })
    },
  }
}

interface Bundle {
  readonly name: string
  readonly certificate: string
  readonly privateKey: string
  readonly authority: string
  readonly password: string
}

/** An authority that can sign. */
class Desk {
  readonly certificate: string
  readonly fingerprint: string
  readonly endsAt: EpochMs

  constructor(
    private readonly authority: Authority,
    private readonly environment: Environment,
  ) {
    const { info } = authority.certificate
    this.certificate = authority.certificatePem
    this.fingerprint = info.sha256Fingerprint
    this.endsAt = info.validTo
  }

  async issueServer(options: { readonly endsAt: EpochMs; readonly hasAddresses: boolean }) {
    const { endsAt, hasAddresses } = options
    const request = { ...this.#chance, hasAddresses, notAfter: endsAt }
    const issued = await issueServerCertificate(this.authority, request)
    const { certificatePem, privateKeyPem, info } = issued
    return { certificate: certificatePem, privateKey: privateKeyPem, endsAt: info.validTo }
  }

  async issueClient(request: {
    readonly okmsDomainId: VaultId
    readonly name?: string
    readonly endsAt: EpochMs
    readonly csr?: Uint8Array
  }) {
    const { endsAt, ...rest } = request
    const asked = { ...rest, ...this.#chance, notAfter: endsAt }
    const issued = await issueClientCertificate(this.authority, asked)
    const { id, name, certificatePem, privateKeyPem, info } = issued
    return {
      id: CredentialId.parse(id),
      name,
      certificate: certificatePem,
      ...(privateKeyPem === undefined ? {} : { privateKey: privateKeyPem }),
      hash: hashOf(certificatePem),
      endsAt: info.validTo,
    }
  }

  async listRevoked(list: {
    readonly number: number
    readonly revoked: readonly Revocation[]
  }): Promise<string> {
    const { now } = this.#chance
    return (await issueRevocationList(this.authority, { ...list, now })).pem
  }

  get #chance() {
    const { clock, random } = this.environment
    return { now: clock.now(), random }
  }
}

function hashOf(pem: string): Uint8Array {
  const [block] = findPemBlocks(new TextEncoder().encode(pem))
  if (block?.der === undefined) throw new Error('a certificate was written that is none')
  return new Uint8Array(createHash('sha256').update(block.der).digest())
}

/** PKCS#12 counts in the first 65,536 characters of Unicode. */
function bagName(name: string): string {
  return name.replace(/[\ud800-\udfff]/g, '').slice(0, 128)
}
