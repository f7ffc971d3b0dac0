import type { BackupSummary } from '../../contract/backup-calls'
import { CoffretError } from '../../contract/errors'
import type { VaultId } from '../../contract/model'
import { Database, defaultBusyTimeoutMs } from '../database'
import { readHeader } from '../header'
import { stateMark } from '../state'
import type { UnlockedVault } from '../unlocked-vault'

/** How a backup stands to its vault: see the contract. It opens the file, and reads no secret. */
export function stateOfBackup(
  file: string,
  vaultId: VaultId,
  vault: UnlockedVault,
): BackupSummary['state'] {
  const { keyEpoch } = vault.header()
  try {
    return withFile(file, (database) => {
      const { header } = database.read(() => readHeader(database))
      if (header.vaultId !== vaultId) return 'damaged'
      if (header.keyEpoch !== keyEpoch) return 'otherKey'
      vault.earlier(database)
      return 'opens'
    })
  } catch (error) {
    if (error instanceof CoffretError && error.code !== 'locked') return 'damaged'
    throw error
  }
}

/** What tells the state that a backup holds from others: see {@link stateMark}. */
export function markOfBackup(file: string): string {
  return withFile(file, stateMark)
}

function withFile<T>(file: string, work: (database: Database) => T): T {
  const database = Database.openReadOnly(file, defaultBusyTimeoutMs)
  try {
    return work(database)
  } finally {
    database.close()
  }
}
