import { Database, type Cell } from '../../src-main/vault/database'

/** Reads the file as anyone with SQLite does. */
export function reading(file: string) {
  return (sql: string): Record<string, Cell>[] => {
    const database = Database.open(file, 50)
    try {
      return database.all(sql) as Record<string, Cell>[]
    } finally {
      database.close()
    }
  }
}

/** Runs statements on the file, as an attacker with SQLite would. */
export function changing(file: string) {
  return (sql: string, ...cells: Cell[]): number => {
    const database = Database.open(file, 50)
    try {
      return database.write(() => database.run(sql, ...cells))
    } finally {
      database.close()
    }
  }
}
