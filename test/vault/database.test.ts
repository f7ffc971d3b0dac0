import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CoffretError } from '../../src-main/contract/errors'
import { Database } from '../../src-main/vault/database'
import { newVault } from './new-vault'

const failing = (code: string) => expect.objectContaining({ code })

async function newDatabase() {
  const { vault, file } = await newVault()
  vault.close()
  return { database: Database.open(file, 30), file }
}

test.each([
  ['journal_mode', 'truncate'],
  ['synchronous', 2],
  ['secure_delete', 1],
  ['trusted_schema', 0],
  ['cell_size_check', 1],
  ['temp_store', 2],
  ['cache_size', -8192],
  ['foreign_keys', 1],
])('every connection has %s = %s', async (name, value) => {
  const { database } = await newDatabase()
  expect(Object.values(database.get(`PRAGMA ${name}`) ?? {})).toEqual([value])
  database.close()
})

test('a transaction that fails leaves nothing', async () => {
  const { database, file } = await newDatabase()
  const before = readFileSync(file)
  const insert = () => database.run('INSERT INTO tree VALUES (9999, zeroblob(5000))')
  const failed = () =>
    database.write(() => {
      insert()
      throw new CoffretError('cas_mismatch', 'no')
    })
  expect(failed).toThrow(failing('cas_mismatch'))
  expect(readFileSync(file)).toEqual(before)
  database.write(insert)
  expect(database.all('SELECT id FROM tree WHERE id = 9999')).toHaveLength(1)
  expect(statSync(`${file}-journal`).size).toBe(0)
  database.close()
  expect(existsSync(`${file}-journal`)).toBe(false)
})

describe('closing leaves the journal alone', () => {
  test('that somebody else is writing', async () => {
    const { database, file } = await newDatabase()
    const other = Database.open(file, 30)
    database.write(() => undefined)
    other.write(() => {
      other.run('INSERT INTO tree VALUES (9999, zeroblob(5000))')
      database.close()
      expect(statSync(`${file}-journal`).size).toBeGreaterThan(0)
    })
    expect(other.all('SELECT id FROM tree WHERE id = 9999')).toHaveLength(1)
    other.close()
    expect(existsSync(`${file}-journal`)).toBe(false)
  })

  test('of the file that is in our place by now', async () => {
    const { database, file } = await newDatabase()
    database.write(() => undefined)
    copyFileSync(file, `${file}.arrived`)
    renameSync(`${file}.arrived`, file)
    writeFileSync(`${file}-journal`, 'of the new one')
    database.close()
    expect(readFileSync(`${file}-journal`, 'utf8')).toBe('of the new one')
  })

  test('when nothing was written', async () => {
    const { database, file } = await newDatabase()
    writeFileSync(`${file}-journal`, '')
    expect(database.read(() => database.all('SELECT 1 FROM header'))).toHaveLength(1)
    database.close()
    expect(existsSync(`${file}-journal`)).toBe(true)
  })
})

test('a second writer waits for its time and is then told that the file is busy', async () => {
  const { database, file } = await newDatabase()
  const other = Database.open(file, 30)
  database.write(() => {
    expect(() => other.write(() => undefined)).toThrow(failing('busy'))
    // Readers are not held up while a writer has not committed.
    expect(other.read(() => other.all('SELECT 1 FROM header'))).toHaveLength(1)
  })
  other.write(() => undefined)
  other.close()
  database.close()
})

test('a reader sees one state from beginning to end', async () => {
  const { database, file } = await newDatabase()
  const other = Database.open(file, 30)
  const count = () => other.all('SELECT 1 FROM tree WHERE id = 9999').length
  other.read(() => {
    expect(count()).toBe(0)
    const write = () => database.write(() => database.run("INSERT INTO tree VALUES (9999, x'00')"))
    expect(write).toThrow(failing('busy'))
    expect(count()).toBe(0)
  })
  other.close()
  database.close()
})

test('a file that cannot answer our statements is damaged', async () => {
  const { database } = await newDatabase()
  expect(() => database.run("INSERT INTO state VALUES (2, 1, x'00')")).toThrow(failing('corrupt'))
  expect(() => database.all('SELECT * FROM missing')).toThrow(failing('corrupt'))
  database.close()
  expect(() => database.get('SELECT 1')).toThrow()
})

test('a moment lasts until somebody writes, or tries to', async () => {
  const { database, file } = await newDatabase()
  const other = Database.open(file, 30)
  const momentAfter = (what: () => unknown) => {
    what()
    return database.read(() => database.moment)
  }
  const fail = () => {
    throw new Error('no')
  }
  const first = momentAfter(() => undefined)
  expect(momentAfter(() => other.read(() => other.all('SELECT 1 FROM header')))).toBe(first)
  expect(momentAfter(() => expect(() => database.read(fail)).toThrow('no'))).toBe(first)
  const seen = [first]
  for (const write of [
    () => database.write(() => undefined),
    () => expect(() => database.write(fail)).toThrow('no'),
    () => other.write(() => other.run('UPDATE header SET id = 1')),
    () => database.reopen(),
  ]) {
    const next = momentAfter(write)
    expect(seen).not.toContain(next)
    expect(momentAfter(() => undefined)).toBe(next)
    seen.push(next)
  }
  other.close()
  database.close()
})

/** The next turn of the event loop. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** A database whose reads share a transaction, and another program's connection to the same file. */
async function newShared() {
  const { database, file } = await newDatabase()
  const other = Database.open(file, 30)
  database.shareReads()
  onTestFinished(() => {
    database.close()
    other.close()
  })
  const insert = (into: Database, id: number) =>
    into.write(() => into.run("INSERT INTO tree VALUES (?, x'00')", id))
  const count = () => database.read(() => database.all('SELECT 1 FROM tree WHERE id > 9000').length)
  return { database, other, insert, count }
}

test('reads that share a turn see one state, which nobody can change meanwhile', async () => {
  const { other, insert, count } = await newShared()
  expect(count()).toBe(0)
  await Promise.resolve()
  expect(() => insert(other, 9001)).toThrow(failing('busy'))
  expect(count()).toBe(0)
  await nextTurn()
  insert(other, 9001)
  expect(count()).toBe(1)
})

test('a write ends the reads that share a turn, and is seen by the next', async () => {
  const { database, insert, count } = await newShared()
  const before = [count(), database.moment]
  insert(database, 9001)
  expect(count()).toBe(1)
  expect(before).toEqual([0, expect.not.toSatisfy((moment) => moment === database.moment)])
})

test('a read that fails ends them too', async () => {
  const { database, other, insert, count } = await newShared()
  expect(count()).toBe(0)
  expect(() => database.read(() => database.all('SELECT nothing'))).toThrow()
  insert(other, 9001)
  expect(count()).toBe(1)
})
