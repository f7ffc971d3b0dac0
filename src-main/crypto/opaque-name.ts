import { concatBytes } from './bytes'
import { authenticate } from './derive'
import type { SecretKey } from './secret-key'

/** The length of an opaque name in bytes: 128 bits. */
export const opaqueNameBytes = 16

/**
 * What stands for a name in the file: the first 128 bits of HMAC-SHA-256 over
 * kind (1 byte) ‖ parent (16 bytes) ‖ name (UTF-8). One name under two parents, or of two kinds, gives
 * two values, so that a stranger cannot see that names are equal.
 * @param kind 0 to 255
 * @param parent 16 bytes
 */
export function opaqueName(
  key: SecretKey,
  kind: number,
  parent: Uint8Array,
  name: string,
): Uint8Array {
  if (parent.length !== opaqueNameBytes) throw new Error('a parent is 16 bytes')
  const message = concatBytes(Uint8Array.of(kind), parent, new TextEncoder().encode(name))
  return authenticate(key, message).slice(0, opaqueNameBytes)
}
