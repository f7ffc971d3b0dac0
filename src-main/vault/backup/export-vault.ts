import { SecretKey } from '../../crypto/secret-key'
import { copyVault } from './copy-vault'
import { Database } from '../database'
import type { VaultHeader } from '../header'
import type { JobContext } from '../jobs/jobs'
import { proveFile } from './prove-backup'
import { UnlockedVault, deriveKeys, wipeKeys } from '../unlocked-vault'
import { layOutVault } from '../vault-creation'

/** A file to be filled. */
export interface ExportInput {
  /** Empty, and known to nobody else. */
  readonly target: string
  readonly header: VaultHeader
  /** The data key of the new file; a copy, which the job wipes. */
  readonly dataKey: Uint8Array
}

/**
 * Copies the vault into an empty file under a data key of its own, and proves it. The file that the job
 * runs on is to be one that nobody else writes to.
 * @returns how many secrets were copied
 * @throws CoffretError `corrupt` when a record of the vault is damaged, `cancelled`, `storage`
 */
export function exportVault(context: JobContext, input: ExportInput): number {
  const { vault, clock, random, report, checkCancelled } = context
  const { vaultId } = input.header
  const dataKey = new SecretKey(input.dataKey)
  const keys = deriveKeys(dataKey, vaultId)
  const database = Database.onEmptyFile(input.target, 0)
  try {
    layOutVault(database, input.header, dataKey, { clock, random })
    const target = UnlockedVault.enter(database, vaultId, keys, { clock, random })
    const total = proveFile(context.database, vault, context)
    const onCopied = (names: number) => report(names, total)
    const secrets = copyVault(vault, target, { onCorrupt: 'throw', onCopied, checkCancelled })
    proveFile(database, target, context)
    return secrets
  } finally {
    database.close()
    wipeKeys(keys)
    dataKey.wipe()
  }
}
