import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { VaultId } from '../../../src-main/contract/model'
import { FolderPath, SecretData, SecretPath } from '../../../src-main/contract/model'
import { SecretKey } from '../../../src-main/crypto/secret-key'
import { systemRandom } from '../../../src-main/env'
import type { Mount } from '../../../src-main/kv/mount-table'
import { Database } from '../../../src-main/vault/database'
import type { LocalSnapshots } from '../../../src-main/vault/backup/local-snapshots'
import { maxSnapshots } from '../../../src-main/vault/backup/local-snapshots'
import { LocalVault } from '../../../src-main/vault/local-vault'
import { deriveKeys, UnlockedVault } from '../../../src-main/vault/unlocked-vault'
import { layOutVault, prepareVault } from '../../../src-main/vault/vault-creation'
import { createVaultFile } from '../../../src-main/vault/vault-file'
import {
  StandingClock,
  cheapKdf,
  newVault,
  passphrase,
  secretMount,
  temporaryFolder,
} from '../new-vault'

const failing = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string })
const path = SecretPath.parse('app/db')
const data = (n: number) => SecretData.parse(`{"n":${n}}`)
const hoursMs = 3_600_000

async function* inParts(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** A vault with one secret, the folder in which its snapshots lie, and a copy of its file. */
async function vaultWithCopy() {
  const made = await newVault()
  made.vault.close()
  const folder = temporaryFolder()
  const vault = LocalVault.open({ ...made.options, snapshots: { folder } })
  await vault.unlockWithPassphrase(passphrase)
  await vault.store(secretMount).write(path, { mode: 'create', data: data(1) })
  const mount = (await vault.mounts.list()).find(({ name }) => name === secretMount) as Mount
  const copy = () => new Uint8Array(readFileSync(made.file))
  return { ...made, vault, shelf: vault.snapshots, folder, mount, copy }
}

test('a copy of the file is read as it was, after the vault went on', async () => {
  const { vault, shelf, mount, copy } = await vaultWithCopy()
  const { id, status } = await shelf.load(inParts(copy()))
  expect(status).toBe('ready')
  const live = vault.store(secretMount)
  await live.write(path, { mode: 'update', data: data(2) })
  await live.write(SecretPath.parse('later'), { mode: 'create', data: data(3) })
  const then = await shelf.store(id, mount)
  expect((await then.readVersion(path)).data).toBe('{"n":1}')
  expect((await then.list(FolderPath.parse(''))).items.map(({ name }) => name)).toEqual(['app'])
  expect((await live.readVersion(path)).data).toBe('{"n":2}')
  vault.close()
})

test('the copy is private, and cannot be written', async () => {
  const { vault, shelf, mount, folder, copy } = await vaultWithCopy()
  const bytes = copy()
  const { id } = await shelf.load(inParts(bytes))
  const [name = ''] = readdirSync(folder)
  const file = join(folder, name, 'snapshot.coffret')
  expect(readFileSync(file).equals(bytes)).toBe(true)
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o700)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const store = await shelf.store(id, mount)
  const write = store.write(path, { mode: 'upsert', data: data(9) })
  await expect(write).rejects.toThrow(failing('not_writable'))
  await expect(store.remove(path)).rejects.toThrow(failing('not_writable'))
  expect(readFileSync(file).equals(bytes)).toBe(true)
  vault.close()
})

test('a copy from before the passphrase was changed opens', async () => {
  const { vault, shelf, mount, copy } = await vaultWithCopy()
  const before = copy()
  await vault.changePassphrase(passphrase, new TextEncoder().encode('another one'))
  const { id } = await shelf.load(inParts(before))
  expect((await (await shelf.store(id, mount)).readVersion(path)).data).toBe('{"n":1}')
  vault.close()
})

test('removing unloads: the file goes, and a store given out before answers not_found', async () => {
  const { vault, shelf, mount, folder, copy } = await vaultWithCopy()
  const { id } = await shelf.load(inParts(copy()))
  const store = await shelf.store(id, mount)
  await shelf.remove(id)
  expect(readdirSync(folder)).toEqual([])
  await expect(store.readVersion(path)).rejects.toThrow(failing('not_found'))
  await expect(shelf.get(id)).rejects.toThrow(failing('not_found'))
  await expect(shelf.remove(id)).rejects.toThrow(failing('not_found'))
  vault.close()
})

test.each([
  [72 * hoursMs - 1, 1],
  [72 * hoursMs, 0],
])('after %i ms there are %i', async (ms, count) => {
  const { vault, shelf, folder, clock, copy } = await vaultWithCopy()
  const { createdAt, expiresAt } = await shelf.load(inParts(copy()))
  expect(expiresAt - createdAt).toBe(72 * hoursMs)
  clock.advance(ms)
  expect(await shelf.list()).toHaveLength(count)
  expect(readdirSync(folder)).toHaveLength(count)
  vault.close()
})

