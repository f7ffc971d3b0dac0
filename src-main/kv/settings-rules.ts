import { noDuration } from '../contract/duration'
import { CoffretError } from '../contract/errors'
import {
  CustomMetadata,
  type EpochMs,
  type SecretMetadata,
  type StoreConfig,
} from '../contract/model'
import type { SettingsChange } from './secret-store'

/** Versions kept where neither the secret nor its store says a number. Source: KV v2. */
export const defaultMaxVersions = 10

/** Settings as a new secret or store has them: nothing set. */
export const noSettings: StoreConfig = {
  maxVersions: 0,
  casRequired: false,
  deactivateVersionAfter: noDuration,
}

/**
 * How many versions are kept: the larger of the two numbers, 10 when both are 0.
 * Source: KV v2 servers take the maximum, although their manual says that the secret's value wins.
 */
export function effectiveMaxVersions(secret: StoreConfig, store: StoreConfig): number {
  return Math.max(secret.maxVersions, store.maxVersions) || defaultMaxVersions
}

/** Whether a write needs a check-and-set number: one level asking is enough. */
export function isCasRequired(secret: StoreConfig, store: StoreConfig): boolean {
  return secret.casRequired || store.casRequired
}

/**
 * How long a new version lives, in seconds; 0 for ever. The shorter of the two that are set; a negative
 * value at the store switches the end off for all its secrets. Source: KV v2 `delete_version_after`.
 */
export function effectiveLifeSeconds(secret: StoreConfig, store: StoreConfig): number {
  const own = secret.deactivateVersionAfter.seconds
  const shared = store.deactivateVersionAfter.seconds
  if (shared < 0) return 0
  return own > 0 && shared > 0 ? Math.min(own, shared) : Math.max(own, shared)
}

/** Applies a change to settings; what is absent stays. */
export function applyConfig(config: StoreConfig, change: Partial<StoreConfig>): StoreConfig {
  return {
    maxVersions: change.maxVersions ?? config.maxVersions,
    casRequired: change.casRequired ?? config.casRequired,
    deactivateVersionAfter: change.deactivateVersionAfter ?? config.deactivateVersionAfter,
  }
}

/**
 * Applies a change to a store's settings. Any negative life is -1 s: no version of any secret ends.
 * Source: KV v2 config.
 */
export function applyStoreConfig(config: StoreConfig, change: Partial<StoreConfig>): StoreConfig {
  const changed = applyConfig(config, change)
  return changed.deactivateVersionAfter.seconds < 0
    ? { ...changed, deactivateVersionAfter: { seconds: -1, text: '-1s' } }
    : changed
}

/**
 * Applies a change to a secret's settings and custom metadata. The times of the secret stay: only a new
 * version moves `updatedAt`. Source: Vault's KV v2.
 * @param now when a secret that is there is changed; absent for one that is being made
 * @throws CoffretError `invalid` for a negative life or custom metadata beyond its limits, also after merging
 */
export function applySettings(
  metadata: SecretMetadata,
  change: SettingsChange,
  now?: EpochMs,
): SecretMetadata {
  if ((change.deactivateVersionAfter?.seconds ?? 0) < 0) {
    throw new CoffretError('invalid', 'the life of a version is not negative', {
      field: 'deactivateVersionAfter',
    })
  }
  const words = change.customMetadata ?? metadata.customMetadata
  const customMetadata = CustomMetadata.safeParse(patchPairs(words, change))
  if (!customMetadata.success) {
    const problem = customMetadata.error.issues[0]?.message ?? 'invalid'
    throw new CoffretError('invalid', `custom metadata: ${problem}`, { field: 'customMetadata' })
  }
  const { customMetadataTimes: before = [], ...rest } = metadata
  const isNew = now === undefined
  const times = isNew ? [] : customMetadataTimesAfter({ ...rest, before }, customMetadata.data, now)
  return {
    ...rest,
    settings: applyConfig(metadata.settings, change),
    customMetadata: customMetadata.data,
    ...(times.length === 0 ? {} : { customMetadataTimes: times }),
  }
}

type CustomMetadataTimes = NonNullable<SecretMetadata['customMetadataTimes']>

/** When each value that is there was set: what changes now is later than all before, whatever the clock says. */
function customMetadataTimesAfter(
  { customMetadata, before }: { customMetadata: CustomMetadata; before: CustomMetadataTimes },
  after: CustomMetadata,
  now: EpochMs,
): CustomMetadataTimes {
  const [values, times] = [new Map(customMetadata), new Map(before)]
  const at = Math.max(now, ...before.map(([, time]) => time + 1)) as EpochMs
  return after.flatMap(([key, value]) => {
    const time = values.get(key) === value ? times.get(key) : at
    return time === undefined ? [] : [[key, time] as const]
  })
}

/** Merges pairs: a key that exists keeps its place, a new one goes to the end, null removes. */
function patchPairs(
  pairs: CustomMetadata,
  { customMetadataPatch: patch = [] }: SettingsChange,
): (readonly [string, string])[] {
  const merged = new Map(pairs)
  for (const [key, value] of patch) {
    if (value === null) merged.delete(key)
    else merged.set(key, value)
  }
  return [...merged]
}
