import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { CoffretError, type FailureCode } from '../contract/errors'

const codes: Readonly<Record<string, FailureCode>> = {
  EEXIST: 'exists',
  EISDIR: 'exists',
  ENOENT: 'not_found',
  ENOTDIR: 'not_found',
  EACCES: 'not_writable',
  EPERM: 'not_writable',
  EROFS: 'not_writable',
}

/**
 * Writes a file that only this user may read (0600), where none is.
 * @throws CoffretError `exists`, `not_found`, `not_writable`, `storage`
 */
export function writeNewFile(file: string, text: string | Uint8Array): void {
  try {
    const handle = openSync(file, 'wx', 0o600)
    try {
      writeFileSync(handle, text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch (cause) {
    throw translated(file, cause)
  }
}

/** The same in the place of whatever is there: whoever reads it finds all of it. @throws as {@link writeNewFile} */
export function replaceFile(file: string, text: string, unique: string): void {
  const unfinished = `${file}.${unique}`
  try {
    rmSync(unfinished, { force: true })
    writeNewFile(unfinished, text)
    renameSync(unfinished, file)
  } catch (cause) {
    rmSync(unfinished, { force: true })
    throw cause instanceof CoffretError ? cause : translated(file, cause)
  }
}

/**
 * Writes a whole file that only this user may read, or nothing.
 * @throws as {@link writeNewFile}, `exists` unless it may replace what is there
 */
export function placeFile(
  file: string,
  bytes: Uint8Array,
  { unique, mayReplace }: { readonly unique: string; readonly mayReplace: boolean },
): void {
  const unfinished = `${file}.${unique}`
  try {
    writeNewFile(unfinished, bytes)
    // A link fails where a file is, a rename replaces it.
    if (mayReplace) renameSync(unfinished, file)
    else linkSync(unfinished, file)
  } catch (cause) {
    throw cause instanceof CoffretError ? cause : translated(file, cause)
  } finally {
    rmSync(unfinished, { force: true })
  }
}

function translated(file: string, cause: unknown): CoffretError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException
  return new CoffretError(codes[code] ?? 'storage', `${file} cannot be written: ${code}`, { cause })
}
