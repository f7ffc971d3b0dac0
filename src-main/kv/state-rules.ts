import type {
  EpochMs,
  SecretMetadata,
  StoreConfig,
  VersionMetadata,
  VersionNumber,
  VersionState,
} from '../contract/model'
import { effectiveLifeSeconds } from './settings-rules'
import { findVersion, versionState } from './version-state'

/** What a change of states comes to. */
export interface StatePlan {
  readonly metadata: SecretMetadata
  /** The versions that were named and exist, ascending, as they are now. */
  readonly named: readonly VersionMetadata[]
  /** Those whose data is to be erased. */
  readonly erased: readonly VersionNumber[]
}

/**
 * Brings versions into a state. Numbers without a version are ignored and a deleted version stays so.
 * `updatedAt` does not move. Source: KV v2 delete, undelete and destroy; OKMS version states.
 * @param store the settings of the store, for the life of a version made active again
 */
export function planStates(
  metadata: SecretMetadata,
  versions: readonly VersionNumber[] | 'current',
  state: VersionState,
  store: StoreConfig,
  now: EpochMs,
): StatePlan {
  const numbers = new Set<number>(versions === 'current' ? [metadata.currentVersion] : versions)
  const lifeSeconds = effectiveLifeSeconds(metadata.settings, store)
  const changed = metadata.versions.map((version) =>
    numbers.has(version.version) ? withState(version, state, lifeSeconds, now) : version,
  )
  const after = { ...metadata, versions: changed }
  return {
    metadata: after,
    named: changed.filter((version) => numbers.has(version.version)),
    erased: changed
      .filter(({ version, destroyed }) => destroyed && !findVersion(metadata, version)?.destroyed)
      .map(({ version }) => version),
  }
}

function withState(
  version: VersionMetadata,
  state: VersionState,
  lifeSeconds: number,
  now: EpochMs,
): VersionMetadata {
  if (version.destroyed) return version
  const endless = { version: version.version, createdAt: version.createdAt, destroyed: false }
  switch (state) {
    case 'deleted':
      // The time of deactivation stays as it was: KV v2 destroy does not touch it.
      return { ...version, destroyed: true }
    case 'deactivated':
      // The first time is kept; an end in the future is brought forward to now.
      return versionState(version, now) === 'deactivated'
        ? version
        : { ...endless, deactivatedAt: now }
    case 'active':
      return { ...endless, ...plannedEnd(now, lifeSeconds) }
  }
}

/** The end of a version that begins to live at `from`; nothing when it lives for ever. */
export function plannedEnd(from: EpochMs, lifeSeconds: number): { deactivatedAt?: EpochMs } {
  return lifeSeconds > 0 ? { deactivatedAt: (from + lifeSeconds * 1000) as EpochMs } : {}
}
