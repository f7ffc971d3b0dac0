/** Marks an SQLite file as a Coffret vault: "CFRT". */
export const applicationId = 0x43465254

/** The format that this program reads and writes; it is the file's `user_version`. */
export const formatVersion = 1

/**
 * The tables. What FORMAT.md says of them is the specification. All are rowid tables, so that no part
 * of a row is copied into inner pages. `tree` is reserved for the freshness hash tree.
 */
export const schema = `
  CREATE TABLE header (id INTEGER PRIMARY KEY CHECK (id = 1), body BLOB NOT NULL, digest BLOB NOT NULL, mac BLOB NOT NULL);
  CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, body BLOB NOT NULL);
  CREATE TABLE names (parent BLOB NOT NULL, name BLOB NOT NULL, body BLOB NOT NULL, PRIMARY KEY (parent, name));
  CREATE TABLE records (kind INTEGER NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id, version));
  CREATE TABLE tree (level INTEGER NOT NULL, bucket INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (level, bucket));
`
