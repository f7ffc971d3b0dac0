import type { EpochMs } from '../contract/model'
import type { Mount } from './mount-table'
import type { SecretStore } from './secret-store'

/** How long a snapshot stays loaded: 72 hours, in milliseconds. Source: kv-semantics 4. */
export const snapshotLifeMs = 72 * 3_600_000

/** An earlier state of a vault that was loaded to be read from. */
export interface Snapshot {
  /** A UUID, made when it was loaded. */
  readonly id: string
  /** When loading began. */
  readonly createdAt: EpochMs
  /** When it is unloaded: {@link snapshotLifeMs} later. */
  readonly expiresAt: EpochMs
  /** `loading` while its bytes arrive; it is read from once it is `ready`. */
  readonly status: 'loading' | 'ready'
}

/** The snapshots of an unlocked vault. Locking unloads them all; every method rejects with `locked` then. */
export interface SnapshotShelf {
  /** The largest snapshot in bytes, inclusive. */
  readonly maxBytes: number

  /**
   * Takes in a copy of this vault's file, and proves it with the keys of the vault. What is refused
   * leaves nothing behind.
   * @throws CoffretError `too_large`; `not_a_vault`, `newer_format`, `kdf_bounds`, `corrupt`; `invalid`
   * for another vault, another data key, or too many snapshots; `cancelled` when it was unloaded meanwhile
   */
  load(bytes: AsyncIterable<Uint8Array>): Promise<Snapshot>

  /** Those that are loaded or being loaded, the oldest first. */
  list(): Promise<readonly Snapshot[]>

  /** @throws CoffretError `not_found` */
  get(id: string): Promise<Snapshot>

  /** Unloads a snapshot and removes its file. @throws CoffretError `not_found` */
  remove(id: string): Promise<void>

  /**
   * The store of a mount as it was, found by its name; it can only be read. States of versions are those
   * at the time of reading. Nothing is read here, and a mount that was not there fails later.
   * @throws CoffretError `not_found`, `invalid` while it is being loaded
   */
  store(id: string, mount: Mount): Promise<SecretStore>
}
