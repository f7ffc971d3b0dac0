import { CoffretError } from '../contract/errors'
import { MountName, StoreId, type EpochMs, type VaultId } from '../contract/model'
import { toHex } from '../crypto/bytes'
import { eraseMount } from './local-mounts'
import { LocalStore } from './local-store'
import { newMount, readMounts, writeMounts, type Mount, type MountSnapshot } from './mounts'
import type { WriteQueue } from './write-queue'

/** A snapshot of another store, kept in the vault as a mount of its own. */
export interface StoreSnapshot extends MountSnapshot {
  readonly id: StoreId
}

/**
 * Read-only offline copies of other stores. Each is a mount that the API for programs does not know; it
 * keeps the current version of each secret and nothing before, so that what ended at the store does not live
 * on here.
 */
export class StoreSnapshots {
  /** @param writes the queue of the vault */
  constructor(
    private readonly writes: WriteQueue,
    private readonly vaultId: VaultId,
  ) {}

  /** @throws CoffretError `locked`, `corrupt` */
  list(): readonly StoreSnapshot[] {
    const mounts = this.writes.unlocked().read(({ records }) => readMounts(records))
    return mounts.flatMap(({ name, snapshot }) =>
      snapshot === undefined ? [] : [{ ...snapshot, id: this.#idOf(name) }],
    )
  }

  /**
   * Makes an empty one, to be filled through {@link writable}.
   * @param label what the store is called now
   * @throws CoffretError `invalid` when there are too many mounts
   */
  create(of: StoreId, label: string): StoreId {
    return this.writes.unlocked().write(({ records }) => {
      const mounts = readMounts(records)
      const name = MountName.parse(`snapshot-${toHex(records.newId()).slice(0, 16)}`)
      const made = newMount(records, { name, version: 2 })
      const config = { ...made.config, maxVersions: 1 }
      writeMounts(records, [...mounts, { ...made, config, snapshot: { of, label } }])
      return this.#idOf(name)
    })
  }

  /** The store of a snapshot, for those who fill it. @throws CoffretError `not_found`, `locked` */
  writable(id: StoreId): LocalStore {
    const { name } = this.writes
      .unlocked()
      .read(({ records }) => snapshotMount(readMounts(records), id))
    return new LocalStore(this.writes, this.vaultId, name, 2)
  }

  /** Notes what a snapshot holds. @param missing how many secrets of the store it lacks */
  finished(id: StoreId, takenAt: EpochMs, missing: number): void {
    this.writes.unlocked().write(({ records }) => {
      const mounts = readMounts(records)
      const { name } = snapshotMount(mounts, id)
      const noted = mounts.map((one) =>
        one.name === name && one.snapshot !== undefined
          ? { ...one, snapshot: { ...one.snapshot, takenAt, missing } }
          : one,
      )
      writeMounts(records, noted)
    })
  }

  /** Erases a snapshot. @throws CoffretError `not_found`, `locked` */
  remove(id: StoreId): void {
    this.writes.unlocked().write((transaction) => {
      eraseMount(transaction, snapshotMount(readMounts(transaction.records), id))
    })
  }

  #idOf(name: MountName): StoreId {
    return StoreId.parse(`${this.vaultId}/${name}`)
  }
}

function snapshotMount(mounts: readonly Mount[], id: StoreId): Mount {
  const found = mounts.find(({ name }) => name === id.slice(id.indexOf('/') + 1))
  if (found?.snapshot === undefined) throw new CoffretError('not_found', 'no such snapshot')
  return found
}
