import { noDuration, type Duration } from '../contract/duration'
import { CoffretError } from '../contract/errors'
import type { JsonObject } from '../contract/json'
import type { SecretMetadata, StoreConfig, VersionMetadata } from '../contract/model'
import type { SettingsChange, WriteRequest } from '../kv/secret-store'
import { customMetadataWire } from './kv2'
import { okmsCustomMetadata, okmsCustomPatch, okmsData } from './okms-rules'
import { okmsV1Time } from './time-text'

/** What `POST` and `PATCH data` send. */
export interface OkmsDataFields {
  readonly data: JsonObject
  readonly options?: { readonly cas?: number | null | undefined } | null | undefined
  readonly cas?: number | null | undefined
}

/** What writes of `config` and `metadata` send. Null counts as absent, except in a patch. */
export interface OkmsSettingsFields {
  readonly cas_required?: boolean | null | undefined
  readonly max_versions?: number | null | undefined
  readonly delete_version_after?: Duration | null | undefined
  readonly custom_metadata?: JsonObject | null | undefined
}

/** A write of data as the store takes it. @throws CoffretError `invalid` */
export function okmsWriteOf(fields: OkmsDataFields): WriteRequest {
  return { mode: 'upsert', data: okmsData(fields.data), ...casOf(fields) }
}

/** A merge patch as the store takes it. @throws CoffretError `invalid` */
export function okmsPatchOf(fields: OkmsDataFields): WriteRequest {
  return { mode: 'update', patch: okmsData(fields.data), ...casOf(fields) }
}

/** The guides put `cas` beside `data`. Source: okms-api L45. */
function casOf({ options, cas: beside }: OkmsDataFields): { cas?: number } {
  const inside = options?.cas ?? undefined
  const outside = beside ?? undefined
  if (inside !== undefined && outside !== undefined && inside !== outside) {
    throw new CoffretError('invalid', 'cas and options.cas differ', { field: 'cas' })
  }
  const cas = inside ?? outside
  return cas === undefined ? {} : { cas }
}

/** A change of settings; undefined when nothing is to change. Source: okms-api L21. @throws CoffretError `invalid` */
export function okmsSettingsOf(fields: OkmsSettingsFields): SettingsChange | undefined {
  const { cas_required: casRequired, max_versions: kept, delete_version_after: life } = fields
  const custom = fields.custom_metadata ?? undefined
  const change: SettingsChange = {
    ...(typeof casRequired === 'boolean' ? { casRequired } : {}),
    ...(typeof kept === 'number' ? { maxVersions: kept } : {}),
    ...(life ? { deactivateVersionAfter: life } : {}),
    ...(custom === undefined ? {} : { customMetadata: okmsCustomMetadata(custom) }),
  }
  return Object.keys(change).length === 0 ? undefined : change
}

/** The same of a patch: null unsets, and custom metadata merges. @throws CoffretError `invalid` */
export function okmsSettingsPatchOf(fields: OkmsSettingsFields): SettingsChange | undefined {
  const { custom_metadata: custom, ...others } = fields
  const change: SettingsChange = {
    ...okmsSettingsOf(others),
    ...(others.cas_required === null ? { casRequired: false } : {}),
    ...(others.max_versions === null ? { maxVersions: 0 } : {}),
    ...(others.delete_version_after === null ? { deactivateVersionAfter: noDuration } : {}),
    ...(custom === null ? { customMetadata: [] } : {}),
    ...(custom ? { customMetadataPatch: okmsCustomPatch(custom) } : {}),
  }
  return Object.keys(change).length === 0 ? undefined : change
}

/** The metadata of one version. */
export function okmsV1VersionWire(version: VersionMetadata, secret: SecretMetadata) {
  return {
    created_time: okmsV1Time(version.createdAt),
    custom_metadata: customMetadataWire(secret.customMetadata),
    deletion_time: okmsV1Time(version.deactivatedAt),
    destroyed: version.destroyed,
    version: version.version as number,
  }
}

/** The metadata of a secret with all its versions. */
export function okmsV1MetadataWire(metadata: SecretMetadata, urn: string) {
  return {
    ...okmsV1ConfigWire(metadata.settings),
    created_time: okmsV1Time(metadata.createdAt),
    current_version: metadata.currentVersion,
    custom_metadata: customMetadataWire(metadata.customMetadata),
    oldest_version: metadata.oldestVersion,
    updated_time: okmsV1Time(metadata.updatedAt),
    urn,
    versions: new Map(
      metadata.versions.map((version) => [
        String(version.version),
        {
          created_time: okmsV1Time(version.createdAt),
          deletion_time: okmsV1Time(version.deactivatedAt),
          destroyed: version.destroyed,
        },
      ]),
    ),
  }
}

/** Settings; the duration as it was written, in whichever dialect. */
export function okmsV1ConfigWire(config: StoreConfig) {
  return {
    cas_required: config.casRequired,
    delete_version_after: config.deactivateVersionAfter.text,
    max_versions: config.maxVersions,
  }
}
