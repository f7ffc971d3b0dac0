import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SecretPath } from '../../src-main/contract/model'
import { LocalVault } from '../../src-main/vault/local-vault'
import type { VaultOptions } from '../../src-main/vault/vault-options'
import { isTorture, times } from '../support/torture'
import type { Answer } from './asked-process'
import { startAsked } from './asking'
import { childProgram } from './child-program'
import { newVault, secretMount } from './new-vault'
import { traced } from './tracing'

const program = childProgram('asked-process')
const path = 'folder/secret'

/** A vault with a secret of several pages, and a child that writes the next number into it. */
async function writtenVault() {
  const { vault, options, recoveryWords, file } = await newVault()
  vault.close()
  const start = () => startAsked(program(), file, recoveryWords)
  const asked = await start()
  let n = 0
  const write = (): Promise<Answer> => asked.ask({ write: { path, n: (n += 1), bytes: 9000 } })
  // More than are kept, so that each of the next ones also erases.
  for (let at = 0; at < 12; at += 1) await write()
  const fresh = () => numberIn(options, recoveryWords)
  return { asked, write, start, fresh, written: () => n, file }
}

/** The number that a program which opens the file now finds. */
async function numberIn(options: VaultOptions, words: readonly string[]): Promise<number> {
  const vault = LocalVault.open(options)
  try {
    await vault.unlockWithRecoveryWords(words.join(' '))
    const store = vault.store(secretMount)
    expect((await store.listAll()).items).toHaveLength(1)
    const { data } = await store.readVersion(SecretPath.parse(path))
    return (JSON.parse(data ?? '') as { n: number }).n
  } finally {
    vault.close()
  }
}

/** All that a commit asks of the disk: the last test shows that there is nothing else. */
const disk = ['openat', 'pwrite64', 'fsync', 'ftruncate'] as const
const inject = (call: string, what: string) => [
  ...['-e', `trace=${disk.join()}`],
  ...['-e', `inject=${call}:${what}`],
]

const clear: readonly (string | undefined)[] = ['storage', 'not_writable']

describe.each(disk)('V-12: %s', (call) => {
  test.each([
    ['EIO', 'fails once', ''],
    ['ENOSPC', 'fails once', ''],
    ['EIO', 'fails from then on', '+'],
    ['ENOSPC', 'fails from then on', '+'],
  ])(
    'with %s %s: the old state or the new one, as was said, and the next try works',
    async (error, _, onwards) => {
      const { asked, write, fresh, written } = await writtenVault()
      // In every run each of the many writes fails in one of the four ways, in the torture run in all.
      const isSparse = call === 'pwrite64' && !isTorture
      const [first, step] = isSparse ? [1 + firstOf(error, onwards), 4] : [1, 1]
      let places = 0
      for (let k = first; ; k += step) {
        const before = written()
        const { result, trace } = await traced(
          asked.pid,
          inject(call, `error=${error}:when=${k}${onwards}`),
          write,
        )
        const fault = trace.find((line) => line.includes('INJECTED')) ?? ''
        if (fault === '') break
        places += 1
        const isUndecided = result.message?.includes('a power loss may still undo it') ?? false
        expect([undefined, ...clear], fault).toContain(result.code)
        const isOld = result.code !== undefined && !isUndecided
        const expected = isOld ? before : before + 1
        expect(await fresh(), fault).toBe(expected)
        expect(await asked.ask({ read: path }), fault).toEqual({ n: expected })
        expect(await write(), fault).toEqual({ n: before + 2 })
        expect(await fresh(), fault).toBe(before + 2)
      }
      await asked.end()
      expect(places).toBeGreaterThanOrEqual(Math.floor(leastPlaces[call] / step))
    },
  )
})

/** How many calls of each kind a commit makes at least. */
const leastPlaces: Record<(typeof disk)[number], number> = {
  openat: 2,
  pwrite64: 25,
  fsync: 5,
  ftruncate: 1,
}

function firstOf(error: string, onwards: string): number {
  return (error === 'EIO' ? 0 : 1) + (onwards === '' ? 0 : 2)
}

