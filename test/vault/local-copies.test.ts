import { expect, test } from 'vitest'
import { WorkId } from '../../src-main/contract/compare-calls'
import { FolderPath, SecretPath, StoreId, type EpochMs } from '../../src-main/contract/model'
import type { CopyJob, CopyNotes } from '../../src-main/kv/copy-journal'
import type { LocalVault } from '../../src-main/vault/local-vault'
import { StandingClock, newVault } from './new-vault'
import { changing } from './raw-file'
import { request } from './rotating'
import { mergeInto, twoCopies, unlocked } from './two-copies'

const failing = (code: string) => expect.objectContaining({ code })
const first = WorkId.parse('41111111-1111-4111-8111-111111111111')
const second = WorkId.parse('41111111-1111-4111-8111-111111112222')
const path = (text: string) => SecretPath.parse(text)
const store = StoreId.parse('51111111-1111-4111-8111-111111111111/secret')

const jobOf = (id: WorkId): CopyJob => ({
  id,
  order: {
    kind: 'folder',
    from: { store, path: FolderPath.parse('from') },
    to: { store, path: FolderPath.parse('') },
    policy: {
      ...{ versions: 'all', conflicts: 'rename' },
      ...{ settings: true, move: true, acceptLoss: false },
    },
  },
  mirrors: false,
  startedAt: 5 as EpochMs,
})

const notesOf = (...names: readonly string[]): CopyNotes => ({
  started: names.map((name) => ({
    ...{ from: path(`from/${name}`), to: path(name), base: 0, sourceVersion: 3 },
  })),
  done: names.slice(1).map((name) => ({ from: path(`from/${name}`), outcome: 'moved' as const })),
})

async function fill({ copies }: LocalVault): Promise<void> {
  await copies.begin(jobOf(first))
  await copies.note(first, notesOf('a', 'b'))
  await copies.begin(jobOf(second))
  await copies.note(first, notesOf('c', 'd'))
}

const united = {
  started: [...notesOf('a', 'b').started, ...notesOf('c', 'd').started],
  done: [...notesOf('a', 'b').done, ...notesOf('c', 'd').done],
}

test('a journal is kept in parts, read as one, and erased', async () => {
  const { vault, unlock } = await newVault()
  await fill(vault)
  await expect(vault.copies.begin(jobOf(first))).rejects.toThrow(failing('exists'))
  const opened = await unlock()
  expect(await opened.copies.read(first)).toEqual({ job: jobOf(first), ...united })
  expect(await opened.copies.list()).toHaveLength(2)
  // Another program goes on with it.
  await opened.copies.note(first, { started: [], done: [{ from: path('x'), outcome: 'kept' }] })
  expect((await vault.copies.read(first)).done).toHaveLength(3)
  await vault.copies.discard(first)
  await vault.copies.discard(first)
  expect(await vault.copies.list()).toEqual([{ job: jobOf(second), done: 0, announced: 0 }])
  await expect(vault.copies.read(first)).rejects.toThrow(failing('not_found'))
  await expect(opened.copies.note(WorkId.parse(crypto.randomUUID()), united)).rejects.toThrow(
    failing('not_found'),
  )
  vault.lock()
  await expect(vault.copies.list()).rejects.toThrow(failing('locked'))
})

test('a list tells what is done, and what was announced and may be', async () => {
  const { copies } = (await newVault()).vault
  await copies.begin(jobOf(first))
  const counts = async () => (await copies.list()).map(({ done, announced }) => [done, announced])
  expect(await counts()).toEqual([[0, 0]])
  const { started } = notesOf('a', 'b', 'c')
  await copies.note(first, { started, done: [] })
  expect(await counts()).toEqual([[0, 3]])
  await copies.note(first, { started: [], done: notesOf('a', 'b').done })
  expect(await counts()).toEqual([[1, 2]])
  // Gone on with: those that are left are announced anew.
  await copies.note(first, { started: notesOf('a', 'c').started, done: [] })
  expect(await counts()).toEqual([[1, 2]])
  await copies.note(first, { started: [], done: notesOf('b', 'a', 'c').done })
  expect(await counts()).toEqual([[3, 0]])
})

test('another data key and a repair leave journals and snapshots as they are', async () => {
  const { vault, file, open } = await newVault()
  await fill(vault)
  const snapshot = vault.storeSnapshots.create(store, 'theirs')
  vault.storeSnapshots.finished(snapshot, 7 as EpochMs, 2)
  const shown = [{ id: snapshot, of: store, label: 'theirs', takenAt: 7, missing: 2 }]
  const saved = `${file}.saved.coffret`
  expect(await vault.run('repair', { file: saved })).toMatchObject({ lostCount: 0 })
  const given = request(vault)
  expect(await vault.rotation.start(given)).toEqual({})
  const opened = open()
  await opened.unlockWithRecoveryWords(given.words)
  for (const one of [opened, await unlocked(saved, new StandingClock())]) {
    expect(await one.copies.read(first)).toEqual({ job: jobOf(first), ...united })
    expect(one.storeSnapshots.list()).toEqual(shown)
    expect(await one.run('verify', undefined)).toMatchObject({ problemCount: 0 })
  }
})

test('damage of a journal is told, and repaired without it', async () => {
  const { vault, file } = await newVault()
  await fill(vault)
  const one = 'rowid = (SELECT max(rowid) FROM records WHERE kind = 13)'
  changing(file)(`UPDATE records SET body = zeroblob(92) WHERE ${one}`)
  expect(await vault.run('verify', undefined)).toMatchObject({ problems: [{ what: 'copy' }] })
  const saved = `${file}.saved.coffret`
  expect(await vault.run('repair', { file: saved })).toMatchObject({ lost: [{ what: 'copy' }] })
  const copy = await unlocked(saved, new StandingClock())
  expect((await copy.copies.read(first)).done).toEqual(notesOf('a', 'b').done)
  expect(await copy.run('verify', undefined)).toMatchObject({ problemCount: 0 })
})

test('merging leaves the journals of the other copy there', async () => {
  const { a, b } = await twoCopies()
  await fill(b)
  await a.copies.begin(jobOf(second))
  await mergeInto(a, b.file)
  expect(await a.copies.list()).toEqual([{ job: jobOf(second), done: 0, announced: 0 }])
})
