import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { isFailureCode } from '../../src-main/contract/errors'
import { FolderPath, SecretData, SecretPath } from '../../src-main/contract/model'
import { Database, type Cell } from '../../src-main/vault/database'
import { readHeader } from '../../src-main/vault/header'
import { LocalVault } from '../../src-main/vault/local-vault'
import type { VaultOptions } from '../../src-main/vault/vault-options'
import { fuzz, fuzzTimeoutMs, mutated, oneOf, type RandomNumbers } from '../support/fuzz'
import { seed } from '../support/torture'
import { newVault, secretMount, temporaryFolder } from './new-vault'

const paths = ['one', 'folder/two', 'folder/deeper/three'].map((text) => SecretPath.parse(text))
const corpus = fileURLToPath(new URL('../vectors/fuzz', import.meta.url))

/** Everything that one can ask of a vault, as text; refusals as their codes. Nothing else may be thrown. */
async function everything(vault: LocalVault): Promise<string[]> {
  const store = () => vault.store(secretMount)
  const questions: (() => unknown)[] = [
    () => vault.stores().map(({ id }) => id),
    () => store().listAll(),
    ...['', 'folder'].map((text) => () => store().list(FolderPath.parse(text))),
    ...paths.flatMap((path) => [() => store().readMetadata(path), () => store().readVersion(path)]),
    () => store().readConfig(),
    () => vault.drafts.list(),
    () => vault.keys.list(),
  ]
  const answers: string[] = []
  for (const ask of questions) answers.push(await answerOf(ask))
  return answers
}

async function answerOf(ask: () => unknown): Promise<string> {
  try {
    return JSON.stringify(await ask())
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (!isFailureCode(code)) throw error
    return code
  }
}

/** A vault with something of each kind, and all its answers. */
async function filledVault() {
  const { vault, file, options, recoveryWords } = await newVault()
  const store = vault.store(secretMount)
  for (const path of paths) {
    await store.write(path, { mode: 'create', data: SecretData.parse('{"value":"right"}') })
    await store.write(path, { mode: 'update', data: SecretData.parse('{"value":"later"}') })
  }
  vault.drafts.keep({ store: store.id, path: 'd', baseVersion: 0, text: 't' })
  const right = await everything(vault)
  expect(right.filter(isFailureCode)).toEqual([])
  const words = recoveryWords.join(' ')
  return { vault, file, options, right, words }
}

/** Damage may be said of anything; what is not said to be damaged is right. */
function checkAnswers(answers: readonly string[], right: readonly string[], refusals: string[]) {
  const wrong = answers.filter((answer, at) => answer !== right[at] && !refusals.includes(answer))
  expect(wrong).toEqual([])
}

async function openAll(options: VaultOptions, file: string, words: string): Promise<string[]> {
  let vault: LocalVault | undefined
  try {
    vault = LocalVault.open({ ...options, file })
    await vault.unlockWithRecoveryWords(words)
    return await everything(vault)
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (!isFailureCode(code)) throw error
    return []
  } finally {
    vault?.close()
  }
}

/** A changed key epoch says that the keys were replaced: `locked`. Never that something is not there. */
const refusals = ['corrupt', 'locked']

test(
  `V-21: a header that was changed at random is refused by name, or is the same (seed ${seed})`,
  async () => {
    const { vault, file, options, right, words } = await filledVault()
    vault.close()
    const database = quickly(file)
    const { body, digest, mac } = database.get('SELECT * FROM header') as Record<string, Uint8Array>
    const seeds = [body!, readFileSync(join(corpus, 'header.json'))]
    const put = (...cells: (Uint8Array | undefined)[]) =>
      database.run('UPDATE header SET body = ?, digest = ?, mac = ?', ...cells.map((one) => one!))
    let opened = 0
    const runs = await fuzz(async (random) => {
      const bytes = mutated(random, oneOf(random, seeds), seeds)
      // Whoever changes the header can make the digest that belongs to it.
      const digestOf = new Uint8Array(createHash('sha256').update(bytes).digest())
      database.write(() => put(bytes, oneOf(random, [digestOf, digestOf, digest]), mac))
      if (!isParsed(database)) return
      opened += 1
      checkAnswers(await openAll(options, file, words), right, refusals)
    })
    database.write(() => put(body, digest, mac))
    database.close()
    expect(await openAll(options, file, words)).toEqual(right)
    expect(runs).toBeGreaterThan(100)
    expect(opened).toBeGreaterThan(0)
  },
  fuzzTimeoutMs,
)

/** Whether a header is of the right form: most are not, and need not be opened. */
function isParsed(database: Database): boolean {
  try {
    return database.read(() => readHeader(database).header.slots.length > 0)
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (!isFailureCode(code)) throw error
    expect(['corrupt', 'kdf_bounds']).toContain(code)
    return false
  }
}

/** A connection that does not wait for the disk: what it writes is to be read once. */
function quickly(file: string): Database {
  const database = Database.open(file, 50)
  database.execute('PRAGMA synchronous = OFF')
  return database
}

