import type {
  Capability,
  EpochMs,
  FolderPath,
  SecretMetadata,
  SecretPath,
  SecretSummary,
  StoreConfig,
  StoreId,
  VersionMetadata,
  VersionNumber,
  VersionState,
} from '../../contract/model'
import { CoffretError } from '../../contract/errors'
import { currentVersionOf, versionState } from '../../kv/version-state'
import type {
  NextVersion,
  PageRequest,
  SecretStore,
  TransferRequest,
  WriteRequest,
} from '../../kv/secret-store'
import type { KnownListing } from './known-listing'

/** Where a store notes what becomes of it. */
export interface StoreNotes {
  readonly id: StoreId
  readonly capabilities: readonly Capability[]
  /** The store itself. @throws CoffretError when the domain cannot be entered */
  store(): SecretStore
  /** Does work that asks the server, and notes how the domain is by its outcome. */
  noting<T>(work: () => Promise<T>): Promise<T>
  /** The list that follows what is written here. */
  readonly listing: Pick<KnownListing, 'find' | 'put' | 'drop'>
  now(): EpochMs
}

/**
 * A store of a domain, whose calls say how the domain is. Its own lists are those of the server, whole
 * and of this moment, since copies are made by them; what is browsed is a {@link KnownListing}.
 */
export class NotedStore implements SecretStore {
  readonly id: StoreId

  constructor(private readonly notes: StoreNotes) {
    this.id = notes.id
  }

  capabilities(): readonly Capability[] {
    return this.notes.capabilities
  }

  async list(folder: FolderPath, page?: PageRequest) {
    return this.#ask((store) => store.list(folder, page))
  }

  async listAll(page?: PageRequest) {
    return this.#ask((store) => store.listAll(page))
  }

  async readMetadata(path: SecretPath) {
    const metadata = await this.#ask((store) => store.readMetadata(path))
    this.#follow(path, metadata)
    return metadata
  }

  async readVersion(path: SecretPath, version?: VersionNumber) {
    return this.#ask((store) => store.readVersion(path, version))
  }

  async write(path: SecretPath, request: WriteRequest) {
    const outcome = await this.#ask((store) => store.write(path, request))
    this.notes.listing.put(this.#rowOf(path, outcome.metadata))
    return outcome
  }

  async addVersion(path: SecretPath, next: NextVersion): Promise<number> {
    const currentVersion = await this.#ask(async (store) => {
      if (store.addVersion !== undefined) return store.addVersion(path, next)
      throw new CoffretError('unsupported', 'this server adds no version by itself')
    })
    const updatedAt = this.notes.now()
    this.notes.listing.put({ path, currentVersion, updatedAt, state: 'active' })
    return currentVersion
  }

  async setState(
    path: SecretPath,
    versions: readonly VersionNumber[] | 'current',
    state: VersionState,
  ): Promise<readonly VersionMetadata[]> {
    const changed = await this.#ask((store) => store.setState(path, versions, state))
    const row = this.notes.listing.find(path)
    const current = changed.find(({ version }) => version === row?.currentVersion)
    if (row !== undefined && current !== undefined) {
      this.notes.listing.put({ ...row, state: versionState(current, this.notes.now()) })
    }
    return changed
  }

  async remove(path: SecretPath) {
    await this.#ask((store) => store.remove(path))
    this.notes.listing.drop(path)
  }

  bin() {
    return this.notes.store().bin()
  }

  async transfer(request: TransferRequest) {
    return this.#ask((store) => store.transfer(request))
  }

  async readConfig() {
    return this.#ask((store) => store.readConfig())
  }

  async writeConfig(change: Partial<StoreConfig>) {
    return this.#ask((store) => store.writeConfig(change))
  }

  #ask<T>(work: (store: SecretStore) => Promise<T>): Promise<T> {
    return this.notes.noting(() => work(this.notes.store()))
  }

  /** What was read of a secret that is listed. */
  #follow(path: SecretPath, metadata: SecretMetadata): void {
    const known = this.notes.listing.find(path)
    if (known === undefined || known.currentVersion === metadata.currentVersion) return
    this.notes.listing.put(this.#rowOf(path, metadata))
  }

  #rowOf(path: SecretPath, metadata: SecretMetadata): SecretSummary {
    // A store without metadata makes up its own; they are no facts of the server.
    if (!this.capabilities().includes('metadata')) return { path }
    const current = currentVersionOf(metadata)
    const { currentVersion, updatedAt } = metadata
    const state = current === undefined ? {} : { state: versionState(current, this.notes.now()) }
    return { path, currentVersion, updatedAt, ...state }
  }
}
