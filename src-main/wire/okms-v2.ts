import type { Duration } from '../contract/duration'
import { CoffretError } from '../contract/errors'
import type { JsonObject } from '../contract/json'
import type {
  SecretData,
  SecretMetadata,
  SecretPath,
  StoreConfig,
  VersionMetadata,
  VersionState,
} from '../contract/model'
import type { SettingsChange, WriteRequest } from '../kv/secret-store'
import { customMetadataMap } from './custom-metadata'
import { localUrn, okmsCustomMetadata, okmsData } from './okms-rules'
import { stateWord, type StateSpelling } from './okms-v2-shapes'
import { okmsV2Time } from './time-text'
import { RenderedJson } from './json-shape'

/** What changes settings. Null counts as absent. */
export interface ConfigFields {
  readonly casRequired?: boolean | null | undefined
  readonly deactivateVersionAfter?: Duration | null | undefined
  readonly maxVersions?: number | null | undefined
}

/** The same with custom metadata, which is replaced as a whole. */
export interface MetadataFields extends ConfigFields {
  readonly customMetadata?: JsonObject | null | undefined
}

/** The parts of a change of a secret. */
export interface SecretFields {
  readonly metadata?: MetadataFields | null | undefined
  readonly version?: { readonly data: JsonObject } | null | undefined
}

/** A creation as the store takes it. @throws CoffretError `invalid`, `too_large` */
export function creationOf({ metadata, version }: SecretFields): WriteRequest {
  return { mode: 'create', ...dataPart(version), settings: settingsChangeOf(metadata ?? {}) }
}

/**
 * A change of a secret as the store takes it: what is absent stays, and where check-and-set is required
 * the settings need it too. Source: okms-api 5.2, 6, L21.
 * @throws CoffretError `invalid` also when there is nothing to change; `too_large`
 */
export function updateOf(
  { metadata, version }: SecretFields,
  cas: number | undefined,
): WriteRequest {
  const change = metadata ?? {}
  const hasSettings = Object.keys(change).length > 0
  if (!hasSettings && (version ?? undefined) === undefined) {
    throw new CoffretError('invalid', 'metadata or version is expected')
  }
  return {
    mode: 'update',
    casGuards: 'settings',
    ...dataPart(version),
    ...(hasSettings ? { settings: settingsChangeOf(change) } : {}),
    ...(cas === undefined ? {} : { cas }),
  }
}

/** A new version as the store takes it. @throws CoffretError `invalid`, `too_large` */
export function newVersionOf(data: JsonObject, cas: number | undefined): WriteRequest {
  return { mode: 'update', data: okmsData(data), ...(cas === undefined ? {} : { cas }) }
}

function dataPart(version: SecretFields['version']): { data?: SecretData } {
  return version ? { data: okmsData(version.data) } : {}
}

/** A change of the domain's settings. @throws CoffretError `invalid` when there is nothing to change */
export function configChangeOf(fields: ConfigFields): Partial<StoreConfig> {
  if (Object.keys(fields).length === 0) {
    throw new CoffretError('invalid', 'a setting is expected')
  }
  return settingsChangeOf(fields)
}

/** @throws CoffretError `invalid` for custom metadata outside its rules */
function settingsChangeOf(fields: MetadataFields): SettingsChange {
  const { casRequired, deactivateVersionAfter: life, maxVersions, customMetadata } = fields
  return {
    ...(typeof casRequired === 'boolean' ? { casRequired } : {}),
    ...(typeof maxVersions === 'number' ? { maxVersions } : {}),
    ...(life ? { deactivateVersionAfter: life } : {}),
    ...(customMetadata ? { customMetadata: okmsCustomMetadata(customMetadata) } : {}),
  }
}

/** A secret to answer about. */
export interface SecretSubject {
  /** Of the domain, for the URN. */
  readonly okmsId: string
  readonly path: SecretPath
  readonly metadata: SecretMetadata
}

/** `path` and `metadata`: what a write answers, and the beginning of every other answer. */
export function okmsV2SecretWire({ okmsId, path, metadata }: SecretSubject) {
  return {
    path,
    metadata: {
      ...okmsV2ConfigWire(metadata.settings),
      createdAt: okmsV2Time(metadata.createdAt),
      currentVersion: metadata.currentVersion,
      customMetadata: customMetadataMap(metadata.customMetadata),
      oldestVersion: metadata.oldestVersion,
      updatedAt: okmsV2Time(metadata.updatedAt),
      urn: localUrn(okmsId, path),
    },
  }
}

/** A version to answer about. */
export interface VersionSubject {
  readonly version: VersionMetadata
  readonly state: VersionState
  /** Only when it was asked for. */
  readonly data?: SecretData | undefined
}

/** One version; without an end, and without data, those fields are absent. Source: okms-api L19, L30. */
export function okmsV2VersionWire(subject: VersionSubject, spelling: StateSpelling) {
  const { version, state, data } = subject
  const { deactivatedAt } = version
  return {
    id: version.version as number,
    state: stateWord(state, spelling),
    createdAt: okmsV2Time(version.createdAt),
    deactivatedAt: deactivatedAt === undefined ? undefined : okmsV2Time(deactivatedAt),
    data: data === undefined ? undefined : new RenderedJson(data),
  }
}

/** Settings; the duration as it was written, in whichever dialect. */
export function okmsV2ConfigWire(config: StoreConfig) {
  return {
    casRequired: config.casRequired,
    deactivateVersionAfter: config.deactivateVersionAfter.text,
    maxVersions: config.maxVersions,
  }
}
