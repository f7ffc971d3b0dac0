import type { SecretMetadata, StoreConfig, VersionNumber } from '../../src-main/contract/model'

/** Where an effective value comes from. */
export type Origin = 'secret' | 'store' | 'default'

/** A value in force, and why. */
export interface Effective<T> {
  readonly value: T
  readonly origin: Origin
}

/** Versions kept where neither the secret nor its store says a number. */
export const defaultMaxVersions = 10

/** What is in force for a secret. The rules are the store's own; this says them to people. */
export interface EffectiveSettings {
  readonly maxVersions: Effective<number>
  readonly casRequired: Effective<boolean>
  /** Seconds and text; 0 seconds means never. */
  readonly deactivateVersionAfter: Effective<StoreConfig['deactivateVersionAfter']>
}

/** The larger number of versions, any demand for check-and-set, the shorter life. */
export function effectiveSettings(secret: StoreConfig, store: StoreConfig): EffectiveSettings {
  return {
    maxVersions: effectiveMaxVersions(secret, store),
    casRequired: effectiveCas(secret, store),
    deactivateVersionAfter: effectiveLife(secret, store),
  }
}

function effectiveMaxVersions(secret: StoreConfig, store: StoreConfig): Effective<number> {
  if (secret.maxVersions === 0 && store.maxVersions === 0) {
    return { value: defaultMaxVersions, origin: 'default' }
  }
  return secret.maxVersions >= store.maxVersions
    ? { value: secret.maxVersions, origin: 'secret' }
    : { value: store.maxVersions, origin: 'store' }
}

function effectiveCas(secret: StoreConfig, store: StoreConfig): Effective<boolean> {
  if (secret.casRequired) return { value: true, origin: 'secret' }
  return store.casRequired ? { value: true, origin: 'store' } : { value: false, origin: 'default' }
}

function effectiveLife(
  secret: StoreConfig,
  store: StoreConfig,
): EffectiveSettings['deactivateVersionAfter'] {
  const own = secret.deactivateVersionAfter
  const shared = store.deactivateVersionAfter
  // A negative value at the store switches the end off for all its secrets.
  if (shared.seconds < 0) return { value: { seconds: 0, text: '0s' }, origin: 'store' }
  if (own.seconds === 0 && shared.seconds === 0) return { value: own, origin: 'default' }
  const isOwn = own.seconds > 0 && (shared.seconds === 0 || own.seconds <= shared.seconds)
  return isOwn ? { value: own, origin: 'secret' } : { value: shared, origin: 'store' }
}

/** The versions that the next write drops, ascending. */
export function droppedByNextWrite(metadata: SecretMetadata, maxVersions: number): VersionNumber[] {
  const oldestKept = metadata.currentVersion + 1 - maxVersions + 1
  return metadata.versions.map(({ version }) => version).filter((version) => version < oldestKept)
}
