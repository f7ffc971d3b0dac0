import { Refusal } from './refusal'
import { decodeOnce } from './request-target'

/** Segments to match with operations, and whether the address ended in a slash. */
export interface Address {
  readonly segments: readonly string[]
  readonly hasTrailingSlash: boolean
}

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u
/** What most addresses are made of, known at a glance. */
const plain = /^[\w-]*$/

/**
 * An address of the Vault dialect: decoded before it is split, so that `a%2Fb` is two segments; double
 * slashes count as one. Source: kv-semantics 1.4.
 * @throws Refusal `bad_request` for `.` and `..` segments and what cannot be printed
 */
export function vaultAddress(rawSegments: readonly string[]): Address {
  const isPlain = rawSegments.every((raw) => plain.test(raw))
  const parts = isPlain ? rawSegments : rawSegments.flatMap((raw) => decodeOnce(raw).split('/'))
  if (parts.some((part) => part === '.' || part === '..')) {
    throw new Refusal('bad_request', ['relative paths not supported'])
  }
  if (!isPlain && !parts.every((part) => printable.test(part))) throw new Refusal('bad_request')
  return {
    segments: parts.filter((part) => part !== ''),
    hasTrailingSlash: parts.length > 1 && parts.at(-1) === '',
  }
}

/**
 * An address of the OKMS REST dialect: below `secret/` it is routed while still encoded, so that
 * `a%2Fversion` is the secret `a/version` and `a/version` the versions of `a`. The path of the secret
 * comes out as one segment, decoded. Source: okms-api 2.2 and L16.
 * @param rawSegments what follows `v2/`, or the domain id of the central API
 * @throws Refusal `no_route` for double slashes; `bad_request`
 */
export function okmsV2Address(rawSegments: readonly string[]): Address {
  const hasTrailingSlash = rawSegments.length > 1 && rawSegments.at(-1) === ''
  const raw = hasTrailingSlash ? rawSegments.slice(0, -1) : rawSegments
  if (raw.includes('')) throw new Refusal('no_route')
  const [first = '', ...below] = raw
  const tail = tailLength(below)
  const path = below.slice(0, below.length - tail).map(decodeOnce)
  const rest = below.slice(below.length - tail)
  return {
    segments: [first, ...(path.length === 0 ? [] : [path.join('/')]), ...rest],
    hasTrailingSlash,
  }
}

/** How many segments at the end are `version` or `version/N`; a path of its own always comes before. */
function tailLength(raw: readonly string[]): number {
  if (raw.length >= 3 && raw.at(-2) === 'version') return 2
  return raw.length >= 2 && raw.at(-1) === 'version' ? 1 : 0
}

/**
 * An address of the OKMS dialect that follows KV version 2: `secret`, the endpoint, and the path of the
 * secret with raw or encoded slashes, which comes out as one segment. Source: okms-api 2.2.
 * @param rawSegments what follows `v1/`
 * @throws Refusal `no_route` for double slashes; `bad_request`
 */
export function okmsV1Address(rawSegments: readonly string[]): Address {
  const hasTrailingSlash = rawSegments.length > 1 && rawSegments.at(-1) === ''
  const raw = hasTrailingSlash ? rawSegments.slice(0, -1) : rawSegments
  if (raw.includes('')) throw new Refusal('no_route')
  // `sys/internal/ui/mounts/…` is the only address besides `secret/…`.
  const fixed = raw[0] === 'sys' ? 4 : 2
  const path = raw.slice(fixed).map(decodeOnce)
  return {
    segments: [...raw.slice(0, fixed), ...(path.length === 0 ? [] : [path.join('/')])],
    hasTrailingSlash,
  }
}
