import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SecretPath } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { Database } from '../../src-main/vault/database'
import { LocalVault } from '../../src-main/vault/local-vault'
import type { VaultOptions } from '../../src-main/vault/vault-options'
import { identify } from '../../src-main/vault/vault-file'
import { randomNumbers, seed, times } from '../support/torture'
import { startAsked } from './asking'
import { childProgram } from './child-program'
import { StandingClock, newVault, secretMount, temporaryFolder } from './new-vault'
import { traced } from './tracing'

const program = childProgram('asked-process')
const path = 'folder/secret'
const failing = (code: string) => expect.objectContaining({ code })

/** The number that the vault's secret holds. */
async function read(vault: LocalVault, words: readonly string[]): Promise<number> {
  if (vault.isLocked) await vault.unlockWithRecoveryWords(words.join(' '))
  const { data } = await vault.store(secretMount).readVersion(SecretPath.parse(path))
  return (JSON.parse(data ?? '') as { n: number }).n
}

function opening(options: VaultOptions, words: readonly string[]) {
  return async (more: Partial<VaultOptions> = {}) => {
    const vault = LocalVault.open({ ...options, ...more })
    try {
      return { n: await read(vault, words), findings: vault.findings }
    } finally {
      vault.close()
    }
  }
}

/** What is left when a writer was killed: the bytes of the two files, and what opens them. */
interface Crash {
  readonly left: Buffer
  readonly journal: Buffer
  /** The whole file as it was when the secret held so much. */
  readonly copies: readonly Buffer[]
  readonly words: readonly string[]
}

/** All writes to the file, which is not synced yet. */
const allOfThem = -1

/** Kills a writer of 4 after so many writes to the file: those to the journal come before. */
async function crash(fileWrites: number): Promise<Crash> {
  const { vault, file, recoveryWords: words } = await newVault()
  vault.close()
  const asked = await startAsked(program(), file, words)
  const copies: Buffer[] = []
  for (const n of [1, 2, 3]) {
    await asked.ask({ write: { path, n, bytes: 9000 } })
    copies[n] = readFileSync(file)
  }
  const write = () => asked.ask({ write: { path, n: 4, bytes: 9000 } }).catch(() => undefined)
  const atItsSync = ['-P', file, '-e', 'trace=fsync', '-e', 'inject=fsync:signal=SIGKILL']
  const moment = fileWrites === allOfThem ? atItsSync : atFileWrite(file, fileWrites + 1, 'SIGKILL')
  await traced(asked.pid, moment, write)
  expect(await asked.ended).toBe('SIGKILL')
  const left = readFileSync(file)
  expect(left.equals(copies[3]!)).toBe(fileWrites === 0)
  return { left, journal: readFileSync(`${file}-journal`), copies, words }
}

const crashes = new Map<number, Crash>()

/** A vault whose secret holds 3, and a file and journal that a writer of 4 left. */
async function crashed(fileWrites = 3) {
  const { left, journal, copies, words } = crashes.get(fileWrites) ?? (await crash(fileWrites))
  crashes.set(fileWrites, { left, journal, copies, words })
  const file = join(temporaryFolder(), 'test.coffret')
  writeFileSync(file, left, { mode: 0o600 })
  writeFileSync(`${file}-journal`, journal, { mode: 0o600 })
  const options = { file, clock: new StandingClock(), random: systemRandom, busyTimeoutMs: 50 }
  const open = opening(options, words)
  return { file, left, identity: identify(file), journal, copies, options, open }
}

/** What strace is to do before a write to the file itself. */
function atFileWrite(file: string, at: number, signal: string): string[] {
  return ['-P', file, '-e', 'trace=pwrite64', '-e', `inject=pwrite64:signal=${signal}:when=${at}`]
}

/** Puts other bytes in the place of a file, as a tool that synchronises folders does. */
function replace(file: string, bytes: Uint8Array): void {
  writeFileSync(`${file}.arrived`, bytes, { mode: 0o600 })
  renameSync(`${file}.arrived`, file)
}

function beside(file: string): string[] {
  return readdirSync(dirname(file)).filter((name) => name !== basename(file))
}

