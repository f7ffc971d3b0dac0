import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SecretPath, VersionNumber } from '../../src-main/contract/model'
import { newVault, secretMount } from './new-vault'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder = ''

/** The writer as a program: its libraries are found from inside the repository only. */
beforeAll(async () => {
  mkdirSync(join(root, 'test-results'), { recursive: true })
  folder = mkdtempSync(join(root, 'test-results', 'writer-'))
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: 'test/vault/writer-process.ts', outDir: folder, emptyOutDir: false },
  })
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Writer {
  /** The numbers of the versions that were acknowledged. */
  readonly acknowledged: number[]
  /** Kills it so many milliseconds after its first acknowledged write. */
  killAfter(ms: number): void
  /** How it ended: an exit code, or null when it was killed. */
  readonly ended: Promise<number | null>
}

function startWriter(file: string, words: string[], path: string, count: number): Writer {
  const program = join(folder, 'writer-process.js')
  const child = spawn(process.execPath, [program, file, words.join(' '), path, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const acknowledged: number[] = []
  let text = ''
  let delay: number | undefined
  child.stdout.on('data', (chunk: Buffer) => {
    if (text === '' && delay !== undefined) setTimeout(() => child.kill('SIGKILL'), delay)
    text += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) =>
    child.on('close', (code) => {
      // A line cut by the kill was not said.
      acknowledged.push(...text.split('\n').slice(0, -1).map(Number))
      resolve(code)
    }),
  )
  return { acknowledged, ended, killAfter: (ms) => void (delay = ms) }
}

test('three programs that write at once lose nothing', async () => {
  const { vault, file, recoveryWords } = await newVault()
  const store = vault.store(secretMount)
  await store.writeConfig({ maxVersions: 1000 })
  const each = 100
  const writers = [1, 2, 3].map(() => startWriter(file, recoveryWords, 'shared/x', each))
  expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual([0, 0, 0])
  const numbers = writers.flatMap((writer) => writer.acknowledged).sort((a, b) => a - b)
  expect(numbers).toEqual(Array.from({ length: 3 * each }, (_, at) => at + 1))
  const metadata = await store.readMetadata(SecretPath.parse('shared/x'))
  expect(metadata.versions).toHaveLength(3 * each)
}, 120_000)

test('a program that is killed while writing leaves a sound vault and all it acknowledged', async () => {
  const { vault, file, recoveryWords, unlock } = await newVault()
  vault.close()
  const path = SecretPath.parse('killed/x')
  let killed = 0
  for (let round = 0; round < 20; round += 1) {
    const writer = startWriter(file, recoveryWords, path, 100_000)
    // Spread over some writes: each takes a few milliseconds.
    writer.killAfter((round * 7) % 20)
    if ((await writer.ended) === null) killed += 1
    const last = writer.acknowledged.at(-1) ?? 0
    const opened = await unlock()
    const store = opened.store(secretMount)
    const { currentVersion } = await store.readMetadata(path)
    // One more may be on the disk than was said.
    expect([last, last + 1]).toContain(currentVersion)
    const { data } = await store.readVersion(path, VersionNumber.parse(last))
    expect(JSON.parse(data ?? '{}')).toHaveProperty('n')
    expect((await store.listAll()).items).toHaveLength(1)
    opened.close()
  }
  expect(killed).toBe(20)
}, 120_000)
