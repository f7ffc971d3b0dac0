import { CoffretError } from '../contract/errors'
import type { SecretPath, VersionMetadata, VersionState } from '../contract/model'
import type { SecretStore, WriteRequest } from '../kv/secret-store'
import { currentVersionOf, findVersion, versionState } from '../kv/version-state'
import { cursorHeader, defaultPageSize, type PagingHeaders } from '../wire/okms-paging'
import { settingsWarnings } from '../wire/okms-rules'
import { okmsV2SecretWire, okmsV2VersionWire, type VersionSubject } from '../wire/okms-v2'
import type { StateSpelling } from '../wire/okms-v2-shapes'
import type { Caller } from './access'
import { ok, type Answer } from './answer'
import type { ApiParts } from './api'
import { listSecrets } from './list-secrets'
import type { Cursors } from './okms-paging'
import { okmsWrite } from './okms-writing'
import { Refusal } from './refusal'
import type { Place } from './route'
import { readSecret } from './secret-reading'

/** What is to be read of a secret. */
interface Wanted {
  /** The latest when absent. */
  readonly version?: number | undefined
  readonly includeData?: boolean | undefined
}

const noVersion = () => new Refusal('no_version', ['the secret has no such version'])

/** The answers of the REST API; the two prefixes differ in how they spell a state. */
export class OkmsV2Answers {
  constructor(
    private readonly parts: Pick<ApiParts, 'vault' | 'clock'>,
    private readonly cursors: Cursors,
    private readonly states: StateSpelling,
  ) {}

  /** A page of all secrets, each with its latest version and without data. */
  async list(place: Place, caller: Caller, paging: PagingHeaders): Promise<Answer> {
    const { limit, cursor } = pageOf(paging)
    const { items, next } = await listSecrets(place, caller, {
      limit,
      ...(cursor === undefined ? {} : { after: this.cursors.read('v2', cursor) }),
    })
    const secrets = items.map(({ path, metadata }) => ({
      ...this.#secret(path, metadata),
      version: this.#version(currentVersionOf(metadata)),
    }))
    return ok(secrets, this.#cursor('v2', next))
  }

  /** A secret with one version. One that has settings and no data yet is answered without. */
  async read(store: SecretStore, path: SecretPath, wanted: Wanted): Promise<Answer> {
    if (wanted.version === undefined) {
      const metadata = await store.readMetadata(path)
      if (metadata.currentVersion === 0) return ok(this.#secret(path, metadata))
    }
    const { secret, ...subject } = await readSecret(store, path, wanted.version)
    const version = this.#versionWire(subject, wanted)
    return ok({ ...this.#secret(path, secret), version })
  }

  /** @throws CoffretError as {@link SecretStore.write}; `invalid` */
  async write(store: SecretStore, path: SecretPath, request: WriteRequest): Promise<Answer> {
    const { metadata } = await okmsWrite(store, path, request)
    const warnings = settingsWarnings(request.settings ?? {}, await store.readConfig())
    return ok(this.#secret(path, metadata), { warnings })
  }

  /** The versions, the latest first. */
  async listVersions(store: SecretStore, path: SecretPath, paging: PagingHeaders): Promise<Answer> {
    const { limit, cursor } = pageOf(paging)
    const listing = `v2:${path}`
    const below = cursor === undefined ? Infinity : Number(this.cursors.read(listing, cursor))
    const { versions } = await store.readMetadata(path)
    const following = versions.filter(({ version }) => version < below).reverse()
    const page = following.slice(0, limit)
    const next = following.length > limit ? String(page.at(-1)?.version) : undefined
    return ok(
      page.map((version) => this.#version(version)),
      this.#cursor(listing, next),
    )
  }

  /** @throws CoffretError `not_found`; Refusal `no_version` */
  async readVersion(
    store: SecretStore,
    path: SecretPath,
    number: number,
    wanted: Wanted,
  ): Promise<Answer> {
    return ok(this.#versionWire(await readSecret(store, path, number), wanted))
  }

  /** @throws CoffretError as {@link SecretStore.write}; `invalid` */
  async addVersion(store: SecretStore, path: SecretPath, request: WriteRequest): Promise<Answer> {
    const { version } = await okmsWrite(store, path, request)
    if (version === undefined) throw new Error('a write of data made no version')
    return ok(this.#version(version), { warnings: [] })
  }

  /**
   * Nothing leaves the state of being deleted. Source: okms-api L25.
   * @throws CoffretError `not_found`, `invalid`; Refusal `no_version`
   */
  async setState(
    store: SecretStore,
    path: SecretPath,
    number: number,
    state: VersionState,
  ): Promise<Answer> {
    const found = findVersion(await store.readMetadata(path), number)
    if (found === undefined) throw noVersion()
    if (found.destroyed && state !== 'deleted') {
      throw new CoffretError('invalid', 'the version is deleted for good', { field: 'state' })
    }
    const [changed] = await store.setState(path, [found.version], state)
    if (changed === undefined) throw noVersion()
    return ok(this.#version(changed), { warnings: [] })
  }

  #secret(path: SecretPath, metadata: Parameters<typeof okmsV2SecretWire>[0]['metadata']) {
    return okmsV2SecretWire({ okmsId: this.parts.vault.id, path, metadata })
  }

  #version(version: VersionMetadata | undefined) {
    if (version === undefined) return undefined
    const state = versionState(version, this.parts.clock.now())
    return okmsV2VersionWire({ version, state }, this.states)
  }

  #versionWire({ version, state, data }: VersionSubject, { includeData }: Wanted) {
    return okmsV2VersionWire({ version, state, data: includeData ? data : undefined }, this.states)
  }

  #cursor(listing: string, next: string | undefined): Partial<Answer> {
    return next === undefined
      ? {}
      : { headers: { [cursorHeader]: this.cursors.make(listing, next) } }
  }
}

function pageOf(paging: PagingHeaders): { limit: number; cursor: string | undefined } {
  return {
    limit: paging['x-pagination-size'] ?? defaultPageSize,
    cursor: paging['x-pagination-cursor'],
  }
}
