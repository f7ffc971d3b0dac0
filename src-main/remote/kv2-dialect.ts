import { z } from 'zod'
import type { Duration } from '../contract/duration'
import { CoffretError } from '../contract/errors'
import type {
  Capability,
  FolderPath,
  ListEntry,
  SecretMetadata,
  SecretPath,
  SecretSummary,
  SecretVersion,
  StoreConfig,
  VersionMetadata,
  VersionNumber,
  VersionState,
} from '../contract/model'
import type { Clock } from '../env'
import type { NextVersion, Page, PageRequest, WriteOutcome, WriteRequest } from '../kv/secret-store'
import { findVersion } from '../kv/version-state'
import { readConfigWire, readMetadataWire, readVersionWire } from '../wire/kv2-reading'
import { ConfigWire, MetadataWire, SecretWire, VersionWire } from '../wire/kv2-shapes'
import type { Operation } from '../wire/operation'
import { objectOfData, secretDataOf } from '../wire/secret-data'
import { factsOf, ifThere, named } from './facts'
import type { Fetch } from './fetch'
import { configFields, settingsFields } from './kv2-fields'
import { eachPath, inBatches, listChildren, listTree, type NameServer } from './listing'
import type { RemoteDialect, VersionedDialect } from './remote-dialect'
import { ask, send } from './send'
import { checkBefore } from './write-checks'

/** The operations that this dialect sends: those of a Vault mount, or of an OKMS domain's v1. */
export type Kv2Operations = Readonly<
  Record<
    | 'readConfig'
    | 'writeConfig'
    | 'read'
    | 'write'
    | 'patch'
    | 'deactivateVersions'
    | 'activateVersions'
    | 'destroyVersions'
    | 'readMetadata'
    | 'writeMetadata'
    | 'patchMetadata'
    | 'remove',
    Operation
  >
>

/** What differs between the servers of this dialect. */
export interface Kv2Server {
  readonly capabilities: readonly Capability[]
  readonly operations: Kv2Operations
  /** The mount, or the domain: the part of every address. */
  readonly place: Readonly<Record<string, string>>
  /** Whether a null in a patch takes a word of the custom metadata away. */
  readonly removesByPatch: boolean
  durationText(duration: Duration): string
  names(fetch: Fetch, folder: FolderPath, page: PageRequest): Promise<readonly string[]>
}

/** Both wrappers, that of Vault and that of OKMS, have the reply here. */
const wrapped = <T extends z.ZodType>(data: T) => z.object({ data })
const Secret = wrapped(SecretWire)
const Version = wrapped(VersionWire)
const Metadata = wrapped(MetadataWire)
const Config = wrapped(ConfigWire)

/**
 * KV version 2. Whether a path is there is asked before a write that depends on it: between the two
 * requests another program may come first, except where check-and-set guards the write (a creation is
 * always guarded). Source: kv-semantics 2.
 */
export class Kv2Dialect implements RemoteDialect, VersionedDialect, NameServer {
  /** @param clock tells whether a version of a listed secret has reached its end */
  constructor(
    private readonly fetch: Fetch,
    private readonly server: Kv2Server,
    private readonly clock: Clock,
  ) {}

  get capabilities(): readonly Capability[] {
    return this.server.capabilities
  }

  get versioned(): VersionedDialect {
    return this
  }

  list(folder: FolderPath, page: PageRequest): Promise<Page<ListEntry>> {
    return listChildren(this, folder, page)
  }

  listAll(page: PageRequest): Promise<Page<SecretSummary>> {
    return listTree(this, page)
  }

  arriving(): AsyncGenerator<readonly SecretSummary[]> {
    return inBatches(eachPath(this))
  }

  names(folder: FolderPath, page: PageRequest): Promise<readonly string[]> {
    return named(this.server.names(this.fetch, folder, page))
  }

  facts(path: SecretPath) {
    return factsOf(this.readMetadata(path), this.clock.now())
  }

