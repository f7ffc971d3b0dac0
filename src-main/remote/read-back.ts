import type { JsonValue } from '../contract/json'
import { isJsonArray, isJsonObject, JsonNumber } from '../contract/json'
import {
  VersionNumber,
  type SecretData,
  type SecretMetadata,
  type SecretPath,
  type StoreConfig,
  type VersionState,
} from '../contract/model'
import { RemoteFailure, type RemoteReason } from '../contract/remote-failure'
import type { Clock } from '../env'
import { mergePatch } from '../kv/merge-patch'
import type { NextVersion, SettingsChange, WriteOutcome, WriteRequest } from '../kv/secret-store'
import { findVersion, versionState } from '../kv/version-state'
import { objectOfData } from '../wire/secret-data'
import { ifThere } from './facts'
import { mergeWords } from './kv2-fields'
import type { RemoteDialect, VersionedDialect } from './remote-dialect'

/** After these nobody knows whether the server has done what it was asked. */
const uncertain: readonly RemoteReason[] = [
  ...(['no_reply', 'slow', 'overloaded', 'server_fault', 'not_an_api', 'wrong_form'] as const),
  ...(['too_much', 'redirected'] as const),
]

/**
 * A dialect whose changes are looked at when their reply is lost: what is there as it was wanted counts as
 * done, else the failure stays. No change is sent a second time. Under check-and-set the version is that
 * of the write; without it the current one is compared, and equal data counts, whoever wrote it.
 */
export function readingBack(dialect: RemoteDialect, clock: Clock): RemoteDialect {
  const { versioned } = dialect
  const reader = new Reader(dialect, clock)
  return {
    capabilities: dialect.capabilities,
    list: (folder, page) => dialect.list(folder, page),
    listAll: (page) => dialect.listAll(page),
    arriving: () => dialect.arriving(),
    ...(dialect.facts === undefined ? {} : { facts: (path) => reader.facts(path) }),
    readVersion: (path, version) => dialect.readVersion(path, version),
    write: (path, request) =>
      orRead(dialect.write(path, request), () => reader.written(path, request)),
    remove: (path) => orRead(dialect.remove(path), () => reader.removed(path)),
    ...(versioned === undefined ? {} : { versioned: versionedBack(versioned, reader) }),
  }
}

function versionedBack(versioned: VersionedDialect, reader: Reader): VersionedDialect {
  return {
    readMetadata: (path) => versioned.readMetadata(path),
    readConfig: () => versioned.readConfig(),
    addVersion: (path, next) =>
      orRead(versioned.addVersion(path, next), () => reader.added(path, next)),
    setState: (path, versions, state) =>
      orRead(versioned.setState(path, versions, state), () =>
        reader.inState(path, versions, state),
      ),
    writeConfig: (change) =>
      orRead(versioned.writeConfig(change), async () => {
        const config = await versioned.readConfig()
        return hasSettings(config, change) ? { value: config } : undefined
      }),
  }
}

interface Found<T> {
  readonly value: T
}

/**
 * @param read what is there, if it is what was wanted
 * @throws the failure of the change, whatever becomes of reading
 */
async function orRead<T>(
  change: Promise<T>,
  read: () => Promise<Found<T> | undefined>,
): Promise<T> {
  try {
    return await change
  } catch (error) {
    if (!(error instanceof RemoteFailure && uncertain.includes(error.reason))) throw error
    const found = await read().catch(() => undefined)
    if (found === undefined) throw error
    return found.value
  }
}

/** Reads what a change has left. */
class Reader {
  constructor(
    private readonly dialect: RemoteDialect,
    private readonly clock: Clock,
  ) {}

  async facts(path: SecretPath) {
    return this.dialect.facts?.(path)
  }

  async written(path: SecretPath, request: WriteRequest): Promise<Found<WriteOutcome> | undefined> {
    const { versioned } = this.dialect
    const wanted = request.data ?? request.patch
    if (versioned === undefined) return this.#writtenPlain(path, request)
    const metadata = await versioned.readMetadata(path)
    if (!hasSettingsOf(metadata, request.settings)) return undefined
    if (wanted === undefined) return { value: { metadata } }
    const version = findVersion(metadata, numberOf(request, metadata))
    if (version === undefined) return undefined
    const { data } = await this.dialect.readVersion(path, version.version)
    return data !== undefined && holds(data, request) ? { value: { metadata, version } } : undefined
  }

