import type {
  Capability,
  SecretMetadata,
  SecretPath,
  StoreConfig,
  VersionMetadata,
  VersionNumber,
  VersionState,
} from '../contract/model'
import type { SecretStore } from '../kv/secret-store'

/** What a store with versions has beyond values. */
export interface VersionedDialect {
  readMetadata(path: SecretPath): Promise<SecretMetadata>
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
  /** Absent where there are no versions. */
  readonly versioned?: VersionedDialect
}
