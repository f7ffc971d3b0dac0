import { exportVault } from '../backup/export-vault'
import { mergeVaults } from '../merge/merge-vaults'
import { readMounts } from '../mounts'
import { proveBackup } from '../backup/prove-backup'
import { purgeSecrets } from '../backup/purge-secrets'
import { repairVault } from '../check/repair-vault'
import { restoreAll } from '../backup/restore-secrets'
import { fillRotation } from '../rotation/rotation-job'
import { verifyVault } from '../check/verify-vault'
import type { JobContext } from './jobs'

/**
 * Every job by its name, each a function in a file of its own. Input and output are what can be sent to
 * another thread.
 */
export const vaultJobs = {
  /** Proves that the file opens under the keys: header, state and mounts. */
  prove: ({ vault }: JobContext, _input: undefined): number =>
    vault.read(({ records }) => readMounts(records).length),
  merge: mergeVaults,
  verify: verifyVault,
  repair: repairVault,
  proveBackup,
  purge: purgeSecrets,
  restore: restoreAll,
  export: exportVault,
  rotate: fillRotation,
} as const
