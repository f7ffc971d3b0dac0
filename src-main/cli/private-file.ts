import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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
export function writeNewFile(file: string, text: string): void {
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

function translated(file: string, cause: unknown): CoffretError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException
  return new CoffretError(codes[code] ?? 'storage', `${file} cannot be written: ${code}`, { cause })
}