describe('a journal of this file is played back', () => {
  test.each([0, 1, 4, 8])('after %i writes to the file', async (fileWrites) => {
    const { open, file, identity } = await crashed(fileWrites)
    expect(await open({ knownIdentity: identity })).toEqual({ n: 3, findings: [] })
    expect(beside(file)).toEqual([])
  })

  test('though nobody remembers which file it was', async () => {
    const { open } = await crashed()
    expect(await open()).toEqual({ n: 3, findings: [] })
  })

  test('though the disk has another number since', async () => {
    const { open, identity } = await crashed()
    const knownIdentity = { ...identity, device: identity.device + 1n }
    expect(await open({ knownIdentity })).toEqual({ n: 3, findings: [] })
  })

  test.each([
    ['it saves what the file holds', (good: Buffer) => good],
    ['what it saves is damaged', (good: Buffer) => changed(good, 516 + 4096, 1)],
  ])('when it changes nothing, in whatever file: %s', async (_, make) => {
    const { open, file, identity, copies, journal } = await crashed()
    replace(file, copies[3]!)
    writeFileSync(`${file}-journal`, make(journal))
    expect(await open({ knownIdentity: identity })).toEqual({ n: 3, findings: [] })
    expect(beside(file)).toEqual([])
  })

  test('by way of a link to the file', async () => {
    const { options, file, open } = await crashed()
    const link = join(dirname(file), 'link.coffret')
    symlinkSync(file, link)
    expect(await open({ ...options, file: link })).toEqual({ n: 3, findings: [] })
  })
})

test(`V-12: whatever pages of the file a power loss lets through, the state is the one before (seed ${seed})`, async () => {
  const { file, journal, copies, open, left } = await crashed(allOfThem)
  const before = copies[3]!
  const random = randomNumbers(seed)
  const pageBytes = 4096
  for (let round = 0; round < times(40, 2000); round += 1) {
    const mixed = Buffer.from(
      left.subarray(0, before.length + random(left.length - before.length + 1)),
    )
    for (let at = 0; at < before.length; at += pageBytes) {
      if (random(2) === 0) before.copy(mixed, at, at, at + pageBytes)
    }
    writeFileSync(file, mixed)
    writeFileSync(`${file}-journal`, journal, { mode: 0o600 })
    expect(await open()).toEqual({ n: 3, findings: [] })
    expect(readFileSync(file).equals(before)).toBe(true)
  }
})

