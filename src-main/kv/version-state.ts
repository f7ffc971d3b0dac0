import type { EpochMs, SecretMetadata, VersionMetadata, VersionState } from '../contract/model'

/**
 * The state of one version at an instant.
 * Source: KV v2 read path; an end in the future leaves the version active until then.
 */
export function versionState(
  version: Pick<VersionMetadata, 'deactivatedAt' | 'destroyed'>,
  now: EpochMs,
): VersionState {
  if (version.destroyed) return 'deleted'
  // `<=`: the clock ticks in milliseconds, and a version deactivated now must read so now.
  return version.deactivatedAt !== undefined && version.deactivatedAt <= now
    ? 'deactivated'
    : 'active'
}

/** The current version's metadata; undefined while the secret has settings and no data. */
export function currentVersionOf(metadata: SecretMetadata): VersionMetadata | undefined {
  return metadata.currentVersion === 0 ? undefined : findVersion(metadata, metadata.currentVersion)
}

/** One version's metadata; undefined when it never existed or was dropped. */
export function findVersion(metadata: SecretMetadata, number: number): VersionMetadata | undefined {
  // Versions ascend by one, so that the place follows from the number.
  const first = metadata.versions[0]?.version ?? 0
  const found = metadata.versions[number - first]
  return found?.version === number ? found : undefined
}
