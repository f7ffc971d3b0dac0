import {
  isJsonArray,
  isJsonObject,
  parseJson,
  stringifyJson,
  type JsonObject,
  type JsonValue,
} from '../../../src-main/contract/json'
import type { Received } from './peers'

/** A reply in the form in which two servers can be compared: what is new each time has a name instead. */
export function normalForm({ status, headers, text }: Received): JsonObject {
  const shown = Object.entries(headers).map(([name, value]) => [name, value ?? null] as const)
  return new Map<string, JsonValue>([
    ['status', String(status)],
    ...shown,
    ['body', text === '' ? null : normalValue('', jsonOf(text))],
  ])
}

/** Not every body is JSON: OpenBao answers a redirect in HTML. */
function jsonOf(text: string): JsonValue {
  try {
    return parseJson(text)
  } catch {
    return text.trim()
  }
}

/** Made anew for each request, mount or server. */
const ids = ['request_id', 'accessor', 'uuid', 'cluster_id', 'cluster_name', 'id']
const clocks = ['server_time_utc', 'creation_time']

function normalValue(name: string, value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map((item) => normalValue('', item))
  if (isJsonObject(value)) return normalObject(value)
  if (clocks.includes(name)) return '<time>'
  if (typeof value !== 'string' || value === '') return value
  if (ids.includes(name)) return '<id>'
  if (timePattern.test(value)) return '<time>'
  if (/^v?\d+\.\d+\.\d+/.test(value)) return '<server version>'
  return normalText(value)
}

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

function normalObject(object: JsonObject): JsonObject {
  const normal = new Map(
    Array.from(object, ([name, value]) => [name, normalValue(name, value)] as const),
  )
  const [made, end] = [object.get('created_time'), object.get('deletion_time')]
  if (typeof made === 'string' && typeof end === 'string' && timePattern.test(end)) {
    // A planned end is told by its distance; what was deleted by hand was so within this second.
    const seconds = Math.round((Date.parse(end) - Date.parse(made)) / 1000)
    if (seconds >= 2) normal.set('deletion_time', `<time + ${seconds} s>`)
  }
  return normal
}

/**
 * What Go's libraries add to an error is theirs: the words about a value that cannot be converted, and
 * those about JSON that cannot be parsed. Clients look at the status and the name of the field.
 */
function normalText(text: string): string {
  const field = /error converting input for field "?([\w]*)"?/.exec(text)?.[1]
  if (field !== undefined) return `<cannot convert ${field}>`
  return text.startsWith('failed to decode JSON input: ') ? '<not JSON>' : text
}

/** One part of two replies that is not the same. */
export interface Difference {
  /** `status`, `body.data.version`. */
  readonly part: string
  /** As JSON; `absent` when there is none. */
  readonly coffret: string
  readonly openBao: string
}

/** Where two values differ, as deep as they have the same form. */
export function differences(
  coffret: JsonValue | undefined,
  openBao: JsonValue | undefined,
  inOrder = false,
  part = '',
): readonly Difference[] {
  const below = (name: string | number) => (part === '' ? String(name) : `${part}.${name}`)
  if (isObject(coffret) && isObject(openBao)) {
    const names = [...new Set([...openBao.keys(), ...coffret.keys()])]
    const found = names.flatMap((name) =>
      differences(coffret.get(name), openBao.get(name), inOrder, below(name)),
    )
    const order = [coffret, openBao].map((one) => JSON.stringify([...one.keys()]))
    if (!inOrder || found.length > 0 || order[0] === order[1]) return found
    return [{ part: below('<order>'), coffret: order[0] ?? '', openBao: order[1] ?? '' }]
  }
  if (isArray(coffret) && isArray(openBao) && coffret.length === openBao.length) {
    return coffret.flatMap((item, index) =>
      differences(item, openBao[index], inOrder, below(index)),
    )
  }
  const [ours, theirs] = [shown(coffret), shown(openBao)]
  return ours === theirs ? [] : [{ part, coffret: ours, openBao: theirs }]
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return value !== undefined && isJsonObject(value)
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return value !== undefined && isJsonArray(value)
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? 'absent' : stringifyJson(value)
}