describe('a journal beside a file that was replaced is set aside', () => {
  test.each([1, 2])('the copy that holds %i opens as it is', async (n) => {
    const { open, file, copies, journal } = await crashed()
    replace(file, copies[n]!)
    const { n: found, findings } = await open()
    expect(found).toBe(n)
    expect(readFileSync(file).equals(copies[n]!)).toBe(true)
    expect(findings).toEqual([{ kind: 'foreignJournal', keptAs: expect.any(String) }])
    const kept = findings[0]!.keptAs
    expect(basename(kept)).toMatch(
      /^test\.coffret-journal\.foreign-\d{4}-\d\d-\d\dT[\d-]+\.\d{3}Z$/,
    )
    expect(readFileSync(kept).equals(journal)).toBe(true)
    expect(statSync(kept).mode & 0o777).toBe(0o600)
    expect(beside(file)).toEqual([basename(kept)])
    // And only once.
    expect((await open()).findings).toEqual([])
  })

  test('also under a name that is taken, with a mode of its own', async () => {
    const { open, file, copies } = await crashed()
    const kept: string[] = []
    for (let round = 0; round < 3; round += 1) {
      const journal = readFileSync(kept[0] ?? `${file}-journal`)
      replace(file, copies[1]!)
      writeFileSync(`${file}-journal`, journal)
      chmodSync(`${file}-journal`, 0o644)
      utimesSync(`${file}-journal`, 1_700_000_000, 1_700_000_000)
      kept.push((await open()).findings[0]!.keptAs)
    }
    const name = `${file}-journal.foreign-2023-11-14T22-13-20.000Z`
    expect(kept).toEqual([name, `${name}-2`, `${name}-3`])
    expect(kept.map((one) => statSync(one).mode & 0o777)).toEqual([0o600, 0o600, 0o600])
  })

  test('a copy that counts as the journal does is known by its identity alone', async () => {
    const { open, file, copies, identity, options, journal } = await crashed()
    // Another machine went on from 3 as well, and wrote something else.
    rmSync(`${file}-journal`)
    writeFileSync(file, copies[3]!)
    const elsewhere = join(dirname(file), 'elsewhere.coffret')
    copyFileSync(file, elsewhere)
    const raw = Database.open(elsewhere, 50)
    raw.write(() => raw.run('DELETE FROM tree WHERE id = 4224'))
    raw.close()
    replace(file, readFileSync(elsewhere))
    rmSync(elsewhere)
    writeFileSync(`${file}-journal`, journal, { mode: 0o600 })
    expect((await open({ ...options, knownIdentity: identity })).findings).toHaveLength(1)
  })

  test('another vault', async () => {
    const { file, journal } = await crashed()
    const other = await newVault()
    other.vault.close()
    const bytes = readFileSync(other.file)
    replace(file, bytes)
    const opened = LocalVault.open({ ...other.options, file })
    opened.close()
    expect(opened.findings).toHaveLength(1)
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(readFileSync(opened.findings[0]!.keptAs).equals(journal)).toBe(true)
  })

  test.each([
    ['no journal at all', () => Buffer.from('not a journal, but in its place')],
    ['a journal of other pages', (good: Buffer) => changed(good, 24, 512)],
    ['a journal that would cut the file', (good: Buffer) => cutting(good)],
    ['a journal that does not save page 1', (good: Buffer) => changed(good, 512, 2)],
  ])('%s', async (_, make) => {
    const { open, file, copies, journal } = await crashed()
    replace(file, copies[3]!)
    writeFileSync(`${file}-journal`, make(journal), { mode: 0o600 })
    const { n, findings } = await open()
    expect(n).toBe(3)
    expect(findings).toHaveLength(1)
    expect(readFileSync(file).equals(copies[3]!)).toBe(true)
  })
})

/** A journal with another number somewhere. */
function changed(journal: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(journal)
  copy.writeUInt32BE(value, at)
  return copy
}

/** A journal that was synced without a single page: SQLite would only cut the file. */
function cutting(journal: Buffer): Buffer {
  return changed(changed(journal, 8, 0), 16, 1).subarray(0, 512)
}

describe('what is no hot journal is left alone', () => {
  test.each([
    ['an empty one', Buffer.alloc(0)],
    ['one that was not synced', Buffer.alloc(600)],
  ])('%s', async (_, bytes) => {
    const { open, file, copies } = await crashed()
    replace(file, copies[3]!)
    writeFileSync(`${file}-journal`, bytes, { mode: 0o600 })
    expect(await open()).toEqual({ n: 3, findings: [] })
  })

  test('whatever lies there while a program is writing', async () => {
    const { vault, file, options, recoveryWords } = await newVault()
    vault.close()
    const asked = await startAsked(program(), file, recoveryWords)
    await asked.ask({ write: { path, n: 1, bytes: 9000 } })
    let answer: Promise<unknown> | undefined
    await traced(asked.pid, atFileWrite(file, 4, 'SIGSTOP'), async (soFar) => {
      answer = asked.ask({ write: { path, n: 2, bytes: 9000 } })
      // In the middle of its commit.
      while (!soFar().includes('stopped by SIGSTOP')) await new Promise(setImmediate)
    })
    const journal = readFileSync(`${file}-journal`)
    for (const bytes of [journal, changed(journal, 24, 512)]) {
      writeFileSync(`${file}-journal`, bytes)
      expect(() => LocalVault.open(options)).toThrow(failing('busy'))
      expect(readFileSync(`${file}-journal`).equals(bytes)).toBe(true)
    }
    writeFileSync(`${file}-journal`, journal)
    process.kill(asked.pid, 'SIGCONT')
    expect(await answer).toEqual({ n: 2 })
    expect(await opening(options, recoveryWords)()).toEqual({ n: 2, findings: [] })
    await asked.end()
    expect(beside(file)).toEqual([])
  })
})

