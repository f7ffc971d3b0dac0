import { expect, test } from 'vitest'
import { isFailureCode } from '../../src-main/contract/errors'
import { FolderPath, SecretData, SecretPath, VersionNumber } from '../../src-main/contract/model'
import type { Cell } from '../../src-main/vault/database'
import type { LocalVault } from '../../src-main/vault/local-vault'
import { kvMount, newVault, secretMount } from './new-vault'
import { changing, reading } from './raw-file'

const corrupt = expect.objectContaining({ code: 'corrupt' })
const path = (text: string) => SecretPath.parse(text)
const folder = (text: string) => FolderPath.parse(text)
const data = (n: number) => SecretData.parse(`{"n":${n}}`)

const paths = ['a/one', 'a/two', 'b/c/three', 'four', 'gone', 'd/moved', 'e/moved'].map(path)

/** A vault with something of every kind in it, changed in every way, and the way back in time. */
async function worn() {
  const made = await newVault()
  const { vault, file, clock } = made
  const store = vault.store(secretMount)
  const steps = [
    () => store.write(path('a/one'), { mode: 'create', data: data(1) }),
    () => store.write(path('a/two'), { mode: 'create', data: data(2) }),
    () => store.write(path('b/c/three'), { mode: 'create', data: data(3) }),
    () => store.write(path('four'), { mode: 'create', data: data(4) }),
    () => store.write(path('gone'), { mode: 'create', data: data(5) }),
    () => store.write(path('d/moved'), { mode: 'create', data: data(6) }),
    () => vault.store(kvMount).write(path('plain'), { mode: 'create', data: data(7) }),
    () => keepDraft(vault, 'first'),
    () => store.write(path('a/one'), { mode: 'update', data: data(8) }),
    () => store.setState(path('a/one'), [VersionNumber.parse(1)], 'deleted'),
    () => store.setState(path('a/two'), 'current', 'deactivated'),
    () => store.setState(path('a/two'), 'current', 'active'),
    () => store.transfer({ kind: 'folder', from: path('d'), to: path('e'), keepSource: false }),
    () => store.remove(path('gone')),
    () => store.writeConfig({ maxVersions: 3 }),
    () => keepDraft(vault, 'second'),
  ]
  const past: Row[] = []
  for (const step of steps) {
    await step()
    past.push(...allRows(file))
    clock.advance(1000)
  }
  const now = allRows(file)
  const known = new Set(now.map(textOf))
  const older = past.filter((row) => !known.has(textOf(row)) && known.add(textOf(row)))
  return { ...made, store, now, older }
}

function keepDraft(vault: LocalVault, text: string): void {
  const { id } = vault.store(secretMount)
  vault.drafts.keep({ store: id, path: 'draft', baseVersion: 0, text })
}

/** A row of a table as it lies in the file. */
interface Row {
  readonly table: 'names' | 'records' | 'tree'
  readonly cells: Record<string, Cell>
}

function allRows(file: string): Row[] {
  const read = reading(file)
  return (['names', 'records', 'tree'] as const).flatMap((table) =>
    read(`SELECT * FROM ${table}`).map((cells) => ({ table, cells })),
  )
}

function textOf({ table, cells }: Row): string {
  const hex = (cell: Cell) => (typeof cell === 'number' ? cell : Buffer.from(cell).toString('hex'))
  return [table, ...Object.values(cells).map(hex)].join(' ')
}

function put(file: string, { table, cells }: Row): void {
  const columns = Object.keys(cells)
  const sql = `INSERT OR REPLACE INTO ${table} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`
  changing(file)(sql, ...Object.values(cells))
}

function remove(file: string, { table, cells }: Row): void {
  const keys = Object.keys(cells).filter((column) => column !== 'body')
  const sql = `DELETE FROM ${table} WHERE ${keys.map((key) => `${key} = ?`).join(' AND ')}`
  changing(file)(sql, ...keys.map((key) => cells[key]!))
}