  async readMetadata(path: SecretPath): Promise<SecretMetadata> {
    const { readMetadata } = this.server.operations
    const { body } = await ask(this.fetch, readMetadata, this.#at(path), Metadata)
    return readMetadataWire(body.data)
  }

  async readVersion(path: SecretPath, version?: VersionNumber): Promise<SecretVersion> {
    const input = { ...this.#at(path), query: { version } }
    const { status, body } = await ask(this.fetch, this.server.operations.read, input, Secret)
    const metadata = readVersionWire(body.data.metadata)
    const { data } = body.data
    if (status === 200 && data !== null) {
      return { metadata, state: 'active', data: secretDataOf(data) }
    }
    return { metadata, state: metadata.destroyed ? 'deleted' : 'deactivated' }
  }

  async write(path: SecretPath, request: WriteRequest): Promise<WriteOutcome> {
    const { settings } = request
    const isPlain = request.mode === 'upsert' && settings === undefined
    const current = isPlain ? undefined : await ifThere(this.readMetadata(path))
    if (!isPlain) await checkBefore(current, request, () => this.readConfig())
    // First, since they apply to the version that is added.
    if (settings !== undefined) {
      const { patchMetadata, writeMetadata } = this.server.operations
      const fields = settingsFields(settings, current, this.server)
      const operation = fields.isPatch ? patchMetadata : writeMetadata
      await send(this.fetch, operation, { ...this.#at(path), body: fields.body })
    }
    const version = await this.#addVersion(path, request)
    const metadata = await this.readMetadata(path)
    return version === undefined ? { metadata } : { metadata, version }
  }

  async addVersion(path: SecretPath, next: NextVersion): Promise<number> {
    const added = await this.#addVersion(path, { mode: 'upsert', ...next })
    if (added === undefined) throw new Error('a write of data adds a version')
    return added.version
  }

  async setState(
    path: SecretPath,
    versions: readonly VersionNumber[] | 'current',
    state: VersionState,
  ): Promise<readonly VersionMetadata[]> {
    const before = await this.readMetadata(path)
    const wanted: readonly number[] = versions === 'current' ? [before.currentVersion] : versions
    const numbers = wanted.filter((number) => findVersion(before, number) !== undefined)
    if (numbers.length === 0) return []
    const { activateVersions, deactivateVersions, destroyVersions } = this.server.operations
    const operation = {
      active: activateVersions,
      deactivated: deactivateVersions,
      deleted: destroyVersions,
    }[state]
    await send(this.fetch, operation, { ...this.#at(path), body: { versions: numbers } })
    const after = await this.readMetadata(path)
    return after.versions.filter(({ version }) => numbers.includes(version))
  }

  async remove(path: SecretPath): Promise<void> {
    // The servers say 204 to what is not there.
    await this.readMetadata(path)
    await send(this.fetch, this.server.operations.remove, this.#at(path))
  }

  async readConfig(): Promise<StoreConfig> {
    const input = { params: this.server.place }
    const { body } = await ask(this.fetch, this.server.operations.readConfig, input, Config)
    return readConfigWire(body.data)
  }

  async writeConfig(change: Partial<StoreConfig>): Promise<StoreConfig> {
    const body = configFields(change, this.server.durationText)
    if (Object.keys(body).length > 0) {
      const input = { params: this.server.place, body }
      await send(this.fetch, this.server.operations.writeConfig, input)
    }
    return this.readConfig()
  }

  async #addVersion(path: SecretPath, request: WriteRequest): Promise<VersionMetadata | undefined> {
    const { data, patch, mode } = request
    const content = data ?? patch
    if (content === undefined) return undefined
    const { operations } = this.server
    // Nothing may be there: without this number two creations would both succeed.
    const cas = request.cas ?? (mode === 'create' ? 0 : undefined)
    const options = cas === undefined ? {} : { options: { cas } }
    const input = { ...this.#at(path), body: { data: objectOfData(content), ...options } }
    const operation = patch === undefined ? operations.write : operations.patch
    try {
      const { status, body } = await ask(this.fetch, operation, input, Version)
      if (status < 300) return readVersionWire(body.data)
    } catch (error) {
      const isLate = error instanceof CoffretError && error.code === 'cas_mismatch'
      if (!isLate || mode !== 'create' || request.cas !== undefined) throw error
      throw new CoffretError('exists', 'the secret exists', { cause: error })
    }
    throw new CoffretError('not_found', 'the current version has no data to patch')
  }

  #at(path: SecretPath) {
    return { params: { ...this.server.place, path } }
  }
}
