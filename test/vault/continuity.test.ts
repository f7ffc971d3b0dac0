import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { SecretData, SecretPath } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { openSightings } from '../../src-main/vault/sightings'
import { newVault, passphrase, secretMount, temporaryFolder } from './new-vault'

const stale = expect.objectContaining({ code: 'stale' })
const path = SecretPath.parse('x')
const other = SecretPath.parse('y')
const data = (n: number) => SecretData.parse(`{"n":${n}}`)

/** A vault of machine A with the write 1, and a way to use its file on other machines. */
async function onMachine() {
  const { vault, file, options } = await newVault()
  vault.close()
  const machine = () => ({ ...options, sightings: openSightings(temporaryFolder(), systemRandom) })
  const unlock = async (at: ReturnType<typeof machine>) => {
    const opened = LocalVault.open(at)
    onTestFinished(() => opened.close())
    await opened.unlockWithPassphrase(passphrase)
    return opened
  }
  const a = machine()
  const first = await unlock(a)
  await write(first, 1)
  first.close()
  return { file, a, machine, unlock }
}

async function write(vault: LocalVault, n: number): Promise<void> {
  await vault.store(secretMount).write(path, { mode: 'upsert', data: data(n) })
}

async function valueIn(vault: LocalVault): Promise<unknown> {
  return (await vault.store(secretMount).readVersion(path)).data
}

test('V-11: a whole older file is noticed when it is unlocked, and written only after a decision', async () => {
  const { file, a, unlock } = await onMachine()
  const old = `${file}.old`
  copyFileSync(file, old)
  const vault = await unlock(a)
  a.clock.advance(60_000)
  await write(vault, 2)
  await write(vault, 3)
  vault.close()
  renameSync(old, file)

  const older = await unlock(a)
  expect(older.discontinuity).toEqual({
    kind: 'older',
    fileWrittenAt: 1_700_000_000_000,
    seenWrittenAt: 1_700_000_060_000,
  })
  expect(await valueIn(older)).toBe(data(1))
  await expect(write(older, 9)).rejects.toThrow(stale)
  expect(await valueIn(older)).toBe(data(1))
  older.acceptAsIs()
  expect(older.discontinuity).toBeUndefined()
  await write(older, 9)
  older.close()
  const again = await unlock(a)
  expect(again.discontinuity).toBeUndefined()
  expect(await valueIn(again)).toBe(data(9))
})

test('V-11: the first opening on a machine does not warn, nor does what another machine wrote', async () => {
  const { a, machine, unlock } = await onMachine()
  const b = machine()
  const there = await unlock(b)
  expect(there.discontinuity).toBeUndefined()
  await write(there, 2)
  there.close()
  const here = await unlock(a)
  expect(here.discontinuity).toBeUndefined()
  await write(here, 3)
  here.close()
  expect((await unlock(b)).discontinuity).toBeUndefined()
})

test('a copy that went its own way is noticed, though it was written more often', async () => {
  const { file, a, machine, unlock } = await onMachine()
  const copy = `${file}.copy`
  copyFileSync(file, copy)
  const here = await unlock(a)
  await write(here, 2)
  here.close()
  const there = await unlock({ ...machine(), file: copy })
  for (const n of [10, 11, 12]) await write(there, n)
  there.close()
  renameSync(copy, file)
  const forked = await unlock(a)
  expect(forked.discontinuity?.kind).toBe('forked')
  await expect(write(forked, 3)).rejects.toThrow(stale)
  expect(await valueIn(forked)).toBe(data(12))
})

/** Writes that do not go through a store: a person waits for each as for any other. */
const otherWrites: [string, (vault: LocalVault, copy: string) => Promise<unknown>][] = [
  ['a merge', (vault, file) => vault.run('merge', { file, vaultId: vault.id, apply: true })],
  [
    'a restored backup',
    (vault, file) => vault.run('restore', { file, vaultId: vault.id, apply: true }),
  ],
  ['a new passphrase', (vault) => vault.changePassphrase(passphrase, passphrase)],
]

test.each(otherWrites)(
  'V-11: %s is a write of this machine: it waits for a decision, and does not go unnoticed',
  async (_, change) => {
    const { file, a, machine, unlock } = await onMachine()
    const [old, theirs] = [`${file}.old`, `${file}.theirs`]
    for (const copy of [old, theirs]) copyFileSync(file, copy)
    // What the other copy has, and this one will have from it.
    const there = await unlock({ ...machine(), file: theirs })
    await write(there, 10)
    await there.store(secretMount).write(other, { mode: 'upsert', data: data(11) })
    there.close()
    const copy = `${file}.copy`
    copyFileSync(theirs, copy)

    const here = await unlock(a)
    await change(here, theirs)
    here.close()
    const changed = readFileSync(file)
    renameSync(old, file)
    const older = await unlock(a)
    expect(older.discontinuity?.kind).toBe('older')
    await expect(change(older, theirs)).rejects.toThrow(stale)
    older.close()

    writeFileSync(file, changed)
    expect((await unlock(a)).discontinuity).toBeUndefined()
    const busy = await unlock({ ...machine(), file: copy })
    for (let n = 20; n < 40; n += 1) await write(busy, n)
    busy.close()
    renameSync(copy, file)
    expect((await unlock(a)).discontinuity?.kind).toBe('forked')
  },
)

test('a file put back in its place while the vault is open is noticed at the next operation', async () => {
  const { file, a, unlock } = await onMachine()
  const old = readFileSync(file)
  const vault = await unlock(a)
  await write(vault, 2)
  vault.close()
  const open = await unlock(a)
  // The bytes of the same file, as a tool does that copies over it.
  writeFileSync(file, old)
  await expect(write(open, 3)).rejects.toThrow(stale)
  expect(open.discontinuity?.kind).toBe('older')
})

test('after a crash every acknowledged write is remembered', async () => {
  const { file, a, unlock } = await onMachine()
  const old = `${file}.old`
  copyFileSync(file, old)
  const vault = await unlock(a)
  await write(vault, 2)
  // No lock, no close: the program is gone. What it remembered is in the file of its sightings.
  renameSync(old, file)
  expect((await unlock(a)).discontinuity?.kind).toBe('older')
})

test('sightings that are damaged or cannot be kept do not stand in the way', async () => {
  const { a, unlock, file } = await onMachine()
  const folder = temporaryFolder()
  const sightings = openSightings(folder, systemRandom)
  const vault = await unlock({ ...a, sightings })
  await write(vault, 2)
  vault.close()
  writeFileSync(join(folder, `${vault.id}.seen`), '{"generation":')
  expect((await unlock({ ...a, sightings })).discontinuity).toBeUndefined()
  // A file where the folder would be.
  const nowhere = openSightings(join(file, 'inside'), systemRandom)
  expect(nowhere.writer).toMatch(/^[0-9a-f]{16}$/)
  const careless = await unlock({ ...a, sightings: nowhere })
  await write(careless, 3)
  expect(await valueIn(careless)).toBe(data(3))
})

test('a machine keeps its name, and another has another', () => {
  const folder = temporaryFolder()
  const { writer } = openSightings(folder, systemRandom)
  expect(openSightings(folder, systemRandom).writer).toBe(writer)
  expect(openSightings(temporaryFolder(), systemRandom).writer).not.toBe(writer)
})

test('a machine remembers which file it was, for a journal that a crash may leave beside it', async () => {
  const { a, unlock } = await onMachine()
  const vault = await unlock(a)
  await write(vault, 2)
  expect(a.sightings.read(vault.id)?.file).toEqual(vault.identity)
})
