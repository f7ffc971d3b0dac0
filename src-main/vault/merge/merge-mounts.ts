import { mergeConfigs } from '../../kv/merge-secrets'
import { checkMounts, neverDue, readMounts, writeMounts, type Mount } from '../mounts'
import type { Records } from '../records'

/**
 * Unites the mounts of two copies by their names: one that either has is there, and of two the one that
 * keeps more counts.
 * @param isApplied false to count only
 * @returns how many mounts come in
 * @throws CoffretError `invalid` when they are together more than a vault has, applied or not
 */
export function mergeMounts(records: Records, other: readonly Mount[], isApplied: boolean): number {
  const own = readMounts(records)
  const united = own.map((mount) => {
    const like = other.find(({ name }) => name === mount.name)
    return like === undefined ? mount : mergeMount(mount, like)
  })
  const added = other
    .filter(({ name }) => !own.some((one) => one.name === name))
    // The bin is filled, and its time set, with the secrets.
    .map((mount) => ({ ...mount, bin: { ...mount.bin, due: neverDue } }))
  const merged = [...united, ...added]
  checkMounts(merged)
  if (isApplied && JSON.stringify(merged) !== JSON.stringify(own)) writeMounts(records, merged)
  return added.length
}

function mergeMount(own: Mount, other: Mount): Mount {
  return {
    ...own,
    version: own.version === 2 || other.version === 2 ? 2 : 1,
    config: mergeConfigs(own.config, other.config),
    description: own.description > other.description ? own.description : other.description,
    defaultLeaseSeconds: Math.max(own.defaultLeaseSeconds, other.defaultLeaseSeconds),
    maxLeaseSeconds: Math.max(own.maxLeaseSeconds, other.maxLeaseSeconds),
    ...laterSnapshot(own, other),
  }
}

/** Of one store, in both: its name has a random part. */
function laterSnapshot({ snapshot: own }: Mount, { snapshot: other }: Mount): Partial<Mount> {
  if (own === undefined || other === undefined) return {}
  return { snapshot: (other.takenAt ?? 0) > (own.takenAt ?? 0) ? other : own }
}
