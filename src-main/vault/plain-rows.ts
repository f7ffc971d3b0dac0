import type { z } from 'zod'
import type { NameRow } from './names'
import type { StoredSecret } from './secret-records'

/*
 * Looks at what the file holds most of, and every read needs: they say yes to nothing that the schemas refuse,
 * at a twentieth of their cost. What they say no to is for the schemas to judge.
 */

/** Whether a value is a name row, at a glance. A secret in the bin is left to the schema. */
export function isPlainNameRow(value: unknown): value is NameRow {
  if (!isObject(value) || typeof value['name'] !== 'string' || !isHexId(value['id'])) return false
  const { kind, metadataTag, currentVersion, updatedAt, deactivatedAt, movedAt, destroyed } = value
  if (movedAt !== undefined && !Number.isSafeInteger(movedAt)) return false
  const rare = Number(deactivatedAt !== undefined) + Number(movedAt !== undefined)
  if (kind === 'folder')
    return Object.keys(value).length === 3 + rare && deactivatedAt === undefined
  return (
    kind === 'secret' &&
    Object.keys(value).length === 9 + rare &&
    isHexId(metadataTag) &&
    isCount(currentVersion) &&
    Number.isSafeInteger(updatedAt) &&
    (deactivatedAt === undefined || Number.isSafeInteger(deactivatedAt)) &&
    typeof destroyed === 'boolean' &&
    isListOf(value['keys'], isText) &&
    isListOf(value['customMetadata'], isPair)
  )
}

/** Whether a value is what the file says of a secret, at a glance. */
export function isPlainSecret(value: unknown): value is z.output<typeof StoredSecret> {
  if (!isObject(value)) return false
  const { createdAt, updatedAt, currentVersion, oldestVersion, settings, customMetadataTimes } =
    value
  return (
    Object.keys(value).length === 7 + Number(customMetadataTimes !== undefined) &&
    (customMetadataTimes === undefined || isListOf(customMetadataTimes, isTimedWord)) &&
    Number.isSafeInteger(createdAt) &&
    Number.isSafeInteger(updatedAt) &&
    isCount(currentVersion) &&
    isCount(oldestVersion) &&
    isPlainSettings(settings) &&
    isListOf(value['customMetadata'], isPair) &&
    isListOf(value['versions'], isPlainVersion)
  )
}

function isPlainSettings(value: unknown): boolean {
  if (!isObject(value) || Object.keys(value).length !== 3) return false
  const { maxVersions, casRequired, deactivateVersionAfter: after } = value
  return (
    isCount(maxVersions) &&
    typeof casRequired === 'boolean' &&
    isObject(after) &&
    Object.keys(after).length === 2 &&
    isCount(after['seconds']) &&
    typeof after['text'] === 'string'
  )
}

/** That of `VersionNumber`. */
const maxVersion = 4_294_967_295

function isPlainVersion(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 4) return false
  const [version, createdAt, deactivatedAt, destroyed]: unknown[] = value
  return (
    isCount(version) &&
    version >= 1 &&
    version <= maxVersion &&
    Number.isSafeInteger(createdAt) &&
    (deactivatedAt === null || Number.isSafeInteger(deactivatedAt)) &&
    typeof destroyed === 'boolean'
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(isText)
}

function isTimedWord(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [key, time]: unknown[] = value
  return isText(key) && Number.isSafeInteger(time)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isHexId(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
}
