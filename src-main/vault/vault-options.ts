import type { VaultId } from '../contract/model'
import type { Progress } from '../contract/search'
import type { KdfSettings } from '../crypto/kdf'
import type { Clock, RandomBytes } from '../env'
import type { Keychain } from '../kv/keychain'
import type { SightingBook } from '../kv/sighting-book'
import type { LocalAuditOptions } from './audit/local-audit'
import type { BackupPlan } from './backup/backup-files'
import type { SnapshotLimits } from './backup/local-snapshots'
import type { JobRunner } from './jobs/jobs'
import type { SearchRunner } from './search/search-session'
import type { FileIdentity } from './vault-file'

/** What every vault is opened with. */
export interface VaultOptions {
  /** `NAME.coffret` */
  readonly file: string
  readonly clock: Clock
  readonly random: RandomBytes
  /** How long an operation waits for another program, in milliseconds; 5,000 unless told. */
  readonly busyTimeoutMs?: number
  /** `LocalVault.identity` of the file that this computer had open last under this name. */
  readonly knownIdentity?: FileIdentity
  /** Where loaded snapshots lie, and how large they may be. */
  readonly snapshots?: SnapshotLimits
  /** When backups are made, where, and which are kept; without it there are none. */
  readonly backups?: () => BackupPlan
  /** Hears that something about the backups changed. */
  readonly onBackupsChange?: (vault: VaultId) => void
  /** What this machine remembers of vaults; without it an older file is not noticed. */
  readonly sightings?: SightingBook
  /** Runs long work; in the calling thread unless told otherwise. */
  readonly jobs?: JobRunner
  /** Keeps the search index; in the calling thread unless told otherwise. */
  readonly search?: SearchRunner
  /** When lines of the audit log are written, and who hears of them. */
  readonly audit?: Pick<LocalAuditOptions, 'after' | 'onFault'> & {
    readonly onChange?: (vault: VaultId) => void
  }
  /** Hears of the search index while it is built. */
  readonly onSearchProgress?: (vault: VaultId, progress: Progress) => void
  /** The keychain of this computer, for slots that it opens. */
  readonly keychain?: Keychain
  /** What guessing a passphrase or PIN set later is to cost; the default settings unless told. */
  readonly chooseKdf?: () => Promise<KdfSettings>
  /**
   * The thread has this file open nowhere else: what is asked for in the same turn of the event loop may
   * share its costs, reads among each other and writes among each other (`WriteQueue`).
   */
  readonly sharesTurns?: boolean
}

/** What a new vault is made with. */
export interface NewVaultOptions extends VaultOptions {
  /** 1 to 1,024 bytes, NFC; it stays the caller's to wipe. */
  readonly passphrase: Uint8Array
  readonly kdf?: KdfSettings
}
