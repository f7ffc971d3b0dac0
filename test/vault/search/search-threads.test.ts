import { DatabaseSync } from '@photostructure/sqlite'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { SecretData, SecretPath } from '../../../src-main/contract/model'
import { systemClock, systemRandom } from '../../../src-main/env'
import { Database } from '../../../src-main/vault/database'
import { LocalKeys } from '../../../src-main/vault/keys/local-keys'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { IndexedNames } from '../../../src-main/vault/search/indexed-names'
import { searchThreads } from '../../../src-main/vault/search/search-threads'
import type { SearchRunner, SearchSession } from '../../../src-main/vault/search/search-session'
import { UnlockedVault } from '../../../src-main/vault/unlocked-vault'
import { StandingClock, newVault, passphrase, secretMount } from '../new-vault'

const program = fileURLToPath(
  new URL('../../../node_modules/.cache/coffret/search-test/search-worker.js', import.meta.url),
)

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: 'src-main/search-worker.ts', outDir: join(program, '..'), emptyOutDir: false },
    ssr: { noExternal: true, external: ['@photostructure/sqlite', '@node-rs/argon2'] },
  })
})

/** A vault with two secrets whose search runs in a thread, and the sessions that were opened. */
async function threadedVault(more: { onSearchProgress?: () => void } = {}) {
  const { vault, file } = await newVault()
  await add(vault, 'prod/one')
  await add(vault, 'prod/two')
  vault.close()
  const sessions: SearchSession[] = []
  const keys: Uint8Array[] = []
  const threads = searchThreads(program)
  const search: SearchRunner = (order, onProgress) => {
    keys.push(...Object.values(order.keys))
    const session = threads(order, onProgress)
    sessions.push(session)
    return session
  }
  const opened = LocalVault.open({
    file,
    clock: systemClock,
    random: systemRandom,
    search,
    ...more,
  })
  onTestFinished(() => opened.close())
  await opened.unlockWithPassphrase(passphrase)
  return { vault: opened, sessions, keys }
}

function add(vault: LocalVault, path: string) {
  const data = SecretData.parse('{"password":"canary-value"}')
  return vault.store(secretMount).write(SecretPath.parse(path), { mode: 'create', data })
}

async function pathsOf(vault: LocalVault, text: string, values = false): Promise<string[]> {
  const { hits } = await vault.search.query({ text, limit: 10, values })
  return hits.map(({ path }) => path)
}

test('an index in another thread finds and follows, and keeps no key in this one', async () => {
  let told = 0
  const { vault, keys } = await threadedVault({ onSearchProgress: () => (told += 1) })
  expect(await vault.search.build()).toEqual({ secrets: 2, unreadable: 0 })
  expect(told).toBeGreaterThan(0)
  expect(await pathsOf(vault, 'prod')).toEqual(['prod/one', 'prod/two'])
  await add(vault, 'prod/three')
  expect(await pathsOf(vault, 'three pass')).toEqual(['prod/three'])
  expect(await pathsOf(vault, 'canary', true)).toHaveLength(3)
  expect(keys.map((key) => key.some((byte) => byte !== 0))).toEqual([false, false, false])
})

test('locking ends the thread at once, and what waits for it', async () => {
  const { vault, sessions } = await threadedVault()
  await vault.search.build()
  const running = vault.search.query({ text: 'canary', limit: 10, values: true })
  vault.lock()
  await expect(running).rejects.toThrow(expect.objectContaining({ code: 'locked' }))
  expect(sessions.map(({ isClosed }) => isClosed)).toEqual([true])
  await expect(sessions[0]!.build()).rejects.toThrow(expect.objectContaining({ code: 'locked' }))
  await vault.unlockWithPassphrase(passphrase)
  expect(await pathsOf(vault, 'one')).toEqual(['prod/one'])
})

