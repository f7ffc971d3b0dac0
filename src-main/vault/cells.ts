import type { z } from 'zod'
import { CoffretError } from '../contract/errors'

const utf8 = new TextEncoder()

/** A byte string from the file. @throws CoffretError `corrupt` when the cell holds something else */
export function blob(cell: unknown): Uint8Array {
  if (cell instanceof Uint8Array) return cell
  throw new CoffretError('corrupt', 'a cell of the vault is not a byte string')
}

/** A whole number from the file. @throws CoffretError `corrupt` */
export function integer(cell: unknown): number {
  if (typeof cell === 'number' && Number.isSafeInteger(cell)) return cell
  throw new CoffretError('corrupt', 'a cell of the vault is not a whole number')
}

/** Says of most values that a schema accepts that it does, at less cost; see `plain-rows.ts`. */
type Glance<S extends z.ZodType> = (value: unknown) => value is z.output<S>

/**
 * JSON as UTF-8, of what {@link decodeJson} will accept: a record that nobody could read again must not
 * be written.
 */
export function encodeJson<S extends z.ZodType>(
  schema: S,
  value: z.input<S>,
  isPlain?: Glance<S>,
): Uint8Array {
  return utf8.encode(JSON.stringify(isPlain?.(value) === true ? value : schema.parse(value)))
}

/**
 * The same for a record that is put together of proved parts each time something is written, where parsing
 * it would cost more than sealing it: its type says its form, and JSON would write a number that is none as
 * `null`.
 * @param numbers those that it holds
 */
export function encodeMade<S extends z.ZodType>(
  value: z.output<S>,
  ...numbers: readonly (number | undefined)[]
): Uint8Array {
  if (!numbers.every((one) => one === undefined || Number.isSafeInteger(one))) {
    throw new Error('a record of the vault would hold a number that is not whole')
  }
  return utf8.encode(JSON.stringify(value))
}

/** Parses what {@link encodeJson} wrote. @throws CoffretError `corrupt` */
export function decodeJson<S extends z.ZodType>(
  schema: S,
  bytes: Uint8Array,
  isPlain?: Glance<S>,
): z.output<S> {
  try {
    const value: unknown = JSON.parse(decodeText(bytes))
    return isPlain?.(value) === true ? value : schema.parse(value)
  } catch (cause) {
    if (cause instanceof CoffretError) throw cause
    // Without the cause: its message may quote what was sealed.
    throw new CoffretError('corrupt', 'a record of the vault is not of this format')
  }
}

/** Making one costs more than decoding a record with it. */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Strict UTF-8. @throws CoffretError `corrupt` */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    throw new CoffretError('corrupt', 'a record of the vault is not text')
  }
}
