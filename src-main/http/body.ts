import {
  isJsonArray,
  isJsonObject,
  parseJson,
  type JsonObject,
  type JsonValue,
  type ParseOptions,
} from '../contract/json'
import { BodyRoom } from './body-room'
import type { ApiRequest } from './message'
import { Refusal } from './refusal'
import { parseForm } from './request-target'

/** The largest request that is read under `/v1`: data of 1 MiB with room for escapes and blanks. */
export const maxVaultRequestBytes = 4_194_304

/** The largest request that is read on the OKMS addresses. Source: okms-api L7. */
export const maxOkmsRequestBytes = 262_144

/** For all bodies that are being read: sixteen of the largest. */
const room = new BodyRoom(67_108_864)

/**
 * Reads a body, never more than `limit` bytes of it.
 * @throws Refusal `body_too_large`
 */
export async function readBody(request: ApiRequest, limit: number): Promise<Uint8Array> {
  checkDeclaredLength(request, limit)
  const place = room.enter()
  let length = 0
  try {
    for await (const part of request.body()) {
      length += part.length
      if (length > limit) throw new Refusal('body_too_large')
      place.add(part)
    }
    return place.whole()
  } finally {
    place.leave()
  }
}

/** Refuses what says that it is too large before any of it is read. @throws Refusal `body_too_large` */
export function checkDeclaredLength({ headers }: ApiRequest, limit: number): void {
  if (Number(headers.get('content-length') ?? 0) > limit) throw new Refusal('body_too_large')
}

/**
 * The body of a write under `/v1` as an object: JSON whatever the type says, a form only when it says
 * so and does not look like JSON (curl's `-d` calls JSON a form). Empty and null are no fields.
 * Source: kv-semantics 1.2.
 * @throws Refusal `bad_request`
 */
export function parseVaultBody(bytes: Uint8Array, contentType: string | null): JsonObject {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const start = text.trimStart()[0]
  if (start === undefined) return new Map()
  if (mediaType(contentType) === formType && start !== '{' && start !== '[') {
    return new Map(
      Array.from(parseForm(latin1(bytes).split('&')), ([name, values]) => [name, values.join(',')]),
    )
  }
  const value = parseText(text, { duplicateKeys: 'last', maxDepth: maxBodyDepth })
  if (value === null) return new Map()
  if (isJsonObject(value))
    return loneSurrogate.test(text) ? (wellFormed(value) as JsonObject) : value
  throw new Refusal('bad_request', ['failed to decode JSON input: expected an object'])
}

/** Data may nest 128 levels; it lies at most two levels deep in a body. */
const maxBodyDepth = 130
const formType = 'application/x-www-form-urlencoded'

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').trim()
}

/**
 * The body of a request on the OKMS addresses. Duplicate keys are refused; undefined when it is empty.
 * @throws Refusal `bad_request`
 */
export function parseOkmsBody(bytes: Uint8Array): JsonValue | undefined {
  if (bytes.length === 0) return undefined
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Refusal('bad_request', ['body is not UTF-8'])
  }
  return text.trim() === '' ? undefined : parseText(text, { maxDepth: maxBodyDepth })
}

function parseText(text: string, options: ParseOptions): JsonValue {
  let value: JsonValue
  try {
    value = parseJson(text, options)
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'not JSON'
    throw new Refusal('bad_request', [`failed to decode JSON input: ${problem}`])
  }
  return value
}

/** The bare media type in lower case, or undefined. */
export function mediaType(contentType: string | null): string | undefined {
  return contentType?.split(';')[0]?.trim().toLowerCase() || undefined
}

const loneSurrogate = /\\u[dD][89a-fA-F]/

/** Half a surrogate pair becomes U+FFFD, as Go's decoder does. */
function wellFormed(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\ufffd')
  if (isJsonArray(value)) return value.map(wellFormed)
  if (isJsonObject(value)) {
    return new Map(
      Array.from(value, ([key, item]) => [wellFormed(key) as string, wellFormed(item)]),
    )
  }
  return value
}