test.each<[string, (vault: LocalVault) => unknown]>([
  ['locking', (vault) => vault.lock()],
  ['closing', (vault) => vault.close()],
  ['unlocking again', (vault) => vault.unlockWithPassphrase(passphrase)],
])('%s unloads everything and removes the files', async (_, end) => {
  const { vault, shelf, folder, copy } = await vaultWithCopy()
  for (let n = 0; n < 2; n += 1) await shelf.load(inParts(copy()))
  expect(readdirSync(folder)).toHaveLength(2)
  await end(vault)
  expect(readdirSync(folder)).toEqual([])
  if (vault.isLocked) await expect(shelf.list()).rejects.toThrow(failing('locked'))
  else expect(await shelf.list()).toEqual([])
  vault.close()
})

test('the newest waits until one of the others is unloaded', async () => {
  const { vault, shelf, folder, copy } = await vaultWithCopy()
  const ids = []
  for (let n = 0; n < maxSnapshots; n += 1) ids.push((await shelf.load(inParts(copy()))).id)
  expect((await shelf.list()).map(({ id }) => id)).toEqual(ids)
  await expect(shelf.load(inParts(copy()))).rejects.toThrow(failing('invalid'))
  expect(readdirSync(folder)).toHaveLength(maxSnapshots)
  await shelf.remove(ids[0] ?? '')
  await shelf.load(inParts(copy()))
  vault.close()
})

test.each([
  ['a snapshot as large as the limit is taken', 0, true],
  ['one that is larger is refused, and no more than the limit is stored', 1, false],
])('%s', async (_, over, isTaken) => {
  const made = await vaultWithCopy()
  const bytes = made.copy()
  made.vault.close()
  const { options, folder } = made
  const limit = bytes.length - over
  const vault = LocalVault.open({ ...options, snapshots: { folder, maxBytes: limit } })
  await vault.unlockWithPassphrase(passphrase)
  let sent = 0
  const counted = async function* () {
    for await (const part of inParts(isTaken ? bytes : new Uint8Array([...bytes, ...bytes]))) {
      sent += part.length
      yield part
    }
  }
  const load = vault.snapshots.load(counted())
  if (isTaken) await load
  else await expect(load).rejects.toThrow(failing('too_large', `at most ${limit} bytes`))
  expect(sent).toBeLessThan(limit + 1001)
  expect(readdirSync(folder)).toHaveLength(isTaken ? 1 : 0)
  vault.close()
})

test.each<[string, (bytes: Buffer) => Uint8Array, string]>([
  ['nothing', () => new Uint8Array(), 'not_a_vault'],
  ['some text', () => new TextEncoder().encode('hello '.repeat(100)), 'not_a_vault'],
  ['half of the file', (bytes) => bytes.subarray(0, bytes.length / 2), 'corrupt'],
  ['a newer format', (bytes) => patched(bytes, 60, [0, 0, 0, 2]), 'newer_format'],
  ['a file in WAL mode', (bytes) => patched(bytes, 18, [2, 2]), 'corrupt'],
  ['a header with another byte', (bytes) => flippedIn(bytes, '"vaultId"'), 'corrupt'],
])('%s is refused and leaves nothing', async (_, change, code) => {
  const { vault, shelf, folder, copy } = await vaultWithCopy()
  const changed = change(Buffer.from(copy()))
  await expect(shelf.load(inParts(changed))).rejects.toThrow(failing(code))
  expect(readdirSync(folder)).toEqual([])
  expect(await shelf.list()).toEqual([])
  expect((await vault.store(secretMount).readVersion(path)).data).toBe('{"n":1}')
  vault.close()
})

function patched(bytes: Buffer, at: number, values: readonly number[]): Buffer {
  values.forEach((value, index) => (bytes[at + index] = value))
  return bytes
}

function flippedIn(bytes: Buffer, text: string): Buffer {
  const at = bytes.indexOf(text)
  expect(at).toBeGreaterThan(0)
  return patched(bytes, at + 1, [0x56])
}

/** The file of the vault, changed by someone who has no key. */
function tampered(bytes: Uint8Array, sql: string): Uint8Array {
  const file = join(temporaryFolder(), 'tampered.coffret')
  writeFileSync(file, bytes)
  const database = Database.open(file, 50)
  database.write(() => database.run(sql))
  database.close()
  return new Uint8Array(readFileSync(file))
}

test.each([
  ['a header MAC', 'UPDATE header SET mac = zeroblob(32)'],
  ['a state', 'UPDATE state SET body = zeroblob(length(body))'],
  ['a list of mounts', 'UPDATE records SET body = zeroblob(length(body)) WHERE kind = 2'],
  ['a table more', 'CREATE TABLE more (x)'],
])('a file with %s of its own is corrupt', async (_, sql) => {
  const { vault, shelf, folder, copy } = await vaultWithCopy()
  await expect(shelf.load(inParts(tampered(copy(), sql)))).rejects.toThrow(failing('corrupt'))
  expect(readdirSync(folder)).toEqual([])
  vault.close()
})