  async added(path: SecretPath, { data, cas }: NextVersion): Promise<Found<number> | undefined> {
    const version = VersionNumber.parse(cas + 1)
    const found = await this.dialect.readVersion(path, version)
    const isOurs = found.data !== undefined && holds(found.data, { mode: 'upsert', data })
    return isOurs ? { value: version } : undefined
  }

  async #writtenPlain(path: SecretPath, request: WriteRequest) {
    // There the outcome says nothing of the server: any read of the only version has it.
    const { data, metadata: version } = await this.dialect.readVersion(path)
    if (data === undefined || !holds(data, request)) return undefined
    const { createdAt } = version
    const metadata: SecretMetadata = {
      ...{ createdAt, updatedAt: createdAt, currentVersion: version.version, oldestVersion: 0 },
      settings: {
        maxVersions: 0,
        casRequired: false,
        deactivateVersionAfter: { seconds: 0, text: '0s' },
      },
      ...{ customMetadata: [], versions: [version] },
    }
    return { value: { metadata, version } }
  }

  async removed(path: SecretPath): Promise<Found<void> | undefined> {
    const { versioned } = this.dialect
    const read =
      versioned === undefined ? this.dialect.readVersion(path) : versioned.readMetadata(path)
    return (await ifThere<unknown>(read)) === undefined ? { value: undefined } : undefined
  }

  async inState(
    path: SecretPath,
    versions: readonly VersionNumber[] | 'current',
    state: VersionState,
  ) {
    const metadata = await this.dialect.versioned?.readMetadata(path)
    if (metadata === undefined) return undefined
    const numbers: readonly number[] = versions === 'current' ? [metadata.currentVersion] : versions
    const found = metadata.versions.filter(({ version }) => numbers.includes(version))
    const now = this.clock.now()
    // What is destroyed stays so, whatever was asked.
    const isDone = found.every((one) => one.destroyed || versionState(one, now) === state)
    return isDone ? { value: found } : undefined
  }
}

/** The number that a write must have made; without check-and-set it can only be the last. */
function numberOf({ cas, mode }: WriteRequest, { currentVersion }: SecretMetadata): number {
  if (cas !== undefined) return cas + 1
  return mode === 'create' ? 1 : currentVersion
}

/** A merge patch changes nothing where it was applied already. */
function holds(data: SecretData, { data: wanted, patch }: WriteRequest): boolean {
  const found = objectOfData(data)
  if (wanted !== undefined) return isEqual(found, objectOfData(wanted))
  return patch !== undefined && isEqual(found, mergePatch(found, objectOfData(patch)))
}

function hasSettings(
  config: StoreConfig,
  { maxVersions, casRequired, deactivateVersionAfter: life }: Partial<StoreConfig>,
): boolean {
  return (
    (maxVersions ?? config.maxVersions) === config.maxVersions &&
    (casRequired ?? config.casRequired) === config.casRequired &&
    (life?.seconds ?? config.deactivateVersionAfter.seconds) ===
      config.deactivateVersionAfter.seconds
  )
}

function hasSettingsOf(
  { settings, customMetadata }: SecretMetadata,
  change: SettingsChange | undefined,
): boolean {
  if (change === undefined) return true
  const base = change.customMetadata ?? customMetadata
  const wanted = new Map(mergeWords(base, change.customMetadataPatch ?? []))
  return (
    hasSettings(settings, change) &&
    wanted.size === customMetadata.length &&
    customMetadata.every(([key, value]) => wanted.get(key) === value)
  )
}

/** Equal as servers keep it: numbers by value, keys in any order. */
function isEqual(a: JsonValue, b: JsonValue): boolean {
  if (a instanceof JsonNumber || b instanceof JsonNumber) {
    const isBoth = a instanceof JsonNumber && b instanceof JsonNumber
    return isBoth && (a.text === b.text || Number(a.text) === Number(b.text))
  }
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b
  if (isJsonArray(a) || isJsonArray(b)) {
    if (!isJsonArray(a) || !isJsonArray(b) || a.length !== b.length) return false
    return a.every((item, at) => {
      const other = b[at]
      return other !== undefined && isEqual(item, other)
    })
  }
  if (!isJsonObject(a) || !isJsonObject(b) || a.size !== b.size) return false
  return [...a].every(([key, item]) => {
    const other = b.get(key)
    return other !== undefined && isEqual(item, other)
  })
}
