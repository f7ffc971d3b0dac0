import { DomainId, DomainProfile, type DomainDraft } from '../../contract/domain'
import type { DomainSummary } from '../../contract/domain-calls'
import type { StepResult } from '../../contract/connection-test'
import { CoffretError } from '../../contract/errors'
import type { StoreId, VaultId } from '../../contract/model'
import { compareBytes } from '../../kv/byte-order'
import type { DomainSecret } from '../../kv/domain-book'
import { testConnection } from '../../remote/connection-test'
import { checkCredential } from '../../remote/credential-check'
import type { DomainEnvironment } from '../../remote/remote-domain'
import { authoritiesOf } from '../../remote/trust'
import type { LocalVault } from '../../vault/local-vault'
import { randomUuid } from '../../vault/uuid'
import { paced } from '../copy/paced'
import { OpenDomain } from './open-domain'

/** What the domains stand on. */
export interface DomainsOptions extends DomainEnvironment {
  /** The vaults that are unlocked. */
  unlocked(): readonly LocalVault[]
  /** Domains are others, or answer otherwise; while a list arrives, some times a second. */
  onChange(): void
  /** Secrets of a store arrived. */
  onSecrets(store: StoreId): void
}

/** At most so often somebody hears that secrets arrive. */
const arrivalsEveryMs = 400

/** The domains that unlocked vaults lead to, each of whose mounts is one store. */
export class Domains {
  readonly #open = new Map<DomainId, OpenDomain>()

  constructor(private readonly options: DomainsOptions) {}

  /** By label. */
  list(): DomainSummary[] {
    return this.#all()
      .map((domain) => domain.summary())
      .sort((a, b) => compareBytes(a.label, b.label))
  }

  /** The domains that are there; those of vaults that were locked are not. */
  all(): readonly OpenDomain[] {
    return this.#all()
  }

  /** The domain that a store is of; undefined for a store of a vault, or one that is not there. */
  ofStore(store: StoreId): OpenDomain | undefined {
    return this.ofId(store.slice(0, store.indexOf('/')))
  }

  /** Undefined when no unlocked vault keeps it. */
  ofId(id: string): OpenDomain | undefined {
    const known = this.#open.get(id as DomainId)
    if (known !== undefined && !known.vault.isLocked) return known
    return this.#all().find(({ profile }) => profile.id === id)
  }

  /** @throws CoffretError `not_found` */
  find(id: DomainId): OpenDomain {
    const found = this.ofId(id)
    if (found === undefined)
      throw new CoffretError('not_found', 'no unlocked vault has this domain')
    return found
  }

