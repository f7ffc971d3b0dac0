import type { VaultId } from '../contract/model'
import type { Snapshot } from '../kv/snapshot-shelf'
import { textField } from './fields'
import { vaultTime } from './time-text'

/** What every read of a mount may be given: the snapshot to read from. */
export const fromSnapshot = { read_snapshot_id: textField().optional() }

/** A snapshot as the system routes tell it; its cluster is the vault. */
export function snapshotWire({ id, createdAt, expiresAt, status }: Snapshot, vault: VaultId) {
  return {
    snapshot_id: id,
    cluster_id: vault,
    created_at: vaultTime(createdAt),
    expires_at: vaultTime(expiresAt),
    status,
  }
}
