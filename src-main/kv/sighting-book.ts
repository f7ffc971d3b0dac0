import type { EpochMs, VaultId } from '../contract/model'

/** What a machine remembers of a vault, to notice an older or another copy of its file. */
export interface Sighting {
  /** The highest generation that was seen. */
  readonly generation: number
  /** The generation of this machine's own last write; 0 for none. */
  readonly written: number
  /** When the state that was seen had been written. */
  readonly writtenAt: EpochMs
  /** Which file it was, as the system numbers them. */
  readonly file: { readonly device: bigint; readonly inode: bigint }
}

/** The port to what this machine remembers of vaults. No secret is in it. */
export interface SightingBook {
  /** Stands for this machine in the vaults that it writes: 16 hexadecimal digits. */
  readonly writer: string
  /** The last sighting of a vault; undefined when it was never seen here, or the note is damaged. */
  read(vault: VaultId): Sighting | undefined
  /**
   * Replaces the sighting. It never fails: a write that is on the disk is not undone because it could
   * not be remembered.
   */
  note(vault: VaultId, sighting: Sighting): void
}
