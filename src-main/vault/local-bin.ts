import { BinId, type BinnedSecret, type BinRestore } from '../contract/bin-calls'
import { CoffretError } from '../contract/errors'
import type { EpochMs, MountName, SecretPath } from '../contract/model'
import type { AuditEntry } from '../kv/audit-log'
import { binEnd, binnedAt, isBinEnded } from '../kv/bin-rules'
import { compareBytes } from '../kv/byte-order'
import { moveTime } from '../kv/move-rules'
import type { DiscardRequest, SecretBin } from '../kv/secret-bin'
import {
  binRootOf,
  neverDue,
  readMount,
  readMounts,
  rootOf,
  writeMountBin,
  type Mount,
} from './mounts'
import { idBytes, type SecretRow } from './names'
import { naming } from './naming'
import { eraseSecret } from './secret-records'
import { Tree, type Found } from './tree'
import type { UnlockedVault, VaultTransaction } from './unlocked-vault'
import type { WriteQueue } from './write-queue'

/** A row in the bin, which says where it was. */
type BinnedRow = SecretRow & { readonly binned: NonNullable<SecretRow['binned']> }

/** A mount and its bin, inside a transaction. A row in the bin is named by its own id. */
interface BinTransaction extends VaultTransaction {
  readonly mount: Mount
  readonly tree: Tree
  readonly bin: Tree
  readonly now: EpochMs
}

/**
 * The bin of one mount. Only name rows move: the records of a secret stay where they are until they are
 * erased.
 */
export class LocalBin implements SecretBin {
  /**
   * @param writes the queue of the vault
   * @param entry the line of the audit log that goes with its first write
   */
  constructor(
    private readonly writes: WriteQueue,
    private readonly mount: MountName,
    private readonly entry?: AuditEntry,
  ) {}

  async list(): Promise<readonly BinnedSecret[]> {
    eraseDueBins(this.writes.unlocked())
    return this.#read(({ bin, now }) =>
      rowsOf(bin)
        .map(describe)
        // What cannot be erased, since nothing can be written, is gone all the same.
        .filter(({ deletedAt }) => !isBinEnded(deletedAt, now))
        .sort((a, b) => b.deletedAt - a.deletedAt || compareBytes(a.path, b.path)),
    )
  }

  async discard({ path, kind }: DiscardRequest): Promise<readonly BinId[]> {
    eraseDueBins(this.writes.unlocked())
    return this.#write(({ records, mount, tree, bin, now }) => {
      // Collected first: the walk must not meet folders that vanish under it.
      const found = kind === 'folder' ? [...tree.walk(path)] : existing(tree, path)
      if (found.length === 0) throw new CoffretError('not_found', `there is no ${kind} "${path}"`)
      for (const { path: at, row } of found) {
        const past = { updatedAt: row.updatedAt, movedAt: tree.lastMove(at, row) }
        const binned = { path: at as SecretPath, at: binnedAt(past, now) }
        tree.remove('secret', at)
        bin.put(row.id, { ...row, binned })
      }
      const { due } = mount.bin
      const next = binEnd(now)
      if (due === neverDue || next < due) setDue(records, mount, next)
      return found.map(({ row }) => BinId.parse(row.id))
    })
  }

  async restore(items: readonly BinRestore[]): Promise<readonly SecretPath[]> {
    return this.#write(({ tree, bin, now }) =>
      items.map(({ id, to }) => {
        const { binned, ...row } = rowOf(bin, id)
        const path = to ?? binned.path
        if (tree.find('secret', path) !== undefined) {
          throw new CoffretError('exists', `there is a secret "${path}"`)
        }
        bin.remove('secret', id)
        tree.put(path, { ...row, movedAt: moveTime(binned.at, now) })
        return path
      }),
    )
  }

  async purge(items: readonly BinId[] | 'all'): Promise<void> {
    return this.#write(({ records, mount, bin }) => {
      const rows = items === 'all' ? rowsOf(bin) : items.map((id) => rowOf(bin, id))
      for (const row of rows) erase({ records, bin }, row)
      if (items === 'all') setDue(records, mount, neverDue)
    })
  }

  #read<T>(work: (bin: BinTransaction) => T): T {
    const vault = this.writes.unlocked()
    return naming(this.#subject(), () => vault.read((within) => work(this.#enter(within, vault))))
  }

  #write<T>(work: (bin: BinTransaction) => T): Promise<T> {
    return this.writes.add({
      ...{ subject: this.#subject(), entry: this.entry },
      work: (transaction, vault) => work(this.#enter(transaction, vault)),
    })
  }

  #subject(): string {
    return `bin of mount "${this.mount}"`
  }

  #enter(transaction: VaultTransaction, vault: UnlockedVault): BinTransaction {
    const mount = readMount(transaction.records, this.mount)
    return { ...transaction, ...treesOf(transaction, mount), now: vault.clock.now() }
  }
}

