import type { z } from 'zod'
import { noDuration, parseDuration, type Duration } from '../contract/duration'
import { CoffretError } from '../contract/errors'
import type { JsonObject } from '../contract/json'
import {
  EpochMs,
  VersionNumber,
  type CustomMetadata,
  type ListEntry,
  type SecretMetadata,
  type StoreConfig,
  type VersionMetadata,
} from '../contract/model'
import { parseGoDuration } from './go-duration'
import type { ConfigWire, MetadataWire, VersionWire } from './kv2-shapes'
import { parseTime } from './time-text'

/** The other direction of `kv2.ts`: what a server answered, as the model has it. */
const epoch = EpochMs.parse(0)

/** One version. @throws CoffretError `invalid` when the server's answer makes no sense */
export function readVersionWire(wire: z.output<typeof VersionWire>): VersionMetadata {
  return versionOf(wire.version, wire)
}

/** A secret's metadata. @throws CoffretError `invalid` */
export function readMetadataWire(wire: z.output<typeof MetadataWire>): SecretMetadata {
  return {
    createdAt: parseTime(wire.created_time) ?? epoch,
    updatedAt: parseTime(wire.updated_time) ?? epoch,
    currentVersion: wire.current_version,
    oldestVersion: wire.oldest_version,
    settings: readConfigWire(wire),
    customMetadata: readCustomWire(wire.custom_metadata),
    versions: Object.entries(wire.versions)
      .map(([number, version]) => versionOf(Number(number), version))
      .sort((a, b) => a.version - b.version),
  }
}

/** Settings of a mount or a secret. @throws CoffretError `invalid` */
export function readConfigWire(wire: z.output<typeof ConfigWire>): StoreConfig {
  return {
    maxVersions: wire.max_versions,
    casRequired: wire.cas_required,
    deactivateVersionAfter: durationOf(wire.delete_version_after),
  }
}

/** Custom metadata; null is none. @throws CoffretError `invalid` */
export function readCustomWire(map: JsonObject | null | undefined): CustomMetadata {
  return Array.from(map ?? [], ([key, value]) => {
    if (typeof value !== 'string') throw new CoffretError('invalid', 'custom metadata is not text')
    return [key, value] as const
  })
}

/** A listed name: a folder ends in `/`. A list says no more of a secret than its name. */
export function readKey(key: string): Pick<ListEntry, 'kind' | 'name'> {
  return key.endsWith('/')
    ? { kind: 'folder', name: key.slice(0, -1) }
    : { kind: 'secret', name: key }
}

interface VersionTimes {
  readonly created_time: string
  readonly deletion_time: string
  readonly destroyed: boolean
}

function versionOf(number: number, wire: VersionTimes): VersionMetadata {
  const version = VersionNumber.safeParse(number)
  if (!version.success) throw new CoffretError('invalid', 'a version is not numbered from 1')
  const deactivatedAt = parseTime(wire.deletion_time)
  return {
    version: version.data,
    createdAt: parseTime(wire.created_time) ?? epoch,
    ...(deactivatedAt === undefined ? {} : { deactivatedAt }),
    destroyed: wire.destroyed,
  }
}

/** A superset of what Vault answers: OKMS keeps the text as it was written, `1d12h` for one. */
function durationOf(text: string): Duration {
  if (text.startsWith('-')) return { seconds: parseGoDuration(text), text }
  const duration = parseDuration(text)
  return duration.seconds === 0 ? noDuration : duration
}
