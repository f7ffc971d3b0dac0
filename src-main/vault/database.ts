import { realpathSync } from 'node:fs'
import { DatabaseSync } from '@photostructure/sqlite'
import { CoffretError, type FailureCode } from '../contract/errors'
import { identify, inspectVaultFile, isSameFile, type FileIdentity } from './vault-file'

/** How long an operation waits for another program, in milliseconds, unless told otherwise. */
export const defaultBusyTimeoutMs = 5000

/** What a statement takes and gives: integers and byte strings are all that the tables hold. */
export type Cell = number | Uint8Array
export type Row = Readonly<Record<string, unknown>>

type Connection = InstanceType<typeof DatabaseSync>
type Statement = ReturnType<Connection['prepare']>

/** The largest cell that is read or written: a record of 1 MiB of data needs less than 2 MiB. */
const maxCellBytes = 16 * 1024 * 1024

/**
 * `EXTRA` is `FULL` and syncs the folder after the journal is gone: otherwise a power loss right after a
 * commit could bring the journal back, and with it the state before. Source: sqlite.org/pragma.html.
 */
const pragmas = `
  PRAGMA journal_mode = DELETE;
  PRAGMA synchronous = EXTRA;
  PRAGMA secure_delete = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
  PRAGMA temp_store = MEMORY;
`

/** The files that this thread has open, as {@link inspectVaultFile} must know. */
const openHere = new Set<FileIdentity>()

/**
 * The SQLite file, and the only place that knows its driver. Whatever fails is a CoffretError: `busy`,
 * `not_writable`, `not_a_vault`, `corrupt` or `storage`.
 */
export class Database {
  readonly #connection: Connection
  readonly #statements = new Map<string, Statement>()

  private constructor(
    readonly file: string,
    private readonly identity: FileIdentity,
    busyTimeoutMs: number,
    isReadOnly = false,
  ) {
    this.#connection = translated(() => connect(file, busyTimeoutMs, isReadOnly))
    openHere.add(identity)
    try {
      // Between the look at the file and SQLite's opening it, it may have been replaced.
      this.#checkIdentity()
      this.execute(pragmas)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Opens an empty file as a new database. */
  static onEmptyFile(file: string, busyTimeoutMs: number): Database {
    return new Database(file, identify(file), busyTimeoutMs)
  }

  /** Opens a vault. @throws CoffretError also those of `inspectVaultFile` */
  static open(file: string, busyTimeoutMs: number): Database {
    const identity = identify(file)
    if (![...openHere].some((one) => isSameFile(one, identity))) inspectVaultFile(file)
    return new Database(file, identity, busyTimeoutMs)
  }

  /** Opens a vault that this process has open already, maybe in another thread. */
  static openAgain(file: string, busyTimeoutMs: number): Database {
    return new Database(file, identify(file), busyTimeoutMs)
  }

  /**
   * Opens a vault file of which nobody else knows; every write fails with `not_writable`.
   * @throws CoffretError also those of `inspectVaultFile`
   */
  static openReadOnly(file: string, busyTimeoutMs: number): Database {
    inspectVaultFile(file)
    return new Database(file, identify(file), busyTimeoutMs, true)
  }

  /** One consistent view of the file for as long as `work` runs. */
  read<T>(work: () => T): T {
    return this.#transaction('BEGIN', work)
  }

  /** All of what `work` writes, on the disk when this returns, or nothing of it. */
  write<T>(work: () => T): T {
    return this.#transaction('BEGIN IMMEDIATE', work)
  }

  /** Runs statements that take and give nothing. */
  execute(sql: string): void {
    translated(() => this.#connection.exec(sql))
  }

  /** The first row, if any. */
  get(sql: string, ...cells: Cell[]): Row | undefined {
    return translated(() => this.#statement(sql).get(...cells)) as Row | undefined
  }

  /** Every row; never an iterator, since one left half read keeps the file locked. */
  all(sql: string, ...cells: Cell[]): Row[] {
    return translated(() => this.#statement(sql).all(...cells)) as Row[]
  }

  /** Runs one statement. @returns how many rows changed */
  run(sql: string, ...cells: Cell[]): number {
    return translated(() => Number(this.#statement(sql).run(...cells).changes))
  }

  /**
   * Ends the connection. Honest limit: the driver keeps the file itself open until the collector has freed
   * the statements.
   */
  /** Whether every page of a table and of its index is as SQLite wrote it. It reads them all. */
  isWhole(table: 'header' | 'state' | 'tree' | 'names' | 'records'): boolean {
    return this.all(`PRAGMA integrity_check(${table})`)[0]?.['integrity_check'] === 'ok'
  }

  close(): void {
    this.#statements.clear()
    if (this.#connection.isOpen) this.#connection.close()
    openHere.delete(this.identity)
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#connection.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #transaction<T>(begin: string, work: () => T): T {
    if (!this.#connection.isOpen) {
      throw new CoffretError('storage', `${this.file} was closed: open it again`)
    }
    this.execute(begin)
    try {
      this.#checkIdentity()
      const result = work()
      // A read has nothing to keep, and a commit would repeat the failure of a damaged page.
      if (begin === 'BEGIN') this.#rollBack()
      else this.execute('COMMIT')
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  #rollBack(): void {
    // SQLite may have rolled back by itself; a failing rollback must not hide the first error.
    if (!this.#connection.isTransaction) return
    try {
      this.#connection.exec('ROLLBACK')
    } catch {
      this.close()
    }
  }

  /** A tool that synchronises folders may have put another file in the place of ours. */
  #checkIdentity(): void {
    let found: FileIdentity
    try {
      found = identify(this.file)
    } catch (cause) {
      throw new CoffretError('storage', `${this.file} is no longer there`, { cause })
    }
    if (isSameFile(found, this.identity)) return
    throw new CoffretError('storage', `${this.file} was replaced by another file: open it again`)
  }
}

function connect(file: string, busyTimeoutMs: number, readOnly: boolean): Connection {
  return new DatabaseSync(realpathSync(file), {
    readOnly,
    timeout: busyTimeoutMs,
    defensive: true,
    enableDoubleQuotedStringLiterals: false,
    limits: { length: maxCellBytes, attach: 0 },
  })
}

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

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const { sqliteCode, code, message } = cause as Error & { sqliteCode?: unknown; code?: unknown }
    if (typeof sqliteCode !== 'number' && code !== 'ERR_SQLITE_ERROR') throw cause
    const result = typeof sqliteCode === 'number' ? sqliteCode & 0xff : codeOfText[message]
    // Our statements and rows are right, so that every other complaint is about the file: CORRUPT, a
    // missing table (ERROR), a broken index (CONSTRAINT), a cell too long (TOOBIG).
    const failure = (result === undefined ? undefined : codeOf[result]) ?? 'corrupt'
    throw new CoffretError(failure, `sqlite: ${message}`, { cause })
  }
}
