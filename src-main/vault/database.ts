import { realpathSync } from 'node:fs'
import { DatabaseSync, backup } from '@photostructure/sqlite'
import { CoffretError } from '../contract/errors'
import { commitFailure, syncJournalAgain } from './commit'
import { setAsideForeignJournal, type Finding } from './hot-journal'
import { formatVersion } from './layout'
import { translateError, translated } from './sqlite-errors'
import {
  checkIsThere,
  identify,
  inspectVaultFile,
  isSameFile,
  isThere,
  type FileIdentity,
} from './vault-file'

/** How long an operation waits for another program, in milliseconds, unless told otherwise. */
export const defaultBusyTimeoutMs = 5000

/** What a statement takes and gives: integers and byte strings are all that the tables hold. */
export type Cell = number | Uint8Array
export type Row = Readonly<Record<string, unknown>>

type Connection = InstanceType<typeof DatabaseSync>
type Statement = ReturnType<Connection['prepare']>

/** The largest cell that is read or written: a record of 1 MiB of data needs less than 2 MiB. */
const maxCellBytes = 16 * 1024 * 1024

/** How many pages of 4 KiB are copied in one step, while which nobody can write: a few milliseconds. */
const pagesAtOnce = 2000

/**
 * A commit empties the journal, which costs less than removing it, and `FULL` syncs that too: otherwise a
 * power loss right after it could bring the journal back, and with it the state before. What is emptied
 * holds nothing of what was erased. Source: sqlite.org/pragma.html, `pager_end_transaction` of pager.c.
 */
const pragmas = `
  PRAGMA journal_mode = TRUNCATE;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -8192;
`

/** The files that this thread has open, as {@link inspectVaultFile} must know. */
const openHere = new Set<FileIdentity>()

/**
 * The SQLite file, and the only place that knows its driver. Whatever fails is a CoffretError: `busy`,
 * `not_writable`, `not_a_vault`, `corrupt` or `storage`.
 */
export class Database {
  #connection: Connection
  #identity: FileIdentity
  readonly #statements = new Map<string, Statement>()
  #moment = 0
  #byOthers: unknown
  #sharesReads = false
  #hasWritten = false
  /** Ends the transaction that the reads of this turn of the event loop share. */
  #turn: NodeJS.Immediate | undefined

  private constructor(
    readonly file: string,
    identity: FileIdentity,
    private readonly busyTimeoutMs: number,
    private readonly isReadOnly = false,
    /** What was noticed while it was opened. */
    readonly findings: readonly Finding[] = [],
  ) {
    this.#identity = identity
    this.#connection = connect(this.file, this.busyTimeoutMs, this.isReadOnly)
    this.#begin()
  }

  /** Which file it is, whatever its name. */
  get identity(): FileIdentity {
    return this.#identity
  }

  /** Opens an empty file as a new database. */
  static onEmptyFile(file: string, busyTimeoutMs: number): Database {
    return new Database(file, identify(file), busyTimeoutMs)
  }