test('a search is cancelled by its signal, before and while it runs', async () => {
  const { vault } = await threadedVault()
  const cancelled = expect.objectContaining({ code: 'cancelled' })
  const request = { text: 'canary', limit: 10, values: true }
  const controller = new AbortController()
  const running = vault.search.query(request, { signal: controller.signal })
  controller.abort()
  await expect(running).rejects.toThrow(cancelled)
  const { signal } = controller
  await expect(vault.search.query(request, { signal })).rejects.toThrow(cancelled)
})

test('a failure in the thread keeps its code, and a thread that is gone is replaced', async () => {
  const { vault, sessions } = await threadedVault()
  const missing = expect.objectContaining({ code: 'not_found' })
  const keys = { record: new Uint8Array(32), name: new Uint8Array(32), header: new Uint8Array(32) }
  const order = { file: `${vault.file}.none`, vaultId: vault.id, busyTimeoutMs: 50, keys }
  const lost = searchThreads(program)(order, () => undefined)
  await expect(lost.build()).rejects.toThrow(missing)
  lost.close()

  await vault.search.build()
  sessions[0]!.close()
  expect(await pathsOf(vault, 'one')).toEqual(['prod/one'])
  expect(sessions).toHaveLength(2)
})

/** The names of a vault as a search has them: over a connection of their own. */
async function connected(vault: LocalVault): Promise<UnlockedVault> {
  const database = Database.openAgain(vault.file, 50)
  onTestFinished(() => database.close())
  const environment = { clock: new StandingClock(), random: systemRandom }
  const context = { database, vaultId: vault.id, ...environment }
  const keys = await new LocalKeys(context, () => {
    throw new Error('it is not needed')
  }).open({ kind: 'passphrase', passphrase: passphrase.slice() })
  return UnlockedVault.enter(database, vault.id, keys, environment)
}

function namesIn(names: IndexedNames): string[] {
  const found: string[] = []
  names.eachSecret(({ shown, folder }) => found.push(`${names.placeOf(folder)?.path} ${shown}`))
  return found.sort()
}

function followed(unlocked: UnlockedVault): IndexedNames {
  const names = new IndexedNames(unlocked)
  while (names.follow() > 0);
  return names
}

test('a second thread that opens rows gives what one thread gives, also while others write', async () => {
  const { vault, file } = await newVault()
  for (let at = 0; at < 300; at += 1) await add(vault, `folder-${at % 7}/name-${at}`)
  const unlocked = await connected(vault)
  const names = new IndexedNames(unlocked)
  const opener = names.startOpener(program)
  onTestFinished(() => opener.close())
  // An answer to nothing: the thread is there.
  expect(await opener.open([])).toEqual([])
  expect(opener.isReady).toBe(true)
  await names.followWith(opener)
  await vault.store(secretMount).remove(SecretPath.parse('folder-3/name-3'))
  await add(vault, 'folder-3/name-new')
  while ((await names.followWith(opener)) > 0);
  expect(namesIn(names)).toHaveLength(300)
  expect(namesIn(names)).toEqual(namesIn(followed(unlocked)))

  const raw = new DatabaseSync(file)
  const zeros = 'zeroblob(length(body) - 16) || substr(body, -16)'
  raw.exec(`UPDATE names SET body = CAST(${zeros} AS BLOB) WHERE rowid = 200`)
  // No byte string at all.
  raw.exec("UPDATE names SET body = 'text' WHERE rowid = 250")
  raw.close()
  const other = new IndexedNames(unlocked)
  const second = other.startOpener(program)
  onTestFinished(() => second.close())
  await second.open([])
  while ((await other.followWith(second)) > 0);
  expect(other.unreadable).toBe(2)
  expect(namesIn(other)).toEqual(namesIn(followed(unlocked)))
  expect(namesIn(other)).toHaveLength(298)
})

test('rows that wait for a thread that ends are told so', async () => {
  const { vault } = await newVault()
  const opener = new IndexedNames(await connected(vault)).startOpener(program)
  const waiting = opener.open([])
  opener.close()
  await expect(waiting).rejects.toMatchObject({ code: 'storage' })
})