test('V-12: what SQLite says failed but is written and only not synced, is synced', async () => {
  const { asked, write, fresh } = await writtenVault()
  // The fifth sync is that of the emptied journal.
  const { result, trace } = await traced(asked.pid, inject('fsync', 'error=EIO:when=5'), write)
  expect(result).toEqual({ n: 13 })
  expect(await fresh()).toBe(13)
  const syncs = trace.filter((line) => line.startsWith('fsync('))
  expect(syncs).toHaveLength(6)
  expect(syncs[4]).toContain('INJECTED')
  expect(syncs[5]).toMatch(/ = 0$/)
  const failing = await traced(asked.pid, inject('fsync', 'error=EIO:when=5+'), write)
  expect(failing.result.code).toBe('storage')
  expect(failing.result.message).toContain('it is written')
  await asked.end()
})

test('V-12: a line of the audit log is not written twice when its sync fails', async () => {
  const { asked } = await writtenVault()
  expect(await asked.ask({ note: 'first' })).toEqual({ n: 1 })
  for (let k = 1; k <= 5; k += 1) {
    const note = () => asked.ask({ note: `sync ${k}` })
    const { trace } = await traced(asked.pid, inject('fsync', `error=EIO:when=${k}`), note)
    expect(trace.filter((line) => line.includes('INJECTED'))).toHaveLength(1)
    // Looking at the log wrote what was not written before.
    expect(await asked.ask({ note: 'next' })).toEqual({ n: 1 + 2 * k })
  }
  await asked.end()
})

test('V-12: a disk that becomes read-only while the vault is open', async () => {
  const { asked, write, fresh } = await writtenVault()
  for (const call of disk) {
    const { result } = await traced(asked.pid, inject(call, 'error=EROFS:when=1+'), write)
    expect(clear, call).toContain(result.code)
  }
  const { n } = await write()
  expect(await fresh()).toBe(n)
  await asked.end()
})

test('V-12: a program that dies at any write of a commit leaves the state before', async () => {
  const { asked, start, fresh, written, file } = await writtenVault()
  await asked.end()
  expect(await fresh()).toBe(written())
  for (let k = 1, hot = 0; ; k += times(6, 1)) {
    const mortal = await start()
    const before = await fresh()
    const ask = () => mortal.ask({ write: { path, n: before + 1, bytes: 9000 } })
    const dying = () => ask().catch(() => undefined)
    const options = inject('pwrite64', `signal=SIGKILL:when=${k}`)
    const { result } = await traced(mortal.pid, options, dying)
    if (result !== undefined) {
      await mortal.end()
      expect(hot).toBeGreaterThan(0)
      break
    }
    if (existsSync(`${file}-journal`)) hot += 1
    expect(await fresh()).toBe(before)
  }
})

test('V-13: nothing is written to the file before the journal is safe, nor answered before the file is', async () => {
  const { asked, write, file } = await writtenVault()
  const calls = [...disk, 'fdatasync', 'unlink', 'rename', 'write', 'pwritev', 'mmap']
  const { trace: all } = await traced(asked.pid, ['-y', '-e', `trace=${calls.join()}`], write)
  const trace = all.filter((line) => line.includes(dirname(file)))
  await asked.end()
  const places: [RegExp, string][] = [
    [/^openat\(.*-journal"/, 'open journal'],
    [/^pwrite64\(\d+<[^>]*-journal>/, 'write journal'],
    [/^fsync\(\d+<[^>]*-journal>/, 'sync journal'],
    [/^pwrite64\(\d+<[^>]*\.coffret>/, 'write file'],
    [/^fsync\(\d+<[^>]*\.coffret>/, 'sync file'],
    [/^ftruncate\(\d+<[^>]*-journal>, 0\)/, 'empty journal'],
    [/^openat\(.*O_RDONLY/, 'open folder'],
    [/^fsync\(\d+<[^>]*coffret-test-[^/>]*>/, 'sync folder'],
  ]
  const steps = trace.map((line) => places.find(([pattern]) => pattern.test(line))?.[1] ?? line)
  expect(steps.filter((step, at) => step !== steps[at - 1])).toEqual([
    'open journal',
    'write journal',
    'sync journal',
    // So that the name of the journal is safe too.
    'open folder',
    'sync folder',
    // Its header says only now that it counts.
    'write journal',
    'sync journal',
    'write file',
    'sync file',
    'empty journal',
    // From now on no power loss brings the state before back.
    'sync journal',
  ])
  expect(trace.find((line) => line.startsWith('openat'))).toMatch(/O_NOFOLLOW.*, 0600\) = /)
  expect(existsSync(`${file}-journal`)).toBe(false)
})
