import type { JsonValue } from '../contract/json'
import { render } from './json-shape'
import type { Operation } from './operation'

/** What a client puts into an operation. */
export interface RequestInput {
  /** Decoded; encoded here, slashes of a path included. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Plain objects, lossless JSON, or a mixture. */
  readonly body?: JsonValue | Readonly<Record<string, unknown>>
}

/** A request as it goes over the wire. */
export interface RequestText {
  readonly method: string
  /** Path and query, encoded. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * The request of an operation: what our client sends, and tests too. A `LIST` is sent as `GET` with
 * `list=true`, which proxies and HTTP libraries let through.
 * @throws Error when a part of the path is missing, or is a dot segment that servers would fold
 */
export function requestText(operation: Operation, input: RequestInput = {}): RequestText {
  const [method] = operation.methods
  const isList = method === 'LIST'
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_braces, name: string) =>
    encodePart(operation.id, name, input.params?.[name]),
  )
  const query = queryText({ ...input.query, ...(isList ? { list: true } : {}) })
  const headers = Object.entries(input.headers ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const type = operation.bodyTypes?.at(-1) ?? 'application/json'
  return {
    method: isList ? 'GET' : method,
    target: query === '' ? path : `${path}?${query}`,
    headers: Object.fromEntries([
      ...headers,
      ...(input.body === undefined ? [] : [['content-type', type]]),
    ]),
    ...(input.body === undefined ? {} : { body: render(input.body) }),
  }
}

/** The whole path of a secret is one part: the OKMS addresses are ambiguous with raw slashes. */
function encodePart(id: string, name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new Error(`${id} needs ${name}`)
  // `encodeURIComponent` leaves dots alone, and a proxy folds such segments once they are decoded.
  if (value.split('/').some((part) => part === '.' || part === '..')) {
    throw new Error(`${name} of ${id} has a dot segment`)
  }
  return encodeURIComponent(value)
}

function queryText(query: NonNullable<RequestInput['query']>): string {
  return Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&')
}
