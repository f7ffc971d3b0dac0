import { z } from 'zod'
import { BackupSettings } from './backup-settings'
import { FilePath, Passphrase, call, nothing } from './call'
import { failureCodes } from './errors'
import { EpochMs, SecretPath, StoreId, VaultId, VaultSummary } from './model'

/** Names a backup among those of its vault: the name of its file. */
export const BackupName = z.string().regex(/^[^/\\]{1,255}\.coffret$/)

/** A backup of a vault. */
export const BackupSummary = z.object({
  name: BackupName,
  madeAt: EpochMs,
  bytes: z.number().int().min(0),
  /**
   * `opens`: with the keys of the vault. `otherKey`: it was made under another data key, and opens with a
   * passphrase of that time. `damaged`: it does not open, and is left out of the rotation.
   */
  state: z.enum(['opens', 'otherKey', 'damaged']),
  /** Why it is kept; none for one that the next backup drops. */
  kept: z.array(z.enum(['last', 'daily', 'weekly'])).readonly(),
})
export type BackupSummary = z.infer<typeof BackupSummary>

/** How the backups of a vault stand. */
export const BackupStatus = z.object({
  isRunning: z.boolean(),
  /** Why the last one failed; absent once one succeeded. */
  problem: z.object({ code: z.enum(failureCodes), at: EpochMs }).optional(),
})
export type BackupStatus = z.infer<typeof BackupStatus>

const count = z.number().int().min(0)

/** What restoring everything brings back, or has brought back; in secrets. */
export const RestoreCounts = z.object({
  /** They come back with all their versions. */
  missing: count,
  /** They get a new version with the data of then. */
  differing: count,
  same: count,
  /** Damaged here or in the backup; they are left as they are. */
  unreadable: count,
})
export type RestoreCounts = z.infer<typeof RestoreCounts>

const InVault = z.strictObject({ vault: VaultId })
const OfVault = InVault.extend({ backup: BackupName })
/** A backup that is open: it is listed among the vaults under an id of its own. */
const Opened = z.strictObject({ opened: VaultId })

/** Backups. Long work tells `check.progress`, and ends with `backups.cancel`. */
export const backupCalls = {
  'backups.settings': call(nothing, BackupSettings.extend({ defaultFolder: z.string() })),
  /** Replaces the settings. Backups that were made before stay in the folder of then. */
  'backups.configure': call(BackupSettings, nothing),
  /** Asks for a folder; undefined when the person gave up. */
  'backups.chooseFolder': call(nothing, z.string().optional()),
  /** Opens the folder of a vault's backups in the system's file manager. */
  'backups.showFolder': call(InVault, nothing),

  'backups.status': call(InVault, BackupStatus),
  /** The latest first. */
  'backups.list': call(InVault, z.array(BackupSummary)),
  /** Makes one now, whether something changed or not. */
  'backups.make': call(InVault, nothing),
  'backups.remove': call(OfVault, nothing),

  /**
   * Opens a backup to be looked at; nothing in it can be changed.
   * @throws CoffretError `wrong_passphrase` when it needs one, or another one
   */
  'backups.open': call(OfVault.extend({ passphrase: Passphrase.optional() }), VaultSummary),
  'backups.close': call(Opened, nothing),

  /**
   * Brings one secret back into the vault: `whole` where no secret is, `version` on top of the one there.
   * @throws CoffretError `exists` when a secret is there
   */
  'backups.restoreSecret': call(
    z.strictObject({
      /** The store in the opened backup. */
      store: StoreId,
      path: SecretPath,
      how: z.enum(['whole', 'version']),
      to: SecretPath.optional(),
    }),
    /** Where it is now. */
    z.object({ store: StoreId, path: SecretPath }),
  ),
  /** What restoring everything would do. Nothing changes. */
  'backups.planRestore': call(Opened, RestoreCounts),
  'backups.restoreAll': call(Opened, RestoreCounts),

  /**
   * Writes a copy of the vault as one file that opens with this passphrase alone.
   * @throws CoffretError `exists`, `not_writable`, `storage`, `cancelled`
   */
  'backups.export': call(InVault.extend({ file: FilePath, passphrase: Passphrase }), nothing),
  'backups.cancel': call(InVault, nothing),
} as const
