import type { DomainMount, DomainProfile } from '../contract/domain'
import { CoffretError } from '../contract/errors'
import { MountName, StoreId, type Capability } from '../contract/model'
import type { Clock, RandomBytes } from '../env'
import type { DomainSecret } from '../kv/domain-book'
import { checkCredential } from './credential-check'
import type { Deadlines } from './deadlines'
import { endedBy, type After, type Fetch } from './fetch'
import { Kv1Dialect } from './kv1-dialect'
import { Kv2Dialect } from './kv2-dialect'
import { okmsKv2, vaultKv2 } from './kv2-servers'
import { arrivals, type Arrival } from './listing-arrivals'
import { MtlsFetch } from './mtls-fetch'
import { OkmsDialect } from './okms-dialect'
import { readingBack } from './read-back'
import type { RemoteDialect } from './remote-dialect'
import { RemoteStore } from './remote-store'
import { retrying } from './retry'
import { authoritiesOf } from './trust'
import { kvMounts } from './vault-mounts'
import { loggedInByCertificate } from './vault-login'

/** On what a domain stands. */
export interface DomainEnvironment {
  readonly clock: Clock
  readonly random: RandomBytes
  readonly after: After
  readonly deadlines?: Deadlines
}

/** The one mount of an OKMS domain. */
const okmsMount: DomainMount = { name: MountName.parse('secret'), version: 2 }

/**
 * A server that keeps secrets: an OKMS domain, or a Vault server with its mounts. Nothing is sent before
 * something is asked for.
 */
export class RemoteDomain {
  readonly #server: MtlsFetch
  readonly #fetch: Fetch
  #mounts: Promise<readonly DomainMount[]> | undefined

  /**
   * @throws RemoteFailure for a credential that cannot work, see {@link checkCredential}; CoffretError
   * `invalid` for authorities that are none
   */
  constructor(
    readonly profile: DomainProfile,
    secret: DomainSecret,
    private readonly environment: DomainEnvironment,
  ) {
    const { clock, after, deadlines } = environment
    checkCredential(profile, secret, clock.now())
    this.#server = new MtlsFetch({
      ...{ address: profile.address, proxy: profile.proxy, after },
      authorities: authoritiesOf(profile.authorities),
      ...(secret.kind === 'certificate' ? { certificate: secret } : {}),
      headers: headersOf(profile, secret),
      ...(deadlines === undefined ? {} : { deadlines }),
    })
    const steady = retrying(this.#server.fetch, environment)
    const logsIn = profile.kind === 'vault' && secret.kind === 'certificate'
    this.#fetch = logsIn ? loggedInByCertificate(steady, profile.loginMount ?? 'cert') : steady
  }

  /**
   * The mounts, each of which is one store. A Vault server is asked once, until it fails.
   * @param options `again`: it is asked anew
   * @throws CoffretError
   */
  async mounts({ again = false } = {}): Promise<readonly DomainMount[]> {
    const known = mountsIn(this.profile)
    if (known !== undefined) return known
    if (again) this.#mounts = undefined
    const asked = (this.#mounts ??= kvMounts(this.#fetch))
    try {
      return await asked
    } catch (error) {
      if (this.#mounts === asked) this.#mounts = undefined
      throw error
    }
  }

  /** One store for each mount. @throws CoffretError as {@link mounts} */
  async stores(): Promise<readonly RemoteStore[]> {
    return (await this.mounts()).map((mount) => this.store(mount))
  }

  /** The store of a mount. @param signal ends whatever the store is asked */
  store(mount: DomainMount, signal?: AbortSignal): RemoteStore {
    return new RemoteStore(this.storeId(mount), this.#dialect(mount, signal))
  }

  /** @throws CoffretError `not_found` for the id of another domain, or of no mount that is known */
  async storeOf(id: StoreId): Promise<RemoteStore> {
    const found = (await this.mounts()).find((mount) => this.storeId(mount) === id)
    if (found === undefined) throw new CoffretError('not_found', 'the domain has no such store')
    return this.store(found)
  }

  storeId({ name }: DomainMount): StoreId {
    return StoreId.parse(`${this.profile.id}/${name}`)
  }

  /** Every secret of a mount as it arrives, see {@link arrivals}. The signal ends requests under way too. */
  arrivals(mount: DomainMount, signal?: AbortSignal): AsyncGenerator<Arrival> {
    return arrivals(this.#dialect(mount, signal), signal)
  }

  /** Ends what runs, and the connections. What is asked later is `cancelled`. */
  close(): void {
    this.#server.close()
  }

  #dialect(mount: DomainMount, signal: AbortSignal | undefined): RemoteDialect {
    const fetch = signal === undefined ? this.#fetch : endedBy(signal, this.#fetch)
    const { clock } = this.environment
    return readingBack(dialectOf(this.profile, mount, fetch, clock), clock)
  }
}

/** The mounts that a profile names by itself; undefined where the server is to be asked. */
export function mountsIn(profile: DomainProfile): readonly DomainMount[] | undefined {
  return profile.kind === 'vault' ? profile.mounts : [okmsMount]
}

/** What a mount's store can do: known without asking, and without a credential. */
export function capabilitiesAt(
  profile: DomainProfile,
  mount: DomainMount,
  clock: Clock,
): readonly Capability[] {
  const nowhere: Fetch = async () => {
    throw new CoffretError('unreachable', 'nothing is sent here')
  }
  return dialectOf(profile, mount, nowhere, clock).capabilities
}

function dialectOf(
  profile: DomainProfile,
  { name, version }: DomainMount,
  fetch: Fetch,
  clock: Clock,
): RemoteDialect {
  switch (profile.kind) {
    case 'okms-rest':
      return new OkmsDialect(fetch, profile.okmsId)
    case 'okms-central':
      return new OkmsDialect(fetch, profile.okmsId, 'central')
    case 'okms-kv2':
      return new Kv2Dialect(fetch, okmsKv2(profile.okmsId), clock)
    case 'vault':
      return version === 2
        ? new Kv2Dialect(fetch, vaultKv2(name), clock)
        : new Kv1Dialect(fetch, name)
  }
}

/** What every request carries. Source: okms-api 2.3, 8.3; kv-semantics 5. */
function headersOf(profile: DomainProfile, secret: DomainSecret): Readonly<Record<string, string>> {
  const token = secret.kind === 'token' ? secret.token : undefined
  if (profile.kind !== 'vault') {
    return token === undefined ? {} : { authorization: `Bearer ${token}` }
  }
  return {
    'x-vault-request': 'true',
    ...(token === undefined ? {} : { 'x-vault-token': token }),
    ...(profile.namespace === undefined ? {} : { 'x-vault-namespace': profile.namespace }),
  }
}
