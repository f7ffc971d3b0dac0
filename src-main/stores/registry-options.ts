import type { StoreId, VaultId } from '../contract/model'
import type { Progress } from '../contract/search'
import type { Clock, RandomBytes } from '../env'
import type { Keychain } from '../kv/keychain'
import type { SettingsFile } from '../kv/settings-file'
import type { SightingBook } from '../kv/sighting-book'
import type { Deadlines } from '../remote/deadlines'
import type { OpenedBackup } from '../vault/backup/opened-backups'
import type { JobRunner } from '../vault/jobs/jobs'
import type { LocalVault } from '../vault/local-vault'
import type { NewVaultOptions } from '../vault/vault-options'
import type { SearchRunner } from '../vault/search/search-session'
import type { VaultSearch } from '../vault/search/vault-search'
import { Domains } from './domains/domains'

/** What the registry stands on. */
export interface RegistryOptions {
  readonly settings: SettingsFile
  readonly clock: Clock
  readonly random: RandomBytes
  /** How hard the passphrase of a new vault is to guess. */
  readonly chooseKdf: () => Promise<NonNullable<NewVaultOptions['kdf']>>
  /** The keychain of this computer. */
  readonly keychain?: Keychain
  /** What this machine remembers of vaults; without it an older file is not noticed. */
  readonly sightings?: SightingBook
  /** Runs long work on a vault; in the calling thread unless told otherwise. */
  readonly jobs?: JobRunner
  /** The thread has no vault open elsewhere: see the option of a vault. */
  readonly sharesTurns?: boolean
  /** Keeps the search indexes, which are then built as soon as a vault is unlocked. */
  readonly search?: SearchRunner
  /** Hears of an index that is being built. */
  readonly onSearchProgress?: (vault: VaultId, progress: Progress) => void
  /** Where backups lie unless the settings say otherwise; made when needed. Without it there are none. */
  readonly backupFolder?: string
  /** Hears that something about the backups of a vault changed. */
  readonly onBackupsChange?: (vault: VaultId) => void
  /**
   * Waits, for writing what was read into the audit log: without it that waits for the next write, and for
   * the servers of domains: without it no deadline ends a request.
   */
  readonly after?: (milliseconds: number, work: () => void) => () => void
  /** Hears that the audit log of a vault has new lines. */
  readonly onAuditChange?: (vault: VaultId) => void
  /** Hears once that lines of an audit log cannot be written. */
  readonly onAuditFault?: (error: unknown) => void
  /** Domains are others, or answer otherwise. */
  readonly onDomainsChange?: () => void
  /** Secrets of a domain's store arrived. */
  readonly onArrival?: (store: StoreId) => void
  /** How long a server may take; the usual deadlines unless told. */
  readonly deadlines?: Deadlines
  /** A folder that is made when a vault is to be created in it. */
  readonly defaultFolder: string
  /** The list changed, or a vault was locked or unlocked. */
  readonly onChange: () => void
}

/** A backup that is open, and its vault. */
export interface FoundBackup {
  readonly vault: LocalVault
  readonly backup: OpenedBackup
}

/** A vault, a backup or a domain, as it is searched. */
export interface Searchable {
  readonly id: VaultId
  readonly search: Pick<VaultSearch, 'query' | 'folders' | 'countBelow'>
}

/** The domains of the vaults that are unlocked. */
export function newDomains(
  options: RegistryOptions,
  unlocked: () => readonly LocalVault[],
): Domains {
  const { clock, random, deadlines } = options
  return new Domains({
    ...{ clock, random, unlocked },
    after: options.after ?? (() => () => undefined),
    ...(deadlines === undefined ? {} : { deadlines }),
    onChange: () => options.onDomainsChange?.(),
    onSecrets: (store) => options.onArrival?.(store),
  })
}
