import { CoffretError } from '../contract/errors'
import type { Database } from './database'

/** Marks an SQLite file as a Coffret vault: "CFRT". */
export const applicationId = 0x43465254

/**
 * Marks a file that is to become a vault, and is none yet: "CFRR". What lies in it is not complete, so that
 * nobody is to take it for a vault under another name.
 */
const unfinishedId = 0x43465252

/** Says whether a file is a vault, inside a transaction. */
export function markAsVault(database: Database, isVault: boolean): void {
  database.execute(`PRAGMA application_id = ${isVault ? applicationId : unfinishedId}`)
}

/** The format that this program reads and writes; it is the file's `user_version`. */
export const formatVersion = 1

/**
 * The tables, as FORMAT.md specifies them. All are rowid tables, so that no part of a row is copied into
 * inner pages.
 */
const tables: readonly string[] = [
  'CREATE TABLE header (id INTEGER PRIMARY KEY CHECK (id = 1), body BLOB NOT NULL, digest BLOB NOT NULL, mac BLOB NOT NULL)',
  'CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, body BLOB NOT NULL)',
  'CREATE TABLE names (parent BLOB NOT NULL, name BLOB NOT NULL, body BLOB NOT NULL, PRIMARY KEY (parent, name))',
  'CREATE TABLE records (kind INTEGER NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id, version))',
  'CREATE TABLE tree (id INTEGER PRIMARY KEY, body BLOB NOT NULL)',
]

/** The audit log. A vault of an earlier program has none until its first line. */
const auditTable = 'CREATE TABLE audit (id INTEGER PRIMARY KEY, body BLOB NOT NULL)'

/** Marks the file and creates its tables, inside a transaction. */
export function createTables(database: Database): void {
  database.execute(`PRAGMA application_id = ${applicationId}`)
  database.execute(`PRAGMA user_version = ${formatVersion}`)
  for (const table of [...tables, auditTable]) database.execute(table)
}

/** Whether the file has room for an audit log, inside a transaction. */
export function hasAuditTable(database: Database): boolean {
  return database.get("SELECT 1 FROM sqlite_schema WHERE name = 'audit'") !== undefined
}

/** Makes room for an audit log, inside a transaction. */
export function createAuditTable(database: Database): void {
  database.execute(auditTable)
}

/**
 * Refuses a file whose tables are not exactly ours: a trigger, view or generated column in a hostile
 * file would be run by our own statements.
 * @throws CoffretError `corrupt`
 */
export function checkTables(database: Database): void {
  const found = database
    .all('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid')
    .map((row) => row['sql'])
  const all = [...tables, auditTable]
  const isKnown = found.length === all.length || found.length === tables.length
  if (!isKnown || found.some((sql, at) => sql !== all[at])) {
    throw new CoffretError('corrupt', 'the tables of the file are not those of a vault')
  }
}