test('a record that was changed is corrupt when it is read, and the live one is not', async () => {
  const { vault, shelf, mount, copy } = await vaultWithCopy()
  const bytes = tampered(copy(), 'UPDATE records SET body = zeroblob(length(body)) WHERE kind = 4')
  const { id } = await shelf.load(inParts(bytes))
  const store = await shelf.store(id, mount)
  await expect(store.readVersion(path)).rejects.toThrow(failing('corrupt'))
  expect((await vault.store(secretMount).readVersion(path)).data).toBe('{"n":1}')
  vault.close()
})

test('the file of another vault is refused with words', async () => {
  const { vault, shelf, folder } = await vaultWithCopy()
  const other = await newVault()
  const bytes = new Uint8Array(readFileSync(other.file))
  const load = shelf.load(inParts(bytes))
  await expect(load).rejects.toThrow(failing('invalid', 'of another vault'))
  expect(readdirSync(folder)).toEqual([])
  vault.close()
})

/** A vault file under the data key of its own that is prepared here, opened. */
async function vaultOf(header: { vaultId?: VaultId; keyEpoch?: number }) {
  const prepared = await prepareVault({ passphrase, random: systemRandom, kdf: cheapKdf })
  const full = { ...prepared.header, ...header }
  const keys = deriveKeys(prepared.dataKey, full.vaultId)
  const dataKey = new SecretKey(prepared.dataKey.bytes.slice())
  const file = join(temporaryFolder(), 'made.coffret')
  createVaultFile(file)
  const database = Database.onEmptyFile(file, 50)
  layOutVault(database, full, dataKey, { clock: new StandingClock(), random: systemRandom })
  return { file, database, keys, header: full, dataKey }
}

test('a file under another data key is refused, by its epoch or by its header', async () => {
  const { vault, shelf } = await vaultWithCopy()
  const rekeyed = await vaultOf({ vaultId: vault.id, keyEpoch: 2 })
  rekeyed.database.close()
  const load = shelf.load(inParts(new Uint8Array(readFileSync(rekeyed.file))))
  await expect(load).rejects.toThrow(failing('invalid', 'key epoch 2, the vault 1'))
  const forged = await vaultOf({ vaultId: vault.id })
  forged.database.close()
  const second = shelf.load(inParts(new Uint8Array(readFileSync(forged.file))))
  await expect(second).rejects.toThrow(failing('corrupt', 'does not authenticate'))
  vault.close()
})

test('while it arrives it is loading, and nothing is read from it', async () => {
  const { vault, shelf, mount, copy } = await vaultWithCopy()
  let proceed = (_: unknown): void => undefined
  const wait = new Promise((resolve) => (proceed = resolve))
  const bytes = copy()
  const load = shelf.load(
    (async function* () {
      yield bytes.subarray(0, 100)
      await wait
      yield bytes.subarray(100)
    })(),
  )
  const [first] = await shelf.list()
  expect(first?.status).toBe('loading')
  await expect(shelf.store(first?.id ?? '', mount)).rejects.toThrow(failing('invalid', 'loading'))
  proceed(undefined)
  expect((await load).id).toBe(first?.id)
  expect((await shelf.get(first?.id ?? '')).status).toBe('ready')
  vault.close()
})

test.each<[string, string, (shelf: LocalSnapshots, vault: LocalVault, id: string) => unknown]>([
  ['unloaded', 'cancelled', (shelf, _, id) => shelf.remove(id)],
  ['locked', 'locked', (_, vault) => vault.lock()],
])('what is %s while it arrives is given up', async (_, code, end) => {
  const { vault, shelf, folder, copy } = await vaultWithCopy()
  const bytes = copy()
  const load = shelf.load(
    (async function* () {
      yield bytes.subarray(0, 100)
      const [one] = await shelf.list()
      await end(shelf, vault, one?.id ?? '')
      yield bytes.subarray(100)
    })(),
  )
  await expect(load).rejects.toThrow(failing(code))
  expect(readdirSync(folder)).toEqual([])
  vault.close()
})

test('a sender that fails leaves nothing, and a folder that is not there is said', async () => {
  const { vault, shelf, folder, copy, options } = await vaultWithCopy()
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield copy().subarray(0, 100)
    throw new Error('gone')
  }
  await expect(shelf.load(broken())).rejects.toThrow('gone')
  expect(readdirSync(folder)).toEqual([])
  const nowhere = { folder: join(folder, 'none') }
  const second = LocalVault.open({ ...options, snapshots: nowhere })
  await second.unlockWithPassphrase(passphrase)
  await expect(second.snapshots.load(inParts(copy()))).rejects.toThrow(failing('storage'))
  second.close()
  expect(existsSync(nowhere.folder)).toBe(false)
  vault.close()
})

test('wiping the keys of the vault ends what was opened with them', async () => {
  const { file, database, keys, header } = await vaultOf({})
  const environment = { clock: { now: () => 0 as never }, random: systemRandom }
  const live = UnlockedVault.enter(database, header.vaultId, keys, environment)
  const copy = Database.open(file, 50)
  const earlier = live.earlier(copy)
  earlier.read(() => undefined)
  live.wipe()
  expect(() => earlier.read(() => undefined)).toThrow(failing('locked'))
  copy.close()
  database.close()
})
