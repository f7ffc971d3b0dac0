import type { SecretPath } from '../../contract/model'
import { fromHex } from '../../crypto/bytes'
import type { JobContext } from '../jobs/jobs'
import { binRootOf, readMounts, rootOf } from '../mounts'
import { eraseSecret } from '../secret-records'
import { Tree } from '../tree'
import type { VaultTransaction } from '../unlocked-vault'

/** What to erase. */
export interface PurgeInput {
  /** The ids of the secrets' records, as 32 hexadecimal digits. */
  readonly ids: readonly string[]
  /** Where they may lie: it spares looking through all names. */
  readonly paths: readonly SecretPath[]
}

/**
 * Erases secrets from a copy of the vault, wherever in it they lie, all in one transaction. Where none of
 * them is, nothing is written.
 * @returns how many were there
 */
export function purgeSecrets({ vault }: JobContext, { ids, paths }: PurgeInput): number {
  const isThere = ({ records }: VaultTransaction, id: string) =>
    records.find({ kind: 'secret', id: fromHex(id), version: 0 }) !== undefined
  if (!vault.read((transaction) => ids.some((id) => isThere(transaction, id)))) return 0
  return vault.write((transaction) => {
    const wanted = new Set(ids.filter((id) => isThere(transaction, id)))
    const count = wanted.size
    for (const mount of readMounts(transaction.records)) {
      const bin = new Tree(transaction, binRootOf(mount))
      eraseFrom(transaction, bin, wanted, [...wanted])
      const tree = new Tree(transaction, rootOf(mount))
      eraseFrom(transaction, tree, wanted, paths)
      // Collected first: the walk must not meet folders that vanish under it.
      if (wanted.size > 0) {
        const all = Array.from(tree.walk(''), ({ path }) => path)
        eraseFrom(transaction, tree, wanted, all)
      }
    }
    // What no name leads to is erased all the same.
    for (const id of wanted) eraseSecret(transaction.records, fromHex(id))
    return count
  })
}

function eraseFrom(
  { records }: VaultTransaction,
  tree: Tree,
  wanted: Set<string>,
  paths: readonly string[],
): void {
  for (const path of paths) {
    if (wanted.size === 0) return
    const row = tree.find('secret', path)
    if (row === undefined || !wanted.delete(row.id)) continue
    eraseSecret(records, fromHex(row.id))
    tree.remove('secret', path)
  }
}
