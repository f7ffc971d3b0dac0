import { CoffretError } from '../contract/errors'
import { JsonNumber, type JsonObject } from '../contract/json'
import { readDuration } from './fields'

/** 768 hours: what the servers answer unless the mount or the secret says otherwise. */
export const defaultLeaseSeconds = 2_764_800

/**
 * `lease_duration` of a secret: its `ttl`, else its `lease`, else what the mount says. A `ttl` that
 * cannot be read does not fall back to `lease`. Nothing expires. Source: kv-semantics 3.
 */
export function leaseSecondsOf(secret: JsonObject, mountLeaseSeconds: number): number {
  const usual = mountLeaseSeconds > 0 ? mountLeaseSeconds : defaultLeaseSeconds
  const name = secret.has('ttl') ? 'ttl' : 'lease'
  const value = secret.get(name)
  if (value === undefined) return usual
  if (value === null) return 0
  if (typeof value !== 'string' && !(value instanceof JsonNumber)) return usual
  try {
    return readDuration(value) ?? usual
  } catch (error) {
    if (error instanceof CoffretError) return usual
    throw error
  }
}
