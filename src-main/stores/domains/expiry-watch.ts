import type { DomainSummary, WithinDays } from '../../contract/domain-calls'
import { CoffretError } from '../../contract/errors'
import type { KeptCertificate } from '../../contract/kept-certificate'
import type { EpochMs } from '../../contract/model'
import { maxExpiryWarnings } from '../../contract/settings'
import type { Clock } from '../../env'
import { newWarnings, rememberWarnings, type Expiring } from '../../kv/expiry-rules'
import type { SettingsFile } from '../../kv/settings-file'
import type { LocalVault } from '../../vault/local-vault'

/** A certificate that ends soon, or has ended. */
export interface ExpiryNotice {
  /** Of the domain that is entered with it, or its own name in the list of certificates. */
  readonly label: string
  readonly endsAt: EpochMs
  readonly withinDays: WithinDays
}

/** What the watch stands on. */
export interface ExpiryWatchPorts {
  readonly clock: Clock
  readonly settings: SettingsFile
  /** The domains of unlocked vaults: of others nothing is known. */
  domains(): readonly DomainSummary[]
  /** The certificates that unlocked vaults keep. */
  certificates(): readonly KeptCertificate[]
  /** Tells people. */
  tell(notice: ExpiryNotice): void
}

/** The certificates that vaults keep; none of a vault whose list cannot be read, which says so elsewhere. */
export function certificatesIn(vaults: readonly LocalVault[]): readonly KeptCertificate[] {
  return vaults.flatMap(({ keptCertificates }) => {
    try {
      return keptCertificates.list()
    } catch (error) {
      if (error instanceof CoffretError) return []
      throw error
    }
  })
}

/** Tells of each threshold once on this computer, also after a restart. */
export class ExpiryWatch {
  constructor(private readonly ports: ExpiryWatchPorts) {}

  /** Looks now. To be called when vaults are unlocked, and some times a day. */
  check(): void {
    const { clock, settings, tell } = this.ports
    const ending = this.#ending()
    const { expiryWarnings: given } = settings.read()
    const added = newWarnings(ending, given, clock.now())
    if (added.length === 0) return
    // Remembered first: who is told twice stops listening.
    settings.change({ expiryWarnings: rememberWarnings(given, added, maxExpiryWarnings) })
    for (const { id, endsAt, withinDays } of added) {
      const label = ending.find((one) => one.id === id)?.label ?? ''
      tell({ label, endsAt, withinDays })
    }
  }

  #ending(): readonly (Expiring & { readonly label: string })[] {
    const domains = this.ports
      .domains()
      .flatMap(({ id, label, credentialEndsAt: endsAt }) =>
        endsAt === undefined ? [] : [{ id, label, endsAt }],
      )
    // The very certificate that a domain is entered with is told of once, by the name of the domain.
    const isOfDomain = ({ validTo }: KeptCertificate) =>
      domains.some(({ endsAt }) => endsAt === validTo)
    const kept = this.ports.certificates().filter((one) => !isOfDomain(one))
    return [
      ...domains,
      ...kept.map(({ id, name, validTo }) => ({ id, label: name, endsAt: validTo })),
    ]
  }
}
