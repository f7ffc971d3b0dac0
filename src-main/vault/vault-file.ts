import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import { CoffretError, type FailureCode } from '../contract/errors'
import { applicationId, formatVersion } from './layout'

/** Which file it is, whatever its name: a replaced file has another identity. */
export interface FileIdentity {
  readonly device: bigint
  readonly inode: bigint
}

/** Bytes of SQLite's database header. Source: sqlite.org/fileformat2.html §1.3. */
const databaseHeaderBytes = 100
const magic = Buffer.from('SQLite format 3\0', 'latin1')

/**
 * Creates an empty file of mode 0600 where there is none; a link at the name is not followed.
 * @throws CoffretError `exists`, `not_writable`, `storage`
 */
export function createVaultFile(file: string): void {
  translateFileErrors(file, () => {
    const handle = openSync(file, 'wx', 0o600)
    try {
      // The mode given above passes through the umask, which may only take bits away.
      fchmodSync(handle, 0o600)
    } finally {
      closeSync(handle)
    }
  })
}

/**
 * Looks at a file before SQLite does: a file that is no vault is not touched, and a newer format is
 * told apart from damage. Not to be called for a file that this process has open: on POSIX systems,
 * closing any handle of a file drops every lock that the process holds on it.
 * Source: sqlite.org/howtocorrupt.html §2.2.
 * @throws CoffretError `not_found`, `not_a_vault`, `newer_format`, `corrupt`, `not_writable`, `storage`
 */
export function inspectVaultFile(file: string): void {
  translateFileErrors(file, () => {
    if (!statSync(file).isFile()) throw new CoffretError('not_a_vault', 'this is not a file')
    // The journal lies beside the file.
    accessSync(dirname(file), constants.W_OK)
    checkDatabaseHeader(readStart(file))
  })
}

/** Brings what was written to a file to the disk. */
export function syncFile(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Makes names that were made or removed in a folder outlive a power loss. */
export function syncFolder(folder: string): void {
  // Windows knows no such thing as a handle of a folder.
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Whether two identities are of one file. */
export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.device === b.device && a.inode === b.inode
}

/** Whether a name is that of a file. */
export function isThere(file: string, identity: FileIdentity): boolean {
  try {
    return isSameFile(identify(file), identity)
  } catch {
    return false
  }
}

/**
 * A tool that synchronises folders may have put another file in the place of one that is open.
 * @throws CoffretError `storage`
 */
export function checkIsThere(file: string, identity: FileIdentity): void {
  let found: FileIdentity
  try {
    found = identify(file)
  } catch (cause) {
    throw new CoffretError('storage', `${file} is no longer there`, { cause })
  }
  if (isSameFile(found, identity)) return
  throw new CoffretError('storage', `${file} was replaced by another file: open it again`)
}

/** @throws CoffretError `not_found`, `not_writable`, `storage` */
export function identify(file: string): FileIdentity {
  return translateFileErrors(file, () => {
    const found = statSync(file, { bigint: true })
    return { device: found.dev, inode: found.ino }
  })
}

function readStart(file: string): Buffer {
  // For writing too, so that a file that may only be read is refused here.
  const handle = openSync(file, 'r+')
  try {
    const start = Buffer.alloc(databaseHeaderBytes)
    return start.subarray(0, readSync(handle, start, 0, start.length, 0))
  } finally {
    closeSync(handle)
  }
}

function checkDatabaseHeader(start: Buffer): void {
  const isDatabase = start.length === databaseHeaderBytes && start.subarray(0, 16).equals(magic)
  if (!isDatabase || start.readUInt32BE(68) !== applicationId) {
    throw new CoffretError('not_a_vault', 'the file does not begin as a Coffret vault')
  }
  const version = start.readUInt32BE(60)
  if (version > formatVersion) {
    const problem = `the file has format ${version}, this program reads ${formatVersion}`
    throw new CoffretError('newer_format', problem)
  }
  if (version !== formatVersion) throw new CoffretError('corrupt', `format ${version} is unknown`)
  // A file in WAL mode would make SQLite replay a log that lies beside it.
  if (start[18] !== 1 || start[19] !== 1) {
    throw new CoffretError('corrupt', 'the file is not in rollback-journal mode')
  }
}

/** What a refusal of the system means. */
const codeOf: Readonly<Record<string, FailureCode>> = {
  EEXIST: 'exists',
  ENOENT: 'not_found',
  EACCES: 'not_writable',
  EPERM: 'not_writable',
  EROFS: 'not_writable',
  ENOTDIR: 'not_writable',
  EISDIR: 'not_writable',
}

/** Runs work on a file; what the system refuses is a CoffretError. */
export function translateFileErrors<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof CoffretError) throw cause
    const { code = 'unknown', errno = 0 } = cause as NodeJS.ErrnoException
    const [, reason = code] = getSystemErrorMap().get(errno) ?? []
    throw new CoffretError(codeOf[code] ?? 'storage', `${file}: ${reason}`, { cause })
  }
}
