import { maxExpiryWarnings } from '../../contract/settings'
import type { DomainSummary, WithinDays } from '../../contract/domain-calls'
import type { EpochMs } from '../../contract/model'
import type { Clock } from '../../env'
import { newWarnings, rememberWarnings } from '../../kv/expiry-rules'
import type { SettingsFile } from '../../kv/settings-file'

/** A certificate of a domain that ends soon, or has ended. */
export interface ExpiryNotice {
  readonly domain: DomainSummary['id']
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
  /** Tells people. */
  tell(notice: ExpiryNotice): void
}

/** Tells of each threshold once on this computer, also after a restart. */
export class ExpiryWatch {
  constructor(private readonly ports: ExpiryWatchPorts) {}

  /** Looks now. To be called when vaults are unlocked, and some times a day. */
  check(): void {
    const { clock, settings, domains, tell } = this.ports
    const all = domains()
    const ending = all.flatMap(({ id, credentialEndsAt: endsAt }) =>
      endsAt === undefined ? [] : [{ id, endsAt }],
    )
    const { expiryWarnings: given } = settings.read()
    const added = newWarnings(ending, given, clock.now())
    if (added.length === 0) return
    // Remembered first: who is told twice stops listening.
    settings.change({ expiryWarnings: rememberWarnings(given, added, maxExpiryWarnings) })
    for (const { id, endsAt, withinDays } of added) {
      const label = all.find((one) => one.id === id)?.label ?? ''
      tell({ domain: id, label, endsAt, withinDays })
    }
  }
}
