import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { SecretKey, keyBytes } from './secret-key'

/** What a key derived from the data key is for. */
export type KeyPurpose = 'record' | 'name' | 'header'

/**
 * Derives the key of a purpose from the data key: HKDF-SHA-256 with the vault id as salt and
 * `coffret/1/<purpose>` as info. Source: RFC 5869.
 * @param vaultId 16 bytes
 */
export function deriveKey(dataKey: SecretKey, vaultId: Uint8Array, purpose: KeyPurpose): SecretKey {
  return new SecretKey(expand(dataKey.bytes, vaultId, text(`coffret/1/${purpose}`), keyBytes))
}

/** HKDF-SHA-256, extract and expand. Source: RFC 5869. `length` is at most 8,160 bytes. */
export function expand(
  secret: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, length))
}

/** HMAC-SHA-256, 32 bytes. Source: RFC 2104. */
export function authenticate(key: SecretKey, message: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha256', key.bytes).update(message).digest())
}

/** Whether two byte strings are equal, in a time that depends on their lengths only. */
export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

function text(ascii: string): Uint8Array {
  return new TextEncoder().encode(ascii)
}
