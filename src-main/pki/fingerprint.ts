import { createHash } from 'node:crypto'

/**
 * A digest as people compare it: hexadecimal pairs in upper case, separated by colons.
 * @param digest SHA-1 only for comparing with programs that show no other
 */
export function fingerprint(bytes: Uint8Array, digest: 'sha256' | 'sha1' = 'sha256'): string {
  const hex = createHash(digest).update(bytes).digest('hex').toUpperCase()
  return hex.match(/../g)?.join(':') ?? ''
}