/** Where a cell lies; `rowid` names the row. */
const columns = [
  ['names', 'parent'],
  ['names', 'name'],
  ['names', 'body'],
  ['records', 'kind'],
  ['records', 'id'],
  ['records', 'version'],
  ['records', 'body'],
  ['tree', 'id'],
  ['tree', 'body'],
  ['state', 'epoch'],
  ['state', 'body'],
] as const

test(
  `V-21: rows that were changed at random give no wrong answer (seed ${seed})`,
  async () => {
    const { vault, file, right } = await filledVault()
    const database = quickly(file)
    const all = new Map(
      [...new Set(columns.map(([table]) => table))].map((table) => [
        table,
        database.all(`SELECT rowid AS row_id, * FROM ${table}`),
      ]),
    )
    const bodies = [...all.values()].flat().map((row) => row['body'] as Uint8Array)
    const runs = await fuzz(async (random) => {
      const undo = changeCells(database, all, random, bodies)
      checkAnswers(await everything(vault), right, refusals)
      undo()
    }, 0.75)
    expect(runs).toBeGreaterThan(100)
    expect(await everything(vault)).toEqual(right)
    database.close()
  },
  fuzzTimeoutMs,
)

type Rows = ReadonlyMap<string, readonly Record<string, unknown>[]>

/** Changes one to three cells as anyone with SQLite could. @returns puts all back */
function changeCells(
  database: Database,
  all: Rows,
  random: RandomNumbers,
  bodies: readonly Uint8Array[],
): () => void {
  const put = (table: string, row: Record<string, unknown>, column: string, cell: Cell) =>
    database.run(
      `UPDATE OR REPLACE ${table} SET ${column} = ? WHERE rowid = ?`,
      cell,
      row['row_id'] as Cell,
    )
  const touched = new Set<string>()
  for (let left = 1 + random(3); left > 0; left -= 1) {
    const [table, column] = oneOf(random, columns)
    const row = oneOf(random, all.get(table) ?? [])
    const was = row[column] as Cell
    const cell = typeof was === 'number' ? numberLike(random, was) : bytesLike(random, was, bodies)
    // The table refuses what its constraints do.
    try {
      database.write(() => put(table, row, column, cell))
      touched.add(table)
    } catch (error) {
      expect(error).toMatchObject({ code: 'corrupt' })
    }
  }
  return () =>
    database.write(() => {
      for (const table of touched) {
        database.run(`DELETE FROM ${table}`)
        for (const { row_id: rowId, ...row } of all.get(table) ?? []) {
          const cells = {
            ...(table === 'tree' || table === 'state' ? {} : { rowid: rowId }),
            ...row,
          }
          const names = Object.keys(cells)
          const marks = names.map(() => '?').join()
          const sql = `INSERT INTO ${table} (${names.join()}) VALUES (${marks})`
          database.run(sql, ...(Object.values(cells) as Cell[]))
        }
      }
    })
}

const odd = [0, 1, -1, 2, 3, 4, 5, 6, 16, 255, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -(2 ** 53 - 1)]

function numberLike(random: RandomNumbers, was: number): Cell {
  return oneOf<Cell>(random, [...odd, was + 1, was - 1, new Uint8Array(random(20))])
}

function bytesLike(random: RandomNumbers, was: Uint8Array, others: readonly Uint8Array[]): Cell {
  return oneOf(random, [
    () => new Uint8Array(mutated(random, was, others)),
    () => oneOf(random, others),
    () => random(1000),
    () => new Uint8Array(random(5000)),
  ])()
}

test(
  `V-21: files and journals that were changed at random give no wrong answer (seed ${seed})`,
  async () => {
    const { vault, file, options, right, words } = await filledVault()
    const journal = journalOf(file)
    vault.close()
    const good = readFileSync(file)
    const copy = join(temporaryFolder(), 'copy.coffret')
    const runs = await fuzz(async (random) => {
      const isJournal = random(2) === 0
      writeFileSync(copy, isJournal ? good : mutated(random, good), { mode: 0o600 })
      const beside = isJournal ? mutated(random, journal, [journal, good]) : journal
      if (isJournal || random(3) === 0) writeFileSync(`${copy}-journal`, beside)
      // SQLite calls a page that is half there an I/O error.
      checkAnswers(await openAll(options, copy, words), right, [...refusals, 'storage'])
      rmSync(`${copy}-journal`, { force: true })
    }, 0.75)
    expect(runs).toBeGreaterThan(100)
  },
  fuzzTimeoutMs,
)

/** A journal that a crash could have left for a file as it is. */
function journalOf(file: string): Buffer {
  const database = Database.open(file, 50)
  onTestFinished(() => database.close())
  let journal = Buffer.alloc(0)
  try {
    database.write(() => {
      database.run('UPDATE records SET body = zeroblob(length(body))')
      journal = readFileSync(`${file}-journal`)
      throw new Error('roll back')
    })
  } catch {
    // Rolled back: the file is as before.
  }
  // The header says only after the first sync that it is one, and of how many pages.
  Buffer.from('d9d505f920a163d7', 'hex').copy(journal)
  journal.writeUInt32BE((journal.length - 512) / (4096 + 8), 8)
  return journal
}