/** Everything that one can ask, as text; failures as their codes. */
async function everything(vault: LocalVault): Promise<string[]> {
  const store = () => vault.store(secretMount)
  const asked: (() => unknown)[] = [
    () => store().listAll(),
    () => vault.store(kvMount).readVersion(path('plain')),
    () => store().readConfig(),
    () => vault.drafts.list(),
    () => vault.keys.list(),
    () => vault.drafts.open(store().id, 'draft'),
    ...['', 'a', 'b', 'b/c', 'd', 'e'].map((at) => () => store().list(folder(at))),
    ...paths.map((at) => () => store().readMetadata(at)),
    ...paths.map((at) => () => store().readVersion(at)),
    ...paths.map((at) => () => store().readVersion(at, VersionNumber.parse(1))),
  ]
  const answers: string[] = []
  for (const ask of asked) {
    try {
      answers.push(JSON.stringify((await ask()) ?? null))
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (!isFailureCode(code)) throw error
      answers.push(code)
    }
  }
  return answers
}

/** Holds each answer to the right one; @returns how many said `corrupt` */
async function damageSaid(vault: LocalVault, right: string[], what: string): Promise<number> {
  const answers = await everything(vault)
  const wrong = answers.filter((answer, at) => answer !== right[at] && answer !== 'corrupt')
  expect(wrong, what).toEqual([])
  return answers.filter((answer) => answer === 'corrupt').length
}

test('V-04: a row that is missing is corrupt, never "not found"', async () => {
  const { vault, file, now, unlock } = await worn()
  const right = await everything(vault)
  expect(right).not.toContain('corrupt')
  for (const row of now) {
    remove(file, row)
    const said = await damageSaid(await unlock(), right, `without ${textOf(row)}`)
    // Every row matters to some answer.
    expect(said, `without ${textOf(row)}`).toBeGreaterThan(0)
    put(file, row)
  }
  expect(await everything(await unlock())).toEqual(right)
})

test('V-05: a row in the place of its own newer copy, or put back after its removal, is corrupt', async () => {
  const { vault, file, now, older, unlock } = await worn()
  const right = await everything(vault)
  expect(older.length).toBeGreaterThan(20)
  for (const row of older) {
    put(file, row)
    const said = await damageSaid(await unlock(), right, `with an older ${textOf(row)}`)
    if (isAskedFor(row, now)) expect(said, `with an older ${textOf(row)}`).toBeGreaterThan(0)
    remove(file, row)
    for (const good of now) put(file, good)
  }
  expect(await everything(await unlock())).toEqual(right)
}, 600_000)

/**
 * Whether some answer depends on the place of a row. Of an erased version or secret nothing remains that
 * leads to its records, and an empty bucket has no row: what is put there is never read.
 */
function isAskedFor(row: Row, now: readonly Row[]): boolean {
  const keyOf = ({ table, cells: { body: _body, ...key } }: Row) => textOf({ table, cells: key })
  return row.table === 'names' || now.some((other) => keyOf(other) === keyOf(row))
}

test('damage to one folder leaves the others readable', async () => {
  const { store, file, now } = await worn()
  const [{ parent } = { parent: undefined }] = reading(file)(
    'SELECT parent FROM names GROUP BY parent HAVING count(*) = 2 LIMIT 1',
  )
  expect(parent).toBeDefined()
  const [victim] = now.filter((row) =>
    textOf(row).includes(Buffer.from(parent as Uint8Array).toString('hex')),
  )
  remove(file, victim!)
  await expect(store.list(folder('a'))).rejects.toThrow(corrupt)
  expect((await store.readVersion(path('b/c/three'))).data).toBe(data(3))
  expect((await store.readVersion(path('four'))).data).toBe(data(4))
})

test.each(['names', 'records'])(
  'V-05: what was read before counts only until somebody changes the file: %s',
  async (table) => {
    const { vault, file, now } = await worn()
    const right = await everything(vault)
    expect(await everything(vault)).toEqual(right)
    changing(file)(`UPDATE ${table} SET body = zeroblob(length(body))`)
    expect(await damageSaid(vault, right, table)).toBeGreaterThan(0)
    for (const row of now) put(file, row)
    expect(await everything(vault)).toEqual(right)
  },
)
