import { DatabaseSync } from '@photostructure/sqlite'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  MountName,
  SecretData,
  SecretPath,
  VersionNumber,
  type CustomMetadata,
} from '../../../src-main/contract/model'
import type { SearchAnswer } from '../../../src-main/contract/search'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { kvMount, newVault, passphrase, secretMount } from '../new-vault'

const data = SecretData.parse('{"login":"admin","password":"canary-value"}')

interface Written {
  readonly mount?: MountName
  readonly data?: SecretData
  readonly customMetadata?: CustomMetadata
}

async function write(vault: LocalVault, path: string, options: Written = {}): Promise<void> {
  const { mount = secretMount, customMetadata } = options
  await vault.store(mount).write(SecretPath.parse(path), {
    ...{ mode: 'upsert', data: options.data ?? data },
    ...(customMetadata === undefined ? {} : { settings: { customMetadata } }),
  })
}

function find(vault: LocalVault, text: string, values = false): Promise<SearchAnswer> {
  return vault.search.query({ text, limit: 100, values })
}

/** The paths that a search finds, best first. */
async function pathsOf(vault: LocalVault, text: string, values = false): Promise<string[]> {
  return (await find(vault, text, values)).hits.map(({ path }) => path)
}

test('paths, key names and metadata are found in all mounts, and it is said where', async () => {
  const { vault } = await newVault()
  await write(vault, 'prod/database/MySQL', { customMetadata: [['owner', 'Zoé']] })
  await write(vault, 'legacy/token', { mount: kvMount })
  const answer = await find(vault, 'mysql zoe PASS')
  expect(answer).toEqual({
    hits: [
      {
        store: vault.store(secretMount).id,
        path: 'prod/database/MySQL',
        currentVersion: 1,
        state: 'active',
        updatedAt: 1_700_000_000_000,
        ranges: [[14, 19]],
        parts: [
          { kind: 'metadata', text: 'owner=Zoé', ranges: [[6, 9]] },
          { kind: 'key', text: 'password', ranges: [[0, 4]] },
        ],
      },
    ],
    ...{ total: 1, searched: 2, unreadable: 0 },
  })
  expect(await pathsOf(vault, 'kv/leg')).toEqual(['legacy/token'])
  expect(await pathsOf(vault, 'nothing like this')).toEqual([])
})

test('a name that begins with the word comes first, then names, folders, keys and metadata', async () => {
  const { vault } = await newVault()
  const keyed = SecretData.parse('{"api":"x"}')
  await write(vault, 'a', { customMetadata: [['via', 'api']] })
  await write(vault, 'b', { data: keyed })
  await write(vault, 'api/c')
  await write(vault, 'd/my-api')
  await write(vault, 'e/api-token')
  const best = ['e/api-token', 'd/my-api', 'api/c', 'b', 'a']
  expect(await pathsOf(vault, 'api')).toEqual(best)
  const { hits, total } = await vault.search.query({ text: 'api', limit: 2 })
  expect([hits.map(({ path }) => path), total]).toEqual([best.slice(0, 2), 5])
})

test('typing on, and changing one’s mind, finds what a search from nothing finds', async () => {
  const { vault, unlock } = await newVault()
  const keyed = SecretData.parse('{"kv":"x"}')
  for (const path of ['kv', 'a/kv/b', 'ab/c', 'b/a', 'c/ab']) await write(vault, path)
  await write(vault, 'a/b', { mount: kvMount })
  await write(vault, 'key', { data: keyed, customMetadata: [['a', 'b/kv']] })
  const fresh = await unlock()
  const text = fc.stringMatching(/^[abckv/ ]{0,4}$/)
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 2, maxLength: 4 }), async (texts) => {
      for (const one of texts.flatMap((all) => [...all].map((_, at) => all.slice(0, at + 1)))) {
        fresh.search.close()
        expect(await find(vault, one)).toEqual(await find(fresh, one))
      }
    }),
    { numRuns: 20 },
  )
})

test('only the mounts that are named are searched', async () => {
  const { vault } = await newVault()
  await write(vault, 'one')
  await write(vault, 'two', { mount: kvMount })
  const answer = await vault.search.query({ text: '', limit: 9, mounts: [kvMount] })
  expect([answer.hits.map(({ path }) => path), answer.searched]).toEqual([['two'], 1])
})

test('what this process writes is found by the next search', async () => {
  const { vault } = await newVault()
  const store = vault.store(secretMount)
  const one = SecretPath.parse('folder/deep/one')
  await write(vault, one)
  expect(await pathsOf(vault, 'folder')).toEqual([one])

  await write(vault, one, { data: SecretData.parse('{"renamedkey":1}') })
  expect(await pathsOf(vault, 'password')).toEqual([])
  expect(await pathsOf(vault, 'renamedkey')).toEqual([one])

  const move = { kind: 'folder', keepSource: false } as const
  const [from, to] = [SecretPath.parse('folder'), SecretPath.parse('other/place')]
  await store.transfer({ ...move, from, to })
  expect(await pathsOf(vault, 'one')).toEqual(['other/place/deep/one'])
  expect(await pathsOf(vault, 'folder')).toEqual([])

  const moved = SecretPath.parse('other/place/deep/one')
  const [binned] = (await store.bin?.().discard({ path: moved, kind: 'secret' })) ?? []
  expect((await find(vault, '')).searched).toBe(0)
  await store.bin?.().restore([{ id: binned! }])
  expect(await pathsOf(vault, '')).toEqual([moved])

  await store.remove(moved)
  expect(await pathsOf(vault, '')).toEqual([])
})

