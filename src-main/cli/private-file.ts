import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CoffretError, type FailureCode } from '../contract/errors'
import { systemCode, systemReason } from './system-reason'

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

/** What `--force` says. */
interface Replacing {
  readonly mayReplace: boolean
}

/**
 * Looks whether a file could be placed, before anybody is asked anything for it.
 * @throws CoffretError `exists`, `not_found` without its folder, `not_writable`, `storage`
 */
export function checkPlace(file: string, { mayReplace }: Replacing): void {
  try {
    const found = lstatSync(file, { throwIfNoEntry: false })
    const isLink = found?.isSymbolicLink() === true
    // A device, which the system needs, a link to one (/dev/stdout), or a folder.
    const meant = isLink ? statSync(file, { throwIfNoEntry: false }) : found
    if (meant && !meant.isFile()) {
      throw new CoffretError('exists', `${file} is there already, and is no file to be replaced`)
    }
    if (found && !mayReplace) {
      throw new CoffretError('exists', `${file} is there already: --force replaces it`)
    }
    accessSync(dirname(file), constants.W_OK)
  } catch (cause) {
    throw cause instanceof CoffretError ? cause : translated(file, cause)
  }
}

/**
 * Writes a whole file that only this user may read, or nothing: under another name first. A link in its place
 * is replaced, never followed.
 * @throws as {@link checkPlace}
 */
export function placeFile(
  file: string,
  bytes: Uint8Array,
  { unique, mayReplace }: Replacing & { readonly unique: string },
): void {
  checkPlace(file, { mayReplace })
  const unfinished = join(dirname(file), `.${basename(file).slice(0, 64)}.${unique}`)
  try {
    writeNewFile(unfinished, bytes)
    if (mayReplace) renameSync(unfinished, file)
    else renameToNew(unfinished, file)
    syncFolder(dirname(file))
  } catch (cause) {
    throw translated(file, cause instanceof CoffretError ? cause.cause : cause)
  } finally {
    rmSync(unfinished, { force: true })
  }
}

/** What a system says that has no links there: Windows calls it a folder (libuv, src/win/error.c). */
const noLinks: readonly string[] = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EISDIR']

/** A link fails where a file is, a rename would replace it. */
function renameToNew(unfinished: string, file: string): void {
  try {
    linkSync(unfinished, file)
  } catch (cause) {
    if (!noLinks.includes(systemCode(cause))) throw cause
    // Sticks that every system reads: the name is taken first, then what it names.
    closeSync(openSync(file, 'wx', 0o600))
    try {
      renameSync(unfinished, file)
    } catch (reason) {
      rmSync(file, { force: true })
      throw reason
    }
  }
}

/** A folder that may be written to and not read, and what servers and Windows say of one. */
const noFolderSync: readonly string[] = ['EACCES', 'EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'ENOSYS']

/** Makes the new name durable, where that can be: where not, the file is there all the same. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  try {
    const handle = openSync(folder, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch (cause) {
    if (!noFolderSync.includes(systemCode(cause))) throw cause
  }
}

function translated(file: string, cause: unknown): CoffretError {
  const code = codes[systemCode(cause)] ?? 'storage'
  return new CoffretError(code, `${file} cannot be written: ${systemReason(cause)}`, { cause })
}
