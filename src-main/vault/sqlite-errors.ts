import { CoffretError, type FailureCode } from '../contract/errors'

/** SQLite's result codes. Source: sqlite.org/rescode.html. */
const codeOf: Readonly<Record<number, FailureCode>> = {
  3: 'not_writable', // PERM
  5: 'busy', // BUSY
  6: 'busy', // LOCKED
  7: 'storage', // NOMEM
  8: 'not_writable', // READONLY
  10: 'storage', // IOERR
  13: 'storage', // FULL
  14: 'not_writable', // CANTOPEN
  22: 'storage', // NOLFS
  23: 'not_writable', // AUTH
  26: 'not_a_vault', // NOTADB
}

/** What `all` of the driver leaves of a code: SQLite's text for it. Source: sqlite3_errstr. */
const codeOfText: Readonly<Record<string, number>> = {
  'access permission denied': 3,
  'database is locked': 5,
  'database table is locked': 6,
  'out of memory': 7,
  'attempt to write a readonly database': 8,
  'disk I/O error': 10,
  'database or disk is full': 13,
  'unable to open database file': 14,
  'file is not a database': 26,
}

/** Runs a call of the driver. @throws CoffretError for what SQLite says of the file */
export function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw translateError(cause)
  }
}

/** What the driver says besides the message: `errcode` after copying, else `sqliteCode`, or nothing. */
type DriverError = Error & { sqliteCode?: unknown; errcode?: unknown; code?: unknown }

/** The failure that an error of the driver stands for; any other error as it is. */
export function translateError(cause: unknown): unknown {
  const { sqliteCode, errcode, code, message } = cause as DriverError
  if (typeof sqliteCode !== 'number' && code !== 'ERR_SQLITE_ERROR') return cause
  const number = sqliteCode ?? errcode
  const result = typeof number === 'number' ? number & 0xff : codeOfText[message]
  // Our statements and rows are right, so that every other complaint is about the file: CORRUPT, a
  // missing table (ERROR), a broken index (CONSTRAINT), a cell too long (TOOBIG).
  const failure = (result === undefined ? undefined : codeOf[result]) ?? 'corrupt'
  return new CoffretError(failure, `sqlite: ${message}`, { cause })
}
