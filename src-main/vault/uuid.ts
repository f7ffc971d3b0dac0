import { toHex } from '../crypto/bytes'
import type { RandomBytes } from '../env'

/** A random UUID. Source: RFC 9562 §5.4. */
export function randomUuid(random: RandomBytes): string {
  const bytes = random(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return uuidOfHex(toHex(bytes))
}

/** A UUID as it is written, from its 32 hexadecimal digits. */
export function uuidOfHex(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
