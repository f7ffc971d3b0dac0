import { z } from 'zod'
import { parseDuration, type Duration } from '../contract/duration'
import { CoffretError } from '../contract/errors'
import { JsonNumber, type JsonObject } from '../contract/json'
import {
  maxWindowDataBytes,
  type CustomMetadata,
  type SecretData,
  type StoreConfig,
} from '../contract/model'
import { hasEmptyKey, isNarrowPath, isNarrowWord } from '../kv/narrow-rules'
import type { SettingsChange } from '../kv/secret-store'
import { exact } from './json-shape'
import { secretDataOf } from './secret-data'

/** The last version number of the OKMS APIs. Source: okms-api 2.5, L36. */
export const lastOkmsVersion = 24_000

/**
 * Whether a path can be created through the OKMS APIs; one that is there already is served whatever it
 * is called. Source: okms-api L15, L44.
 */
export function isOkmsPath(path: string): boolean {
  return isNarrowPath(path)
}

/** What {@link isOkmsPath} asks for, in words. */
export const okmsPathRule = 'a path is 1 to 255 letters, digits and _ . : / = @ -'

/**
 * Data as the OKMS APIs take it: at most 65,536 bytes of compact JSON, no empty key. Source: okms-api
 * L7, L19. @throws CoffretError `invalid`
 */
export function okmsData(object: JsonObject): SecretData {
  if (hasEmptyKey(object)) {
    throw new CoffretError('invalid', 'data has an empty key', { field: 'data' })
  }
  return secretDataOf(object, maxWindowDataBytes)
}

/**
 * Custom metadata as the OKMS APIs take it: at most 64 entries, keys of 1 to 128 and values of 1 to 512
 * characters of a narrow alphabet without blanks. Source: okms-api L20.
 * @throws CoffretError `invalid`
 */
export function okmsCustomMetadata(map: JsonObject): CustomMetadata {
  const pairs = okmsCustomPatch(map)
  if (pairs.length > 64) throw invalidWords('at most 64 entries')
  return pairs.map(([key, value]) => {
    if (value === null) throw invalidWords(`${JSON.stringify(key)} is null`)
    return [key, value] as const
  })
}

/** A merge patch of custom metadata: null removes a key. @throws CoffretError `invalid` */
export function okmsCustomPatch(map: JsonObject): readonly (readonly [string, string | null])[] {
  return Array.from(map, ([key, value]) => {
    if (!isNarrowWord(key, 128)) {
      throw invalidWords('a key is 1 to 128 letters, digits and _ . : / = @ % -')
    }
    if (value !== null && (typeof value !== 'string' || !isNarrowWord(value, 512))) {
      throw invalidWords(`the value of ${key} is not 1 to 512 letters, digits and _ . : / = @ % -`)
    }
    return [key, value] as const
  })
}

function invalidWords(problem: string): CoffretError {
  return new CoffretError('invalid', `custom metadata: ${problem}`, { field: 'custom_metadata' })
}

/** A duration: its text is kept as it was written. A bare number is seconds. Source: okms-api L29. */
export const okmsDuration = () => durationSchema(false)

/** The same, where a negative one switches the end of versions off (the domain, through v1). */
export const okmsSignedDuration = () => durationSchema(true)

function durationSchema(mayBeNegative: boolean) {
  return exact(
    z
      .unknown()
      .transform((value, context): Duration => {
        const text = value instanceof JsonNumber ? value.text : value
        if (typeof text !== 'string') {
          context.addIssue({ code: 'invalid_type', expected: 'string', input: value })
          return z.NEVER
        }
        if (mayBeNegative && /^\s*-/.test(text)) return { seconds: -1, text: '-1s' }
        try {
          return parseDuration(text)
        } catch (error) {
          context.addIssue(error instanceof CoffretError ? error.message : 'not a duration')
          return z.NEVER
        }
      })
      .meta({ type: 'string', examples: ['7d1h30m10s'] }),
  )
}

/** What was asked of a secret's settings and is not in force, for `warnings`. Source: okms-api L31. */
export function settingsWarnings(change: SettingsChange, store: StoreConfig): readonly string[] {
  const life = change.deactivateVersionAfter?.seconds ?? 0
  const domainLife = store.deactivateVersionAfter.seconds
  return [
    ...(change.casRequired === false && store.casRequired
      ? ['cas_required stays in force: the domain requires it']
      : []),
    ...(domainLife > 0 && life > domainLife
      ? ['the life of versions is longer than that of the domain, which stays in force']
      : []),
  ]
}

/** The warning for fields that mean nothing; none when there are none. Source: okms-api L32. */
export function unknownFieldsWarning(names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`unknown fields were ignored: ${names.join(', ')}`]
}

/** The name of a secret for OVHcloud's IAM, visibly not one of theirs. Source: okms-api L34. */
export function localUrn(okmsId: string, path: string): string {
  return `urn:v1:local:resource:okms:${okmsId}/secret/${path}`
}
