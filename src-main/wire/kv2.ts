import { CoffretError } from '../contract/errors'
import type { JsonObject } from '../contract/json'
import {
  MaxVersions,
  VersionNumber,
  type CustomMetadata,
  type SecretMetadata,
  type StoreConfig,
  type VersionMetadata,
} from '../contract/model'
import type { SettingsChange, WriteRequest } from '../kv/secret-store'
import { customMetadataMap, readCustomMetadata, readCustomMetadataPatch } from './custom-metadata'
import { readInteger } from './fields'
import { formatGoDuration, goDuration } from './go-duration'
import { secretDataOf } from './secret-data'
import { vaultTime } from './time-text'

/** What `data` writes send, once the fields are converted. */
export interface DataFields {
  readonly data?: JsonObject | null | undefined
  readonly options?: JsonObject | null | undefined
}

/** What `metadata` and `config` writes send. Undefined is absent; a duration is undefined for null too. */
export interface SettingsFields {
  readonly max_versions?: number | undefined
  readonly cas_required?: boolean | undefined
  readonly delete_version_after?: number | undefined
  readonly custom_metadata?: JsonObject | null | undefined
}

/** A write of data as the store takes it. @throws CoffretError `invalid`, `too_large` */
export function writeRequestOf({ data, options }: DataFields): WriteRequest {
  return { mode: 'upsert', data: secretDataOf(requiredData(data)), ...casOf(options) }
}

/** A merge patch as the store takes it. @throws CoffretError `invalid`, `too_large` */
export function patchRequestOf({ data, options }: DataFields): WriteRequest {
  return { mode: 'update', patch: secretDataOf(requiredData(data)), ...casOf(options) }
}

/** `null` is refused like absence: stored, it would be a secret that no patch can be made to. */
function requiredData(data: JsonObject | null | undefined): JsonObject {
  if (data === null || data === undefined) throw new CoffretError('invalid', 'no data provided')
  return data
}

/** Source: kv-semantics 2.6. A negative number matches nothing, so it is a mismatch like any other. */
function casOf(options: JsonObject | null | undefined): { cas?: number } {
  if (options === null || options === undefined || !options.has('cas')) return {}
  try {
    return { cas: readInteger(options.get('cas') ?? null) }
  } catch (cause) {
    throw new CoffretError('invalid', 'error parsing check-and-set parameter', { cause })
  }
}

/** A change of settings; undefined when no known field was sent. @throws CoffretError `invalid` */
export function settingsOf(fields: SettingsFields): SettingsChange | undefined {
  const { max_versions: kept, cas_required: casRequired, delete_version_after: life } = fields
  const custom = fields.custom_metadata
  const change: SettingsChange = {
    ...(kept === undefined ? {} : { maxVersions: maxVersionsOf(kept) }),
    ...(casRequired === undefined ? {} : { casRequired }),
    ...(life === undefined ? {} : { deactivateVersionAfter: goDuration(life) }),
    ...(custom === undefined ? {} : { customMetadata: readCustomMetadata(custom) }),
  }
  return Object.keys(change).length === 0 ? undefined : change
}

/** The same of a patch: custom metadata merges, and null clears it. @throws CoffretError `invalid` */
export function settingsPatchOf(fields: SettingsFields): SettingsChange | undefined {
  const { custom_metadata: custom, ...others } = fields
  if (custom === undefined || custom === null) return settingsOf(fields)
  return { ...settingsOf(others), customMetadataPatch: readCustomMetadataPatch(custom) }
}

function maxVersionsOf(number: number): number {
  const parsed = MaxVersions.safeParse(number)
  if (parsed.success) return parsed.data
  throw new CoffretError('invalid', 'max_versions is 0 to 24000', { field: 'max_versions' })
}

/** Version numbers to bring into a state; those that no version can have are left out. */
export function versionNumbers(numbers: readonly number[]): readonly VersionNumber[] {
  return numbers.flatMap((number) => {
    const parsed = VersionNumber.safeParse(number)
    return parsed.success ? [parsed.data] : []
  })
}

/** Absent, 0 and negative mean the latest. Source: kv-semantics 2.3. */
export function wantedVersion(number: number | undefined): number | undefined {
  return number === undefined || number <= 0 ? undefined : number
}

/** Null where there is none, as the Vault dialect has it. */
export function customMetadataWire(pairs: CustomMetadata): ReadonlyMap<string, string> | null {
  return pairs.length === 0 ? null : customMetadataMap(pairs)
}

/** The five fields of one version. */
export function versionWire(version: VersionMetadata, custom: CustomMetadata) {
  return {
    created_time: vaultTime(version.createdAt),
    custom_metadata: customMetadataWire(custom),
    deletion_time: vaultTime(version.deactivatedAt),
    destroyed: version.destroyed,
    version: version.version as number,
  }
}

/** The metadata of a secret with all its versions; the settings are the secret's own. */
export function metadataWire(metadata: SecretMetadata) {
  return {
    ...configWire(metadata.settings),
    created_time: vaultTime(metadata.createdAt),
    current_version: metadata.currentVersion,
    custom_metadata: customMetadataWire(metadata.customMetadata),
    oldest_version: metadata.oldestVersion,
    updated_time: vaultTime(metadata.updatedAt),
    versions: new Map(
      metadata.versions.map((version) => [
        String(version.version),
        {
          created_time: vaultTime(version.createdAt),
          deletion_time: vaultTime(version.deactivatedAt),
          destroyed: version.destroyed,
        },
      ]),
    ),
  }
}

/** The settings of a mount, or of a secret. */
export function configWire(config: StoreConfig) {
  return {
    cas_required: config.casRequired,
    delete_version_after: formatGoDuration(config.deactivateVersionAfter.seconds),
    max_versions: config.maxVersions,
  }
}

/** The warning for a secret that wants less than its mount. Source: kv-semantics 2.7. */
export const casWarning =
  '"cas_required" set to false, but is mandated by backend config. This value will be ignored.'

const wordOf: Readonly<Record<string, string>> = {
  GET: 'get',
  POST: 'put',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'delete',
  LIST: 'list',
}

const endpoints = ['data', 'metadata', 'delete', 'undelete', 'destroy']

/** What a client is told that speaks version 1 to a version 2 mount. Source: kv-semantics 2. */
export function invalidPathWarning(verb: string, segments: readonly string[]): string {
  const [only = ''] = segments
  if (segments.length === 1 && endpoints.includes(only)) {
    return 'Non-listing operations on the root of a K/V v2 mount are not supported.'
  }
  return (
    'Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API ' +
    'endpoints to use. If using the Vault CLI, use ' +
    `'vault kv ${wordOf[verb] ?? 'get'}' for this operation.`
  )
}
