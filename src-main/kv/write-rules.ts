import { CoffretError } from '../contract/errors'
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '../contract/json'
import {
  dataBytes,
  maxDataBytes,
  type EpochMs,
  type SecretData,
  type SecretMetadata,
  type StoreConfig,
  type VersionMetadata,
  type VersionNumber,
} from '../contract/model'
import { mergePatch } from './merge-patch'
import type { WriteRequest } from './secret-store'
import {
  applyConfig,
  applySettings,
  effectiveLifeSeconds,
  effectiveMaxVersions,
  isCasRequired,
  noSettings,
} from './settings-rules'
import { plannedEnd } from './state-rules'
import { currentVersionOf, versionState } from './version-state'

/** The last version number; a secret that reached it takes no more data. */
export const lastVersionNumber = 4_294_967_295

/** What a write starts from. */
export interface WriteInput {
  /** Undefined when the secret does not exist. */
  readonly current: SecretMetadata | undefined
  /** Reads the current version's data; called for a patch only, and only while it is active. */
  readonly currentData: () => SecretData
  readonly request: WriteRequest
  /** The settings of the store. */
  readonly store: StoreConfig
  readonly now: EpochMs
}

/** What a write comes to. */
export interface WritePlan {
  readonly metadata: SecretMetadata
  /** The new version and its data; absent when only settings change. */
  readonly added?: { readonly version: VersionMetadata; readonly data: SecretData }
  /** Versions that make room, with everything known of them. */
  readonly dropped: readonly VersionNumber[]
}

/**
 * Decides a write, without doing it. Checks in this order: the secret exists or not as the mode wants,
 * check-and-set, a current version to patch, sizes.
 * Source: KV v2 data and metadata writes; OKMS `POST` and `PUT secret`.
 * @throws CoffretError `exists`, `not_found`, `cas_mismatch`, `cas_required`, `too_large`, `invalid`
 */
export function planWrite(input: WriteInput): WritePlan {
  const { current, request, store, now } = input
  checkForm(request)
  checkMode(current, request)
  checkCas(current, request, store)
  const data = newData(input)
  const before = current ?? emptySecret(now)
  const settled =
    request.settings === undefined
      ? before
      : applySettings(before, request.settings, current === undefined ? undefined : now)
  if (data === undefined) return { metadata: settled, dropped: [] }
  return addVersion(settled, data, store, now)
}

function emptySecret(now: EpochMs): SecretMetadata {
  return {
    createdAt: now,
    updatedAt: now,
    currentVersion: 0,
    oldestVersion: 0,
    settings: noSettings,
    customMetadata: [],
    versions: [],
  }
}

function checkForm(request: WriteRequest): void {
  if (request.data !== undefined && request.patch !== undefined) {
    throw new CoffretError('invalid', 'a write has data or a patch, not both')
  }
  if (!writesData(request) && request.settings === undefined) {
    throw new CoffretError('invalid', 'a write has data, a patch or settings')
  }
}

function writesData(request: WriteRequest): boolean {
  return request.data !== undefined || request.patch !== undefined
}

function checkMode(current: SecretMetadata | undefined, request: WriteRequest): void {
  // Also one with settings only, or with every version deleted, is there.
  if (request.mode === 'create' && current !== undefined) {
    throw new CoffretError('exists', 'the secret exists')
  }
  // There is nothing to merge a patch into, whatever the mode.
  if ((request.mode === 'update' || request.patch !== undefined) && current === undefined) {
    throw new CoffretError('not_found', 'the secret does not exist')
  }
}

/**
 * The current number counts whatever its state: after deactivating version 3 the next write passes 3.
 * A creation needs no number where one is required: it says by itself that nothing may be there.
 */
function checkCas(
  current: SecretMetadata | undefined,
  request: WriteRequest,
  store: StoreConfig,
): void {
  const currentVersion = current?.currentVersion ?? 0
  if (request.cas !== undefined) {
    if (request.cas === currentVersion) return
    const problem = `cas is ${request.cas}, current version is ${currentVersion}`
    throw new CoffretError('cas_mismatch', problem, { field: 'cas' })
  }
  if (request.mode === 'create') return
  const guardsSettings = request.casGuards === 'settings'
  const own = current?.settings ?? noSettings
  // Source: OKMS `PUT secret`, whose settings apply to the very request that carries them.
  const settings = guardsSettings ? applyConfig(own, request.settings ?? {}) : own
  const isRequired = isCasRequired(settings, store)
  if (isRequired && (guardsSettings || writesData(request))) {
    const problem = `cas is required, current version is ${currentVersion}`
    throw new CoffretError('cas_required', problem, { field: 'cas' })
  }
}

function newData({ current, currentData, request, now }: WriteInput): SecretData | undefined {
  if (request.patch === undefined) return request.data
  const version = current === undefined ? undefined : currentVersionOf(current)
  if (version === undefined || versionState(version, now) !== 'active') {
    throw new CoffretError('not_found', 'the current version has no data to patch')
  }
  const merged = mergePatch(objectOf(currentData()), objectOf(request.patch))
  const text = stringifyJson(merged)
  const bytes = dataBytes(text)
  if (bytes > maxDataBytes) {
    throw new CoffretError('too_large', `data is ${bytes} bytes, the limit is ${maxDataBytes}`)
  }
  return text as SecretData
}

function objectOf(data: SecretData): JsonObject {
  const value = parseJson(data)
  if (!isJsonObject(value)) throw new Error('secret data is not an object')
  return value
}

function addVersion(
  metadata: SecretMetadata,
  data: SecretData,
  store: StoreConfig,
  now: EpochMs,
): WritePlan {
  const number = metadata.currentVersion + 1
  if (number > lastVersionNumber) {
    throw new CoffretError('too_large', `version ${lastVersionNumber} is the last one`)
  }
  const version: VersionMetadata = {
    version: number as VersionNumber,
    createdAt: now,
    destroyed: false,
    ...plannedEnd(now, effectiveLifeSeconds(metadata.settings, store)),
  }
  const limit = effectiveMaxVersions(metadata.settings, store)
  // Source: KV v2. The oldest version stays 0 until as many versions as are kept have been written.
  const oldest =
    number - metadata.oldestVersion >= limit ? number - limit + 1 : metadata.oldestVersion
  const versions = [...metadata.versions, version]
  return {
    metadata: {
      ...metadata,
      updatedAt: now,
      currentVersion: number,
      oldestVersion: oldest,
      versions: versions.filter((one) => one.version >= oldest),
    },
    added: { version, data },
    dropped: versions.filter((one) => one.version < oldest).map((one) => one.version),
  }
}
