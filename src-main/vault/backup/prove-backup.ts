import { CoffretError } from '../../contract/errors'
import type { Database } from '../database'
import { bucketCount, treeHashBytes } from '../hash-tree'
import type { JobContext } from '../jobs/jobs'
import { checkTables } from '../layout'
import { readMounts } from '../mounts'
import type { UnlockedVault } from '../unlocked-vault'

/**
 * Proves a file that was just written: its pages, header and state, the whole freshness tree, and that
 * every name in it is there as it was last sealed. Values are not opened.
 * @returns how many names there are
 * @throws CoffretError `corrupt`, `cancelled`
 */
export function proveBackup(context: JobContext, _input: undefined): number {
  return proveFile(context.database, context.vault, context)
}

/** The same for a file that is open already. */
export function proveFile(
  database: Database,
  vault: UnlockedVault,
  { checkCancelled }: Pick<JobContext, 'checkCancelled'>,
): number {
  for (const table of ['header', 'state', 'tree', 'names', 'records'] as const) {
    checkCancelled()
    if (!database.isWhole(table)) throw new CoffretError('corrupt', `the ${table} are damaged`)
  }
  return vault.read(({ records, scan }) => {
    checkTables(database)
    readMounts(records)
    let count = 0
    for (const number of scan.differing(new Uint8Array(bucketCount * treeHashBytes))) {
      checkCancelled()
      const { entries } = scan.bucket(number)
      if (entries === undefined || entries.some((entry) => scan.sealed(entry) === undefined)) {
        throw new CoffretError('corrupt', 'a name is missing')
      }
      count += entries.length
    }
    return count
  })
}