test('a foreign journal that cannot be moved keeps the vault closed', async () => {
  const { options, file, copies } = await crashed()
  replace(file, copies[1]!)
  // In the way of the second name.
  mkdirSync(`${file}.second-name`)
  expect(() => LocalVault.open(options)).toThrow(failing('storage'))
  expect(existsSync(`${file}-journal`)).toBe(true)
  expect(readFileSync(file).equals(copies[1]!)).toBe(true)
})

test.each([
  ['a folder', (place: string) => void mkdirSync(place)],
  // Whoever opens a pipe waits for its other end, for ever.
  ['a pipe', (place: string) => void execFileSync('mkfifo', [place])],
])('%s in the place of the journal keeps the vault closed', async (_, make) => {
  const { vault, file, options } = await newVault()
  vault.close()
  make(`${file}-journal`)
  expect(() => LocalVault.open(options)).toThrow(failing('storage'))
})

test('a second name that a crash left does not stay', async () => {
  const { open, file, copies } = await crashed()
  replace(file, copies[1]!)
  writeFileSync(`${file}.second-name`, 'left')
  expect((await open()).n).toBe(1)
  expect(existsSync(`${file}.second-name`)).toBe(false)
})

test('a file replaced while it is open: no write is lost in silence, nor is the journal of the new one', async () => {
  const { vault, file, options, recoveryWords } = await newVault()
  const store = vault.store(secretMount)
  const asked = await startAsked(program(), file, recoveryWords)
  await asked.ask({ write: { path, n: 1, bytes: 10 } })
  replace(file, readFileSync(file))
  // Somebody is in the middle of writing to the new file.
  const writing = await startAsked(program(), file, recoveryWords)
  await traced(writing.pid, atFileWrite(file, 3, 'SIGKILL'), () =>
    writing.ask({ write: { path, n: 2, bytes: 9000 } }).catch(() => undefined),
  )
  const journal = readFileSync(`${file}-journal`)
  // Both that have the old file open say so, and leave what is not theirs.
  expect((await asked.ask({ write: { path, n: 3, bytes: 10 } })).code).toBe('storage')
  expect((await asked.ask({ read: path })).message).toContain('was replaced by another file')
  await expect(store.listAll()).rejects.toThrow(failing('storage'))
  expect(readFileSync(`${file}-journal`).equals(journal)).toBe(true)
  await asked.end()
  vault.close()
  expect(await opening(options, recoveryWords)()).toEqual({ n: 1, findings: [] })
})

test('a large transaction that is killed while its pages overflow the memory is undone', async () => {
  const { vault, file, options, recoveryWords } = await newVault()
  vault.close()
  const asked = await startAsked(program(), file, recoveryWords)
  await asked.ask({ write: { path, n: 1, bytes: 10 } })
  await asked.end()
  const before = readFileSync(file)
  const database = Database.open(file, 50)
  let [middle, journal] = [Buffer.alloc(0), Buffer.alloc(0)]
  try {
    database.write(() => {
      for (let n = 0; n < 1500; n += 1) {
        const sql = 'INSERT INTO records (kind, id, version, body) VALUES (99, ?, 0, ?)'
        database.run(sql, new Uint8Array(Buffer.from(`${n}`)), new Uint8Array(8000))
      }
      database.run('UPDATE tree SET body = zeroblob(2048)')
      middle = readFileSync(file)
      journal = readFileSync(`${file}-journal`)
      throw new Error('enough')
    })
  } catch {
    // It is rolled back here; what a kill would have left is put back below.
  }
  database.close()
  expect(middle.length).toBeGreaterThan(before.length * 10)
  writeFileSync(file, middle)
  writeFileSync(`${file}-journal`, journal, { mode: 0o600 })
  expect(await opening(options, recoveryWords)()).toEqual({ n: 1, findings: [] })
  expect(readFileSync(file).equals(before)).toBe(true)
})
