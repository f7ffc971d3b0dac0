import { CoffretError } from '../contract/errors'
import type { MountName } from '../contract/model'
import type { AuditTicket } from '../kv/audit-log'
import { compareBytes } from '../kv/byte-order'
import type { Mount, MountChange, MountRequest, MountTable } from '../kv/mount-table'
import { eraseBin } from './local-bin'
import {
  newMount,
  readMount,
  readMounts,
  rootOf,
  writeMounts,
  type Mount as StoredMount,
} from './mounts'
import { idBytes } from './names'
import { eraseSecret } from './secret-records'
import { Tree } from './tree'
import type { UnlockedVault, VaultTransaction } from './unlocked-vault'
import { uuidOfHex } from './uuid'

/** The mounts of a vault. Each method is one transaction. */
export class LocalMounts implements MountTable {
  /** The lists that were made, by what they were made of: every request of the API asks for one. */
  readonly #listed = new WeakMap<readonly StoredMount[], readonly Mount[]>()

  /** @param unlocked gives the vault, or throws `locked` */
  constructor(private readonly unlocked: () => UnlockedVault) {}

  async list(): Promise<readonly Mount[]> {
    const mounts = this.unlocked().read(({ records }) => readMounts(records))
    const listed = this.#listed.get(mounts) ?? listOf(mounts)
    this.#listed.set(mounts, listed)
    return listed
  }

  async enable(request: MountRequest, ticket?: AuditTicket): Promise<Mount> {
    return this.unlocked().write(
      ({ records }) => {
        const mounts = readMounts(records)
        if (mounts.some(({ name }) => name === request.name)) {
          throw new CoffretError('exists', `there is a mount ${request.name}`)
        }
        const mount = newMount(records, request)
        writeMounts(records, [...mounts, mount])
        return describe(mount)
      },
      [ticket?.entry],
    )
  }

  async disable(name: MountName, ticket?: AuditTicket): Promise<void> {
    this.unlocked().write(
      (transaction) => {
        const { records } = transaction
        eraseMount(transaction, readServed(records, name))
      },
      [ticket?.entry],
    )
  }

  async tune(name: MountName, change: MountChange, ticket?: AuditTicket): Promise<Mount> {
    return this.unlocked().write(
      ({ records }) => {
        const tuned = { ...readServed(records, name), ...change }
        writeMounts(
          records,
          readMounts(records).map((one) => (one.name === name ? tuned : one)),
        )
        return describe(tuned)
      },
      [ticket?.entry],
    )
  }
}

/** Snapshots of other stores are no mounts for programs. */
function isServed({ snapshot }: StoredMount): boolean {
  return snapshot === undefined
}

function readServed(records: VaultTransaction['records'], name: MountName): StoredMount {
  const mount = readMount(records, name)
  if (!isServed(mount)) throw new CoffretError('not_found', `there is no mount ${name}`)
  return mount
}

/** Erases a mount with all that is in it, inside a transaction. */
export function eraseMount(transaction: VaultTransaction, mount: StoredMount): void {
  const { records } = transaction
  eraseEverything(transaction, mount)
  writeMounts(
    records,
    readMounts(records).filter(({ name }) => name !== mount.name),
  )
}

function eraseEverything(transaction: VaultTransaction, mount: StoredMount): void {
  const tree = new Tree(transaction, rootOf(mount))
  // Collected first: the walk must not meet folders that vanish under it.
  for (const { path, row } of [...tree.walk('')]) {
    eraseSecret(transaction.records, idBytes(row))
    tree.remove('secret', path)
  }
  eraseBin(transaction, mount)
}

function listOf(mounts: readonly StoredMount[]): readonly Mount[] {
  return mounts
    .filter(isServed)
    .map(describe)
    .sort((a, b) => compareBytes(a.name, b.name))
}

/** The root's id is random and made with the mount, so it serves as the mount's own. */
function describe({ root, config: _config, bin: _bin, snapshot: _, ...mount }: StoredMount): Mount {
  return { ...mount, uuid: uuidOfHex(root) }
}
