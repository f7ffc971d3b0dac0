import { z } from 'zod'
import { isJsonObject, parseJson } from '../contract/json'
import {
  EpochMs,
  VersionNumber,
  type SecretData,
  type SecretMetadata,
  type VersionMetadata,
} from '../contract/model'
import { currentVersionOf } from '../kv/version-state'
import { fromHex, toHex } from '../crypto/bytes'
import { decodeJson, decodeText, encodeJson } from './cells'
import { idBytes, type SecretRow } from './names'
import { isPlainSecret } from './plain-rows'
import type { Records } from './records'

/** How many bytes of key names, and of custom metadata, a name row repeats for searching. */
export const maxSearchBytes = 1024

/** One version: number, creation, deactivation if any, destroyed. A secret may have thousands. */
const StoredVersion = z.tuple([VersionNumber, EpochMs, EpochMs.nullable(), z.boolean()])

/** Metadata in the file. The file keeps its own form, whatever the model becomes. */
export const StoredSecret = z.strictObject({
  createdAt: EpochMs,
  updatedAt: EpochMs,
  currentVersion: z.number().int().min(0),
  oldestVersion: z.number().int().min(0),
  settings: z.strictObject({
    maxVersions: z.number().int().min(0),
    casRequired: z.boolean(),
    deactivateVersionAfter: z.strictObject({ seconds: z.number().int().min(0), text: z.string() }),
  }),
  customMetadata: z.array(z.tuple([z.string(), z.string()])),
  versions: z.array(StoredVersion),
  customMetadataTimes: z
    .array(z.tuple([z.string(), EpochMs]).readonly())
    .readonly()
    .optional(),
})

/** A secret's metadata. @throws CoffretError `corrupt` */
export function readSecret(records: Records, row: SecretRow): SecretMetadata {
  const place = { kind: 'secret', id: idBytes(row), version: 0 } as const
  return records.decoded(place, decodeSecret, fromHex(row.metadataTag))
}

/** The metadata that a record says. @throws CoffretError `corrupt` */
export function decodeSecret(text: Uint8Array): SecretMetadata {
  const stored = decodeJson(StoredSecret, text, isPlainSecret)
  return { ...stored, versions: stored.versions.map(versionOf) }
}

/**
 * Writes a secret's metadata.
 * @returns the tag of its sealing as hexadecimal digits, which its name row holds
 */
export function writeSecret(records: Records, id: Uint8Array, metadata: SecretMetadata): string {
  const stored: z.input<typeof StoredSecret> = {
    ...metadata,
    versions: metadata.versions.map(({ version, createdAt, deactivatedAt = null, destroyed }) => [
      version,
      createdAt,
      deactivatedAt,
      destroyed,
    ]),
    customMetadata: metadata.customMetadata.map(pairOf),
  }
  const text = encodeJson(StoredSecret, stored, isPlainSecret)
  return toHex(records.put({ kind: 'secret', id, version: 0 }, text))
}

function versionOf(stored: z.infer<typeof StoredVersion>): VersionMetadata {
  const [version, createdAt, deactivatedAt, destroyed] = stored
  return deactivatedAt === null
    ? { version, createdAt, destroyed }
    : { version, createdAt, deactivatedAt, destroyed }
}

function pairOf([key, value]: readonly [string, string]): [string, string] {
  return [key, value]
}

/** The data of a version that the metadata says is kept. @throws CoffretError `corrupt` */
export function readData(records: Records, id: Uint8Array, version: number): SecretData {
  return decodeData(records.get({ kind: 'version', id, version }))
}

/** The same for whoever may read it again soon: see `Records.value`. @throws CoffretError `corrupt` */
export function readValue(records: Records, id: Uint8Array, version: number): SecretData {
  return decodeData(records.value({ kind: 'version', id, version }))
}

/** The data that a record says. @throws CoffretError `corrupt` */
export function decodeData(text: Uint8Array): SecretData {
  return decodeText(text) as SecretData
}

/** Writes the data of a version. */
export function writeData(
  records: Records,
  id: Uint8Array,
  version: number,
  data: SecretData,
): void {
  records.put({ kind: 'version', id, version }, new TextEncoder().encode(data))
}

/** Writes the data of a version under a number that other data of the secret has had. */
export function writeDataAnew(
  records: Records,
  id: Uint8Array,
  version: number,
  data: SecretData,
): void {
  records.putAnew({ kind: 'version', id, version }, new TextEncoder().encode(data))
}

/** Erases the data of a version. */
export function eraseData(records: Records, id: Uint8Array, version: number): void {
  records.remove({ kind: 'version', id, version })
}

/** Erases a secret's metadata and all its data. */
export function eraseSecret(records: Records, id: Uint8Array): void {
  records.removeVersions(id)
  records.remove({ kind: 'secret', id, version: 0 })
}

/**
 * What a name row repeats of a secret.
 * @param keys the top-level keys of the current data
 * @param metadataTag as {@link writeSecret} returned it
 */
export function describeSecret(
  id: string,
  metadata: SecretMetadata,
  keys: readonly string[],
  metadataTag: string,
): Omit<SecretRow, 'name'> {
  const current = currentVersionOf(metadata)
  const destroyed = current?.destroyed ?? false
  return {
    kind: 'secret',
    id,
    metadataTag,
    currentVersion: metadata.currentVersion,
    updatedAt: metadata.updatedAt,
    ...(current?.deactivatedAt === undefined ? {} : { deactivatedAt: current.deactivatedAt }),
    destroyed,
    // Key names are part of what destroying erases.
    keys: destroyed ? [] : withinBytes(keys, (key) => [key]),
    customMetadata: withinBytes(metadata.customMetadata, (pair) => pair).map(pairOf),
  }
}

/** The top-level keys of secret data. */
export function topLevelKeys(data: SecretData): string[] {
  const value = parseJson(data)
  return isJsonObject(value) ? [...value.keys()] : []
}

function withinBytes<T>(items: readonly T[], texts: (item: T) => readonly string[]): T[] {
  let bytes = 0
  return items.filter((item) => {
    bytes += texts(item).reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    return bytes <= maxSearchBytes
  })
}