test('a mount that is added is searched, and one that is removed is not', async () => {
  const { vault } = await newVault()
  const name = MountName.parse('team')
  await vault.mounts.enable({ name, version: 2 })
  await write(vault, 'theirs', { mount: name })
  expect(await pathsOf(vault, 'theirs')).toEqual(['theirs'])
  await vault.mounts.disable(name)
  expect(await pathsOf(vault, 'theirs')).toEqual([])
})

test('what another connection writes is found by the next search', async () => {
  const { vault, unlock } = await newVault()
  const other = await unlock()
  await write(vault, 'mine')
  expect(await pathsOf(vault, 'i')).toEqual(['mine'])
  await write(other, 'theirs/too')
  expect(await pathsOf(vault, 'i')).toEqual(['mine', 'theirs/too'])
  await other.store(secretMount).remove(SecretPath.parse('mine'))
  expect(await pathsOf(vault, 'i')).toEqual(['theirs/too'])
  expect(await pathsOf(other, 'i')).toEqual(['theirs/too'])
})

test('after any writes by two connections both find exactly what the lists have', async () => {
  const path = fc.constantFrom('a', 'b', 'f/a', 'f/b', 'f/g/a', 'g/a').map((one) => one)
  const folder = fc.constantFrom('f', 'g', 'f/g', 'h', 'h/i')
  const step = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), at: path, by: fc.nat({ max: 1 }) }),
    fc.record({ kind: fc.constant('remove' as const), at: path, by: fc.nat({ max: 1 }) }),
    fc.record({
      kind: fc.constant('move' as const),
      at: folder,
      to: folder,
      by: fc.nat({ max: 1 }),
    }),
    fc.record({ kind: fc.constant('look' as const), by: fc.nat({ max: 1 }) }),
  )
  const { vault, unlock } = await newVault()
  const vaults = [vault, await unlock()]
  const listed = async () => {
    const { items } = await vault.store(secretMount).listAll()
    return items.map((item) => item.path).sort()
  }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      for (const one of steps) {
        const store = vaults[one.by]!.store(secretMount)
        const ignoring = (done: Promise<unknown>) => done.catch(() => undefined)
        if (one.kind === 'write') await write(vaults[one.by]!, one.at)
        else if (one.kind === 'remove') await ignoring(store.remove(SecretPath.parse(one.at)))
        else if (one.kind === 'look') await find(vaults[one.by]!, '')
        else {
          const [from, to] = [SecretPath.parse(one.at), SecretPath.parse(one.to)]
          await ignoring(store.transfer({ from, to, kind: 'folder', keepSource: false }))
        }
      }
      for (const one of vaults) expect((await pathsOf(one, '')).sort()).toEqual(await listed())
    }),
    { numRuns: 25 },
  )
})

test('locking drops the index, and unlocking brings another', async () => {
  const { vault } = await newVault()
  await write(vault, 'one')
  expect(await pathsOf(vault, 'one')).toEqual(['one'])
  const locked = expect.objectContaining({ code: 'locked' })
  const running = find(vault, 'canary', true)
  vault.lock()
  await expect(running).rejects.toThrow(locked)
  await expect(find(vault, 'one')).rejects.toThrow(locked)
  await expect(vault.search.build()).rejects.toThrow(locked)
  await vault.unlockWithPassphrase(passphrase)
  expect(await pathsOf(vault, 'one')).toEqual(['one'])
})

test('a search while names are read says so, and answers with what is there', async () => {
  const { vault, options, open } = await newVault()
  for (let at = 0; at < 20; at += 1) await write(vault, `folder-0/secret-${at}`)
  for (let at = 0; at < 4; at += 1) {
    const [from, to] = [SecretPath.parse('folder-0'), SecretPath.parse(`folder-0/in/${at}`)]
    const copy = { from, kind: 'folder', keepSource: true } as const
    await vault.store(secretMount).transfer({ ...copy, to: SecretPath.parse(`folder-${at + 1}`) })
    const into = { from: SecretPath.parse(`folder-${at + 1}`), kind: 'folder', to } as const
    await vault.store(secretMount).transfer({ ...into, keepSource: false })
  }
  expect(await vault.search.build()).toEqual({ secrets: 320, unreadable: 0 })

  const told: number[] = []
  const fresh = LocalVault.open({
    ...options,
    onSearchProgress: (_vault, { done }) => told.push(done),
  })
  await fresh.unlockWithPassphrase(passphrase)
  const early = await find(fresh, 'secret')
  expect(early.building?.done).toBeLessThan(early.building?.total ?? 0)
  expect(early.total).toBeLessThan(320)
  await fresh.search.build()
  const late = await find(fresh, 'secret')
  expect([late.building, late.total, late.hits.length]).toEqual([undefined, 320, 100])
  expect(told.at(-1)).toBe(early.building?.total)
  fresh.close()
  open().close()
})

