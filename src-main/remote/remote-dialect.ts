import type {
  Capability,
  SecretMetadata,
  SecretPath,
  SecretSummary,
  StoreConfig,
  VersionMetadata,
  VersionNumber,
  VersionState,
} from '../contract/model'
import type { NextVersion, SecretStore } from '../kv/secret-store'
import type { Facts } from './listing'

/** What a store with versions has beyond values. */
export interface VersionedDialect {
  readMetadata(path: SecretPath): Promise<SecretMetadata>
  /** See {@link SecretStore.addVersion}. */
  addVersion(path: SecretPath, next: NextVersion): Promise<number>
  setState(
    path: SecretPath,
    versions: readonly VersionNumber[] | 'current',
    state: VersionState,
  ): Promise<readonly VersionMetadata[]>
  readConfig(): Promise<StoreConfig>
  writeConfig(change: Partial<StoreConfig>): Promise<StoreConfig>
}

/**
 * How one protocol does what {@link SecretStore} asks, with its rules and its failures. None renames:
 * no server moves all versions in one step.
 */
export interface RemoteDialect extends Pick<
  SecretStore,
  'list' | 'listAll' | 'readVersion' | 'write' | 'remove'
> {
  readonly capabilities: readonly Capability[]
  /**
   * Every secret, in batches as they arrive and in the order of the server, with what comes along of
   * them. @throws CoffretError as `SecretStore.listAll`
   */
  arriving(): AsyncGenerator<readonly SecretSummary[]>
  /** What {@link arriving} left out of a secret; absent where it leaves nothing out that can be had. */
  facts?(path: SecretPath): Promise<Facts | undefined>
  /** Absent where there are no versions. */
  readonly versioned?: VersionedDialect
}