/**
 * Erases what has been in the bins of a vault for too long. Unless something has, it reads no bin. What
 * cannot be erased now, since the medium is read-only or another program writes, is tried again the next
 * time; damage is reported by whatever reads the bin. So it never fails.
 */
export function eraseDueBins(vault: UnlockedVault): void {
  const isDue = ({ bin }: Mount) => bin.due !== neverDue && bin.due <= vault.clock.now()
  try {
    if (!vault.read(({ records }) => readMounts(records).some(isDue))) return
    vault.write((transaction) => {
      for (const mount of readMounts(transaction.records).filter(isDue)) {
        eraseEnded(transaction, mount, vault.clock.now())
      }
    })
  } catch (error) {
    if (!(error instanceof CoffretError)) throw error
  }
}

/** Erases all that is in the bin of a mount. */
export function eraseBin(transaction: VaultTransaction, mount: Mount): void {
  const { bin } = treesOf(transaction, mount)
  for (const row of rowsOf(bin)) erase({ ...transaction, bin }, row)
}

function eraseEnded(transaction: VaultTransaction, mount: Mount, now: EpochMs): void {
  const { bin } = treesOf(transaction, mount)
  let due = neverDue
  for (const row of rowsOf(bin)) {
    const end = binEnd(row.binned.at)
    if (isBinEnded(row.binned.at, now)) erase({ ...transaction, bin }, row)
    else if (due === neverDue || end < due) due = end
  }
  setDue(transaction.records, mount, due)
}

function treesOf(transaction: VaultTransaction, mount: Mount) {
  const tree = new Tree(transaction, rootOf(mount))
  return { mount, tree, bin: new Tree(transaction, binRootOf(mount)) }
}

function erase({ records, bin }: Pick<BinTransaction, 'records' | 'bin'>, row: BinnedRow): void {
  eraseSecret(records, idBytes(row))
  bin.remove('secret', row.id)
}

/** When the first secret in a bin may end: until then nobody need look. */
function setDue(records: VaultTransaction['records'], mount: Mount, due: EpochMs): void {
  if (due !== mount.bin.due) writeMountBin(records, mount.name, { ...mount.bin, due })
}

function existing(tree: Tree, path: SecretPath): Found[] {
  const row = tree.find('secret', path)
  return row === undefined ? [] : [{ path, row }]
}

function rowOf(bin: Tree, id: BinId): BinnedRow {
  const row = bin.find('secret', id)
  if (row === undefined) throw new CoffretError('not_found', 'there is no such secret in the bin')
  return asBinned(row)
}

function rowsOf(bin: Tree): BinnedRow[] {
  return Array.from(bin.walk(''), ({ row }) => asBinned(row))
}

/** @throws CoffretError `corrupt` when a row does not say where it was: it does not belong into a bin */
function asBinned(row: SecretRow): BinnedRow {
  const { binned } = row
  if (binned === undefined) throw new CoffretError('corrupt', 'a row of the bin says no path')
  return { ...row, binned }
}

function describe({ id, binned, currentVersion }: BinnedRow): BinnedSecret {
  const { path, at: deletedAt } = binned
  return { id: BinId.parse(id), path, deletedAt, endsAt: binEnd(deletedAt), currentVersion }
}