  /**
   * Opens a vault. A journal beside it that is not of this file is set aside, see `findings`.
   * @param knownIdentity the file that this computer had open last under this name
   * @throws CoffretError also those of `inspectVaultFile`
   */
  static open(file: string, busyTimeoutMs: number, knownIdentity?: FileIdentity): Database {
    const identity = identify(file)
    if ([...openHere].some((one) => isSameFile(one, identity))) {
      return new Database(file, identity, busyTimeoutMs)
    }
    inspectVaultFile(file)
    const reserve = <T>(name: string, work: () => T) => whileReserved(name, busyTimeoutMs, work)
    const finding = setAsideForeignJournal(file, { knownIdentity, reserve })
    return new Database(file, identity, busyTimeoutMs, false, finding && [finding])
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

  /**
   * Another number whenever the file may hold something else than before: others wrote, or this connection
   * did, tried to, or opened anew. It is that of the transaction that runs, or ran last. What was read at
   * one moment needs not be read again at the same; SQLite keeps its own pages by no other rule.
   */
  get moment(): number {
    return this.#moment
  }

  /** One consistent view of the file for as long as `work` runs. */
  read<T>(work: () => T): T {
    // SQLite ends a transaction by itself where something failed badly.
    if (this.#turn !== undefined && this.#connection.isTransaction) return this.#join(work)
    // A read has nothing to keep, and a commit would repeat the failure of a damaged page.
    return this.#transaction('BEGIN', work, () => this.#endRead())
  }

  /**
   * From now on the reads of one turn of the event loop see one state of the file, in one transaction: what
   * SQLite and the system do around a read costs more than the read. Nobody can write meanwhile, so that
   * state is the latest; a write of our own ends it. Not for a thread that has the file open twice: it would
   * wait for itself.
   */
  shareReads(): void {
    this.#sharesReads = true
  }

  /**
   * All of what `work` writes, on the disk when this returns, or nothing of it.
   * @param isWritten whether the file holds it: asked where SQLite cannot tell. Without it, it counts as failed
   */
  write<T>(work: () => T, isWritten = () => false): T {
    this.#hasWritten = true
    const all = () => {
      // Changes nothing, but page 1 becomes the first that the journal saves, also when the journal of a
      // large transaction is synced before its end: whose it is can be told (`hot-journal.ts`).
      this.run(`PRAGMA user_version = ${formatVersion}`)
      return work()
    }
    try {
      return this.#transaction('BEGIN IMMEDIATE', all, () => this.#commit(isWritten))
    } finally {
      this.#moment += 1
    }
  }

  /** Runs work that can be tried again: it fails with `busy` instead of waiting for another program. */
  impatiently<T>(work: () => T): T {
    this.execute('PRAGMA busy_timeout = 20')
    try {
      return work()
    } finally {
      this.execute(`PRAGMA busy_timeout = ${this.busyTimeoutMs}`)
    }
  }

  /**
   * Runs work while nobody can write to the file, and writes nothing to it: no journal beside it holds
   * anything meanwhile. Another file may be put in its place.
   */
  reserved<T>(work: () => T): T {
    return this.#transaction('BEGIN IMMEDIATE', work, () => this.#rollBack())
  }

  /** Lets the file go, and goes on with the one that is in its place then. @throws CoffretError as opening */
  reopen(meanwhile: () => void = () => undefined): void {
    this.close()
    meanwhile()
    this.#identity = identify(this.file)
    this.#connection = connect(this.file, this.busyTimeoutMs, this.isReadOnly)
    this.#moment += 1
    this.#byOthers = undefined
    this.#begin()
  }

  /**
   * Copies the database as it is at one moment into an empty file, in a thread of its own. Where another
   * connection writes meanwhile it begins anew, so that a copy takes as long as the writing does.
   * @param onProgress pages so far, and all of them
   */
  async copyInto(
    file: string,
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<void> {
    this.read(() => undefined)
    try {
      await backup(this.#connection, file, {
        rate: pagesAtOnce,
        progress: ({ totalPages, remainingPages }) =>
          onProgress(totalPages - remainingPages, totalPages),
      })
    } catch (error) {
      throw translateError(error)
    }
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

  /** Whether our place has another file by now, or none. */
  get isReplaced(): boolean {
    return !isThere(this.file, this.#identity)
  }

  /** Another number whenever another connection has written. Source: sqlite.org, PRAGMA data_version. */
  get writesByOthers(): unknown {
    return this.get('PRAGMA data_version')?.['data_version']
  }

  /** Whether every page of a table and of its index is as SQLite wrote it. It reads them all. */
  isWhole(table: 'header' | 'state' | 'tree' | 'names' | 'records' | 'audit'): boolean {
    return this.all(`PRAGMA integrity_check(${table})`)[0]?.['integrity_check'] === 'ok'
  }

  /** Ends the connection. The driver keeps the file open until its statements are collected. */
  close(): void {
    this.#endTurn()
    this.#statements.clear()
    this.#removeJournal()
    if (this.#connection.isOpen) this.#connection.close()
    openHere.delete(this.#identity)
  }

  /** Nothing stays beside the file, unless somebody else is writing: SQLite locks it before. */
  #removeJournal(): void {
    if (!this.#hasWritten || !this.#connection.isOpen || this.isReplaced) return
    try {
      this.#connection.exec('PRAGMA journal_mode = DELETE')
    } catch {
      // It is empty, or whoever opens the file next plays it back.
    }
  }

  #begin(): void {
    openHere.add(this.#identity)
    try {
      // Between the look at the file and SQLite's opening it, it may have been replaced.
      checkIsThere(this.file, this.#identity)
      this.execute(pragmas)
    } catch (error) {
      this.close()
      throw error
    }
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#connection.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #endRead(): void {
    if (this.#sharesReads) this.#turn = setImmediate(() => this.#endTurn())
    else this.#rollBack()
  }

  #endTurn(): void {
    if (this.#turn === undefined) return
    clearImmediate(this.#turn)
    this.#turn = undefined
    this.#rollBack()
  }

  #join<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      // Where SQLite failed, the transaction is over or not to be trusted.
      this.#endTurn()
      throw error
    }
  }

  #transaction<T>(begin: string, work: () => T, end: () => void): T {
    this.#endTurn()
    if (!this.#connection.isOpen) {
      throw new CoffretError('storage', `${this.file} was closed: open it again`)
    }
    // Before SQLite looks beside the file: it would take the journal that another program is writing for
    // the new file for one that a crash left for ours, and remove it.
    checkIsThere(this.file, this.#identity)
    this.execute(begin)
    try {
      // And again: a write may have waited for another program. A read has asked for nothing so far.
      if (begin !== 'BEGIN') checkIsThere(this.file, this.#identity)
      const byOthers = this.writesByOthers
      if (byOthers !== this.#byOthers) this.#moment += 1
      this.#byOthers = byOthers
      const result = work()
      end()
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  #commit(isWritten: () => boolean): void {
    try {
      this.#connection.exec('COMMIT')
    } catch (cause) {
      const failure = commitFailure(cause)
      if (failure === 'done') return
      if (failure === 'rolledBack' || !this.#finds(isWritten)) throw translateError(cause)
      syncJournalAgain(this.file, cause)
    }
  }

  /** Looks into the file anew, after a transaction that failed. */
  #finds(isWritten: () => boolean): boolean {
    this.#rollBack()
    this.execute('BEGIN')
    try {
      return isWritten()
    } finally {
      this.#rollBack()
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
}

/**
 * Runs work while this connection alone may write to a file; undefined when another program is writing to
 * it. The file itself is not written to.
 */
function whileReserved<T>(file: string, busyTimeoutMs: number, work: () => T): T | undefined {
  const connection = connect(file, busyTimeoutMs, false)
  try {
    translated(() => connection.exec('BEGIN IMMEDIATE'))
  } catch (error) {
    connection.close()
    if (error instanceof CoffretError && error.code === 'busy') return undefined
    throw error
  }
  try {
    return work()
  } finally {
    connection.exec('ROLLBACK')
    connection.close()
  }
}

function connect(file: string, busyTimeoutMs: number, readOnly: boolean): Connection {
  const options = {
    readOnly,
    timeout: busyTimeoutMs,
    defensive: true,
    enableDoubleQuotedStringLiterals: false,
    limits: { length: maxCellBytes, attach: 0 },
  }
  return translated(() => new DatabaseSync(realpathSync(file), options))
}
