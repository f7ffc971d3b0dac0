import type { EpochMs, SecretPath } from '../../contract/model'
import { fromHex } from '../../crypto/bytes'
import type { JobContext } from '../jobs/jobs'
import { binRootOf, readMounts, rootOf } from '../mounts'
import type { SecretRow } from '../names'
import { eraseSecret, readSecret } from '../secret-records'
import { unlessCorrupt } from '../merge/scanned-secrets'
import { Tree } from '../tree'
import type { UnlockedVault, VaultTransaction } from '../unlocked-vault'

/** What to erase. */
export interface PurgeInput {
  /** The ids of the secrets' records, as 32 hexadecimal digits. */
  readonly ids: readonly string[]
  /** Where they may lie: it spares looking through all names. */
  readonly paths: readonly SecretPath[]
  /** When their versions were added, as {@link versionTimes} says. */
  readonly times: readonly EpochMs[]
}

/** When the versions of secrets in the bins of a vault were added. @throws CoffretError `corrupt` */
export function versionTimes(vault: UnlockedVault, ids: readonly string[]): EpochMs[] {
  return vault.read((transaction) =>
    readMounts(transaction.records).flatMap((mount) => {
      const bin = new Tree(transaction, binRootOf(mount))
      const rows = ids.flatMap((id) => bin.find('secret', id) ?? [])
      return rows.flatMap((row) => timesOf(transaction, row))
    }),
  )
}

/** None where the metadata is damaged. */
function timesOf({ records }: VaultTransaction, row: SecretRow): EpochMs[] {
  const metadata = unlessCorrupt(() => readSecret(records, row))
  return metadata?.versions.map(({ createdAt }) => createdAt) ?? []
}

/**
 * Erases secrets from a copy of the vault, wherever in it they lie, all in one transaction. Where none of
 * them is, nothing is written.
 * @returns how many were there
 */
export function purgeSecrets({ vault }: JobContext, input: PurgeInput): number {
  const { paths } = input
  if (vault.read((transaction) => wantedIn(transaction, input)).length === 0) return 0
  return vault.write((transaction) => {
    const wanted = new Set(wantedIn(transaction, input))
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

/** The ids under which the secrets are there. */
function wantedIn(transaction: VaultTransaction, { ids, paths, times }: PurgeInput): string[] {
  const { records } = transaction
  const same = ids.filter(
    (id) => records.find({ kind: 'secret', id: fromHex(id), version: 0 }) !== undefined,
  )
  const likely = readMounts(records).flatMap((mount) => {
    const tree = new Tree(transaction, rootOf(mount))
    const binned = Array.from(new Tree(transaction, binRootOf(mount)).walk(''), ({ row }) => row)
    return [
      ...paths.flatMap((path) => tree.find('secret', path) ?? []),
      ...binned.filter((row) => row.binned !== undefined && paths.includes(row.binned.path)),
    ]
  })
  // One that came back from a backup, or was merged with another one, had another id before.
  const before = likely.filter((row) => timesOf(transaction, row).some((at) => times.includes(at)))
  return [...same, ...before.map(({ id }) => id)]
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