/** Changes the file behind the back of the vault. */
function tamper(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  const { changes } = database.prepare(sql).run()
  database.close()
  expect(Number(changes)).toBe(1)
}

/** The row of a bucket of the freshness tree in which one name lies. */
function someBucket(file: string): number {
  const database = new DatabaseSync(file)
  const rows = database.prepare('SELECT parent, name FROM names').all()
  database.close()
  const buckets = rows.map((row) => {
    const { parent, name } = row as { parent: Uint8Array; name: Uint8Array }
    return 65 + (parent[0]! % 64) * 64 + (name[0]! % 64)
  })
  return buckets.find((one) => buckets.filter((other) => other === one).length === 1)!
}

test.each<[string, (file: string) => string]>([
  [
    'a name row that does not open',
    () => 'UPDATE names SET body = zeroblob(length(body)) WHERE rowid = 3',
  ],
  ['a name row that is missing', () => 'DELETE FROM names WHERE rowid = 3'],
  [
    'a damaged bucket',
    (file) => `UPDATE tree SET body = zeroblob(32) WHERE id = ${someBucket(file)}`,
  ],
])('%s is counted, and everything else is found', async (_what, sqlFor) => {
  const { vault, file, unlock } = await newVault()
  for (const name of ['one', 'two', 'three', 'four', 'five']) await write(vault, name)
  vault.close()
  tamper(file, sqlFor(file))
  const opened = await unlock()
  const { searched, unreadable } = await find(opened, '')
  expect([searched, unreadable]).toEqual([4, 1])
  expect(await opened.search.build()).toEqual({ secrets: 4, unreadable: 1 })
})

test('values are searched on request, and only the names of their keys are told', async () => {
  const { vault } = await newVault()
  await write(vault, 'one')
  await write(vault, 'canary-name')
  await write(vault, 'two', { data: SecretData.parse('{"a":"x","b":{"c":["Canary VALUE"]}}') })
  expect(await pathsOf(vault, 'canary')).toEqual(['canary-name'])
  const answer = await find(vault, 'canary', true)
  expect(answer.hits.map(({ path, parts }) => [path, parts])).toEqual([
    ['canary-name', []],
    ['one', [{ kind: 'value', text: 'password', ranges: [] }]],
    ['two', [{ kind: 'value', text: 'b', ranges: [] }]],
  ])
  expect(JSON.stringify(answer)).not.toMatch(/canary.value/i)
  // A word of the name and one of the value.
  expect(await pathsOf(vault, 'two value', true)).toEqual(['two'])
})

test('only active current versions are opened', async () => {
  const { vault } = await newVault()
  const store = vault.store(secretMount)
  const other = SecretData.parse('{"k":"other"}')
  for (const path of ['old', 'deactivated', 'destroyed'].map((one) => SecretPath.parse(one))) {
    await write(vault, path)
    const one = [VersionNumber.parse(1)]
    if (path === 'old') await write(vault, path, { data: other })
    else await store.setState(path, one, path === 'deactivated' ? 'deactivated' : 'deleted')
  }
  await store.write(SecretPath.parse('empty'), { mode: 'create', settings: { maxVersions: 3 } })
  expect(await pathsOf(vault, 'canary-value', true)).toEqual([])
})

test('a value that does not open is counted', async () => {
  const { vault, file, unlock } = await newVault()
  await write(vault, 'one')
  await write(vault, 'two')
  vault.close()
  const sql = 'UPDATE records SET body = zeroblob(length(body)) WHERE rowid = (%)'
  tamper(file, sql.replace('%', 'SELECT min(rowid) FROM records WHERE kind = 4'))
  const { hits, unreadable } = await find(await unlock(), 'canary', true)
  expect([hits.map(({ path }) => path), unreadable]).toEqual([['two'], 1])
})

test('a search of values tells its progress, and ends when it is cancelled', async () => {
  const { vault } = await newVault()
  for (let at = 0; at < 70; at += 1) await write(vault, `secret-${at}`)
  const told: unknown[] = []
  const onProgress = (progress: unknown) => told.push(progress)
  const request = { text: 'canary', limit: 100, values: true }
  expect((await vault.search.query(request, { onProgress })).total).toBe(70)
  expect(told.at(-1)).toEqual({ done: 70, total: 70 })

  const controller = new AbortController()
  const { signal } = controller
  const running = vault.search.query(request, { signal, onProgress: () => controller.abort() })
  await expect(running).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }))
})
