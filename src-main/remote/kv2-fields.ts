import type { Duration } from '../contract/duration'
import type { SecretMetadata, StoreConfig } from '../contract/model'
import type { SettingsChange } from '../kv/secret-store'

type DurationText = (duration: Duration) => string

/** The fields of a change of settings; what stays is absent. */
export function configFields(
  { maxVersions, casRequired, deactivateVersionAfter: life }: Partial<StoreConfig>,
  durationText: DurationText,
) {
  return {
    ...(maxVersions === undefined ? {} : { max_versions: maxVersions }),
    ...(casRequired === undefined ? {} : { cas_required: casRequired }),
    ...(life === undefined ? {} : { delete_version_after: durationText(life) }),
  }
}

/** The body of a change of a secret's settings, and whether it is a merge patch. */
export interface SettingsBody {
  readonly isPatch: boolean
  readonly body: Readonly<Record<string, unknown>>
}

/** @param current the secret as it was read; undefined when it is to be made */
export function settingsFields(
  change: SettingsChange,
  current: SecretMetadata | undefined,
  server: { readonly durationText: DurationText; readonly removesByPatch: boolean },
): SettingsBody {
  const { customMetadata: words, customMetadataPatch: patch } = change
  const fields = configFields(change, server.durationText)
  const canPatch = server.removesByPatch || patch?.every(([, value]) => value !== null) === true
  if (patch !== undefined && words === undefined && current !== undefined && canPatch) {
    return { isPatch: true, body: { ...fields, custom_metadata: new Map(patch) } }
  }
  const replaced =
    patch === undefined ? words : mergeWords(words ?? current?.customMetadata ?? [], patch)
  const body = {
    ...fields,
    ...(replaced === undefined ? {} : { custom_metadata: new Map(replaced) }),
  }
  const isEmpty = Object.keys(body).length === 0
  // Without a known field the servers would not even make the secret; this one says nothing new of it.
  const casRequired = current?.settings.casRequired ?? false
  return { isPatch: false, body: isEmpty ? { cas_required: casRequired } : body }
}

/** Merges pairs: null removes. */
export function mergeWords(
  words: readonly (readonly [string, string])[],
  patch: readonly (readonly [string, string | null])[],
): readonly (readonly [string, string])[] {
  const merged = new Map(words)
  for (const [key, value] of patch) {
    if (value === null) merged.delete(key)
    else merged.set(key, value)
  }
  return [...merged]
}
