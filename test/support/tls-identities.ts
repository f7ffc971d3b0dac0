import type { EpochMs, VaultId } from '../../src-main/contract/model'
import { systemClock, systemRandom } from '../../src-main/env'
import type { KeyPair, TlsIdentity } from '../../src-main/http/listener'
import { createAuthority, openAuthority, type Authority } from '../../src-main/pki/authority'
import {
  issueClientCertificate,
  issueServerCertificate,
} from '../../src-main/pki/certificate-issuing'
import { issueRevocationList } from '../../src-main/pki/revocation-list'

const dayMs = 24 * 60 * 60 * 1000

/** A client certificate with its key, PEM. */
export interface ClientPair extends KeyPair {
  /** As in `CertificateInfo`. */
  readonly serialNumber: string
}

/** An authority of tests, and what it signs. Certificates are valid by the clock of this machine. */
export class TestAuthority {
  private constructor(
    private readonly authority: Authority,
    private readonly okmsId: VaultId,
  ) {}

  static async create(okmsId: VaultId, label = 'Test'): Promise<TestAuthority> {
    const now = systemClock.now()
    const options = { vaultId: okmsId, label, now: (now - 400 * dayMs) as EpochMs }
    const stored = await createAuthority({ ...options, random: systemRandom })
    return new TestAuthority(await openAuthority(stored), okmsId)
  }

  get pem(): string {
    return this.authority.certificatePem
  }

  /** For `localhost`, `127.0.0.1` and `::1`. @param days how long it is valid from now; negative: it ended */
  async server(days = 30): Promise<TlsIdentity> {
    const notAfter = (systemClock.now() + days * dayMs) as EpochMs
    const now = (days < 0 ? notAfter - 30 * dayMs : systemClock.now()) as EpochMs
    const issued = await issueServerCertificate(this.authority, {
      ...{ now, notAfter, random: systemRandom },
    })
    const pair = { certificate: issued.certificatePem, privateKey: issued.privateKeyPem }
    return { ...pair, localhost: pair, authority: this.pem }
  }

  /** @param days as for {@link server} */
  async client(days = 30, okmsDomainId = this.okmsId): Promise<ClientPair> {
    const notAfter = (systemClock.now() + days * dayMs) as EpochMs
    const now = (days < 0 ? notAfter - 30 * dayMs : systemClock.now()) as EpochMs
    const issued = await issueClientCertificate(this.authority, {
      ...{ okmsDomainId, name: 'test', notAfter, now, random: systemRandom },
    })
    const { certificatePem, privateKeyPem = '', info } = issued
    return {
      certificate: certificatePem,
      privateKey: privateKeyPem,
      serialNumber: info.serialNumber,
    }
  }

  /** A list on which these certificates are. */
  async revoked(...clients: readonly ClientPair[]): Promise<string> {
    const now = systemClock.now()
    const revoked = clients.map(({ serialNumber }) => ({ serialNumber, revokedAt: now }))
    return (await issueRevocationList(this.authority, { revoked, number: 1, now })).pem
  }
}
