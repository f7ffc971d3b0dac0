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
  StoreId,
  VersionMetadata,
  VersionNumber,
  VersionState,
} from '../contract/model'
import type { SecretBin } from '../kv/secret-bin'
import type {
  NextVersion,
  Page,
  PageRequest,
  SecretStore,
  WriteOutcome,
  WriteRequest,
} from '../kv/secret-store'
import type { RemoteDialect, VersionedDialect } from './remote-dialect'

/**
 * A store on a server: a thin client of one dialect. What the dialect cannot do is refused here, before
 * anything is sent.
 */
export class RemoteStore implements SecretStore {
  constructor(
    readonly id: StoreId,
    private readonly dialect: RemoteDialect,
  ) {}

  capabilities(): readonly Capability[] {
    return this.dialect.capabilities
  }

  async list(folder: FolderPath, page: PageRequest = {}): Promise<Page<ListEntry>> {
    checkPage(page)
    return this.dialect.list(folder, page)
  }

  async listAll(page: PageRequest = {}): Promise<Page<SecretSummary>> {
    checkPage(page)
    return this.dialect.listAll(page)
  }

  async readMetadata(path: SecretPath): Promise<SecretMetadata> {
    return this.#versioned('metadata').readMetadata(path)
  }

  async readVersion(path: SecretPath, version?: VersionNumber): Promise<SecretVersion> {
    return this.dialect.readVersion(path, version)
  }

  async write(path: SecretPath, request: WriteRequest): Promise<WriteOutcome> {
    if (request.cas !== undefined) this.#demand('cas')
    if (request.settings !== undefined) this.#demand('settings')
    if (request.patch !== undefined) this.#demand('versions')
    checkForm(request)
    return this.dialect.write(path, request)
  }

  async addVersion(path: SecretPath, next: NextVersion): Promise<number> {
    return this.#versioned('cas').addVersion(path, next)
  }

  async setState(
    path: SecretPath,
    versions: readonly VersionNumber[] | 'current',
    state: VersionState,
  ): Promise<readonly VersionMetadata[]> {
    return this.#versioned('states').setState(path, versions, state)
  }

  async remove(path: SecretPath): Promise<void> {
    await this.dialect.remove(path)
  }

  bin(): SecretBin {
    this.#demand('bin')
    throw new Error('no dialect has a bin')
  }

  async transfer(): Promise<void> {
    this.#demand('rename')
  }

  async readConfig(): Promise<StoreConfig> {
    return this.#versioned('settings').readConfig()
  }

  async writeConfig(change: Partial<StoreConfig>): Promise<StoreConfig> {
    return this.#versioned('settings').writeConfig(change)
  }

  #versioned(capability: Capability): VersionedDialect {
    this.#demand(capability)
    const { versioned } = this.dialect
    if (versioned === undefined) throw new Error(`a dialect with ${capability} has no versions`)
    return versioned
  }

  #demand(capability: Capability): void {
    if (this.dialect.capabilities.includes(capability)) return
    throw new CoffretError('unsupported', `this server has no ${capability}`)
  }
}

function checkPage({ limit = Infinity }: PageRequest): void {
  if (!(limit >= 1)) throw new CoffretError('invalid', 'a page has at least one item')
}

function checkForm({ data, patch, settings }: WriteRequest): void {
  if (data !== undefined && patch !== undefined) {
    throw new CoffretError('invalid', 'a write has data or a patch, not both')
  }
  if (data === undefined && patch === undefined && settings === undefined) {
    throw new CoffretError('invalid', 'a write has data, a patch or settings')
  }
}
