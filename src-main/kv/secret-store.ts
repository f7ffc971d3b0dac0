import type {
  Capability,
  CustomMetadata,
  FolderPath,
  ListEntry,
  SecretData,
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
import type { SecretBin } from './secret-bin'

/** A slice of a list in byte order of UTF-8, as KV v2 lists: a folder counts as its name and `/`. */
export interface PageRequest {
  /** Start behind this name or path; it need not exist. A folder is written `name/`. */
  readonly after?: string
  /** At most this many, 1 or more (else `invalid`); all when absent. */
  readonly limit?: number
}

/** One slice. `next` is what to pass as `after`; absent when nothing follows. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string
}

/** Settings to change; what is absent stays. */
export interface SettingsChange extends Partial<StoreConfig> {
  /** Replaces the whole list. */
  readonly customMetadata?: CustomMetadata
  /** Merges into the list, after a replacement: null removes a key. Source: KV v2 metadata patch. */
  readonly customMetadataPatch?: readonly (readonly [string, string | null])[]
}

/**
 * What a write asks for. All of it happens in one transaction, or nothing. Where the protocol of a remote
 * store has no request for all of it, settings come first and stay when the data is then refused.
 */
export interface WriteRequest {
  /**
   * `create`: refuse a path that exists (`exists`). `update`: refuse one that does not (`not_found`).
   * `upsert`: either.
   */
  readonly mode: 'create' | 'update' | 'upsert'
  /** The data of the new version; absent to change settings only. */
  readonly data?: SecretData
  /** A JSON merge patch (RFC 7396) on the current version's data, instead of `data`. */
  readonly patch?: SecretData
  /**
   * The version that must be current, 0 for none; checked whenever it is given. A write of data needs
   * it where the settings say so; `create` never does.
   */
  readonly cas?: number
  /**
   * `data` (default, KV v2): settings alone are changed without `cas`. `settings` (OKMS `PUT`): they
   * need it where it is required once this very change applies, which may make it so, or end it.
   */
  readonly casGuards?: 'data' | 'settings'
  readonly settings?: SettingsChange
}

/** A version with the metadata of its secret. */
export interface WholeReading {
  readonly metadata: SecretMetadata
  readonly version?: SecretVersion
}

/** What a write did. */
export interface WriteOutcome {
  readonly metadata: SecretMetadata
  /** The version that was added, when data was written. */
  readonly version?: VersionMetadata
}

/** A version that is to follow the one that must be current. */
export interface NextVersion {
  readonly data: SecretData
  /** The version that must be current, 0 for a secret that has none or is not there. */
  readonly cas: number
}

/** A rename or copy within a store: all versions, settings and metadata go along. */
export interface TransferRequest {
  readonly from: SecretPath
  readonly to: SecretPath
  /** `folder` takes everything below `from`. */
  readonly kind: 'secret' | 'folder'
  readonly keepSource: boolean
}

/**
 * The port on which Coffret hinges: a place that keeps versioned secrets, local or remote. Every
 * implementation passes `test/conformance/`.
 *
 * Every method rejects with a CoffretError: `locked`, `not_found`, `corrupt` (named by path, nothing
 * changed), `busy`, `not_writable`, `storage`, `unsupported` (see {@link SecretStore.capabilities}), or
 * the codes it names.
 */
export interface SecretStore {
  readonly id: StoreId

  /** What this store can do; what is absent throws `unsupported`. */
  capabilities(): readonly Capability[]

  /**
   * The children of a folder in the order of {@link PageRequest}; items name folders without `/`.
   * Empty when there are none.
   */
  list(folder: FolderPath, page?: PageRequest): Promise<Page<ListEntry>>

  /** Every secret by full path, sorted by bytes of UTF-8. */
  listAll(page?: PageRequest): Promise<Page<SecretSummary>>

  /** @throws `not_found` */
  readMetadata(path: SecretPath): Promise<SecretMetadata>

  /**
   * One version, the current one when absent. A deactivated or deleted version is an answer without data.
   * @throws `not_found` when the secret, or the version, does not exist (or was dropped)
   */
  readVersion(path: SecretPath, version?: VersionNumber): Promise<SecretVersion>

  /**
   * Metadata and one version, the current one when no number is given, as both were at one moment; no
   * version where the secret has not that one. Absent where a store can be asked only for one after the other.
   * @throws `not_found` when the secret does not exist
   */
  readSecret?(path: SecretPath, number?: number): Promise<WholeReading>

  /**
   * @throws `exists`, `not_found` (also for a patch when the current version is not active),
   * `cas_mismatch`, `cas_required`, `too_large`, `invalid`
   */
  write(path: SecretPath, request: WriteRequest): Promise<WriteOutcome>

  /**
   * The same as {@link write} for who needs no metadata in return: one request, where that takes several, or
   * one wait for the disk for all that are added at the same time. Absent where nothing is saved by it.
   * @returns the number of the version that was added
   * @throws `exists`, `not_found` or `cas_mismatch` when another version is current, `too_large`, `invalid`
   */
  addVersion?(path: SecretPath, next: NextVersion): Promise<number>

  /**
   * Brings versions into a state; numbers without a version are ignored, `deleted` is final.
   * `current` means the current version.
   * @returns the versions that were named and exist, as they are now
   * @throws `not_found` when the secret does not exist
   */
  setState(
    path: SecretPath,
    versions: readonly VersionNumber[] | 'current',
    state: VersionState,
  ): Promise<readonly VersionMetadata[]>

  /** Removes the secret with all versions and metadata, at once and for good. @throws `not_found` */
  remove(path: SecretPath): Promise<void>

  /** Where deleted secrets are kept for a while. @throws `unsupported` */
  bin(): SecretBin

  /** Renames or copies. @throws `not_found`, `exists` when the target, or a path below it, is there */
  transfer(request: TransferRequest): Promise<void>

  /** The store's own settings. */
  readConfig(): Promise<StoreConfig>

  /** Changes the given settings. @returns all of them */
  writeConfig(change: Partial<StoreConfig>): Promise<StoreConfig>
}
