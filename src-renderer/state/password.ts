/** No letters that are mistaken for others: a password is sometimes typed by hand. */
const signs = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789-_+.'

/** Fills an array with random bytes: `crypto.getRandomValues`. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => unknown

const systemRandom: FillRandom = (bytes) => crypto.getRandomValues(bytes)

/** A whole number from 0 up to, not including, `limit` (at most 65,536); every number is as likely. */
export function randomBelow(limit: number, fill: FillRandom = systemRandom): number {
  // The uneven rest of 2^16 would make small numbers likelier: draw again.
  const bound = 65_536 - (65_536 % limit)
  const bytes = new Uint8Array(2)
  for (;;) {
    fill(bytes)
    const number = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
    if (number < bound) return number % limit
  }
}

/** A random password; 20 signs are 118 bits. */
export function generatePassword(length = 20, fill: FillRandom = systemRandom): string {
  return Array.from({ length }, () => signs[randomBelow(signs.length, fill)]).join('')
}

/** Different numbers from 1 to `limit`, ascending. */
export function pickNumbers(
  count: number,
  limit: number,
  fill: FillRandom = systemRandom,
): number[] {
  const picked = new Set<number>()
  while (picked.size < Math.min(count, limit)) picked.add(randomBelow(limit, fill) + 1)
  return [...picked].sort((a, b) => a - b)
}