  /**
   * Keeps a domain. Nothing is sent.
   * @throws CoffretError as `checkCredential`, and as `DomainBook.add`
   */
  add(vault: LocalVault, draft: DomainDraft, secret: DomainSecret): DomainSummary {
    const id = DomainId.parse(randomUuid(this.options.random))
    vault.domains.add(this.#checked(withAuth(id, draft, secret), secret), secret)
    return this.#changed(id)
  }

  /** @throws CoffretError `not_found`, `invalid` for another kind of server, and as {@link add} */
  change(id: DomainId, draft: DomainDraft): DomainSummary {
    const { vault, profile: before } = this.find(id)
    // Its stores would be others under the same names.
    if ((before.kind === 'vault') !== (draft.kind === 'vault')) {
      throw new CoffretError('invalid', 'a domain stays the kind of server it is', {
        field: 'draft.kind',
      })
    }
    const secret = vault.domains.secretOf(id)
    const profile = withAuth(id, draft, secret)
    // A certificate that has ended is no reason to keep the old label.
    const isOther = okmsIdOf(profile) !== okmsIdOf(before)
    const { expiresAt } = before
    if (isOther) vault.domains.change(this.#checked(profile, secret))
    else vault.domains.change(expiresAt === undefined ? profile : { ...profile, expiresAt })
    return this.#changed(id)
  }

  /** @throws CoffretError `not_found`, and as {@link add} */
  replaceCredential(id: DomainId, secret: DomainSecret): DomainSummary {
    const { vault, profile: before } = this.find(id)
    const profile = withAuth(id, before, secret)
    vault.domains.change(this.#checked(profile, secret), secret)
    return this.#changed(id)
  }

  /** The certificate that a domain is entered with, PEM; undefined for a token. @throws CoffretError `not_found` */
  certificateOf(id: DomainId): string | undefined {
    const secret = this.find(id).vault.domains.secretOf(id)
    return secret.kind === 'certificate' ? secret.certificate : undefined
  }

  /** @throws CoffretError `not_found` */
  remove(id: DomainId): void {
    const { vault } = this.find(id)
    vault.domains.remove(id)
    this.#leave(id)
    this.options.onChange()
  }

  /**
   * Tries a connection.
   * @param entry the credential, or the domain whose own is taken
   * @throws CoffretError `invalid`, `not_found`
   */
  test(draft: DomainDraft, entry: DomainSecret | DomainId): AsyncGenerator<StepResult> {
    const secret =
      typeof entry === 'string' ? this.find(entry).vault.domains.secretOf(entry) : entry
    const id = DomainId.parse(randomUuid(this.options.random))
    return testConnection(withAuth(id, draft, secret), secret, this.options)
  }

  /** Vaults were locked or unlocked: domains that are not there any more are left. */
  follow(): void {
    this.#all()
  }

  /** Before vaults are locked: ends what runs, and lets the credentials go. */
  leave(vault?: VaultId): void {
    for (const [id, domain] of this.#open) {
      if (vault === undefined || domain.vault.id === vault) this.#leave(id)
    }
  }

  /** @returns the profile with the end of its certificate @throws CoffretError as `checkCredential` */
  #checked(profile: DomainProfile, secret: DomainSecret): DomainProfile {
    authoritiesOf(profile.authorities)
    const info = checkCredential(profile, secret, this.options.clock.now())
    return info === undefined ? profile : { ...profile, expiresAt: info.validTo }
  }

  #leave(id: DomainId): void {
    this.#open.get(id)?.close()
    this.#open.delete(id)
  }

  /** What was opened with the old profile or secret is left. */
  #changed(id: DomainId): DomainSummary {
    this.#leave(id)
    const summary = this.find(id).summary()
    this.options.onChange()
    return summary
  }

  /** As the vaults have them now: another program may have changed one. */
  #all(): readonly OpenDomain[] {
    const found = this.options.unlocked().flatMap(domainsOf)
    for (const [id, { vault, profile }] of this.#open) {
      const isSame = found.some(
        (one) => one.vault === vault && JSON.stringify(one.profile) === JSON.stringify(profile),
      )
      if (!isSame) this.#leave(id)
    }
    for (const { vault, profile } of found) {
      if (!this.#open.has(profile.id)) this.#open.set(profile.id, this.#opened(vault, profile))
    }
    return [...this.#open.values()]
  }

  #opened(vault: LocalVault, profile: DomainProfile): OpenDomain {
    const { clock, onChange, onSecrets } = this.options
    const paces = new Map<StoreId, (isEnd: boolean) => void>()
    const newPace = (store: StoreId) => {
      const tell = paced(clock, arrivalsEveryMs, () => {
        onSecrets(store)
        onChange()
      })
      return (isEnd: boolean) => tell(isEnd ? { done: 1, total: 1 } : { done: 0, total: 1 })
    }
    return new OpenDomain(vault, profile, {
      ...this.options,
      onSecrets: (store, isEnd) => {
        const pace = paces.get(store) ?? newPace(store)
        paces.set(store, pace)
        pace(isEnd)
      },
    })
  }
}

/** Those of one vault; none where they cannot be read, which the check of the vault says. */
function domainsOf(vault: LocalVault): { vault: LocalVault; profile: DomainProfile }[] {
  try {
    return vault.domains.list().map((profile) => ({ vault, profile }))
  } catch (error) {
    if (error instanceof CoffretError) return []
    throw error
  }
}

/** @throws CoffretError `invalid` for a server that does not take this kind of credential */
function withAuth(
  id: DomainId,
  draft: DomainDraft | DomainProfile,
  { kind }: DomainSecret,
): DomainProfile {
  const parsed = DomainProfile.safeParse({ ...draft, id, auth: kind, expiresAt: undefined })
  if (parsed.success) return parsed.data
  throw new CoffretError('invalid', `this server takes no ${kind}`, { field: 'credential' })
}

function okmsIdOf(profile: DomainProfile): VaultId | undefined {
  return profile.kind === 'vault' ? undefined : profile.okmsId
}
