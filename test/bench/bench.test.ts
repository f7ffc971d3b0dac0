import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildBench } from '../../resources/bootstrap/steps/bench-build.mjs'
import { dataOf, dataSize, largeFolder, largeFolderSize, pathOf } from './fixture'
import { keepassXml } from './kdbx'
import { readOptions } from './options'
import { formatTable, quantity, verdictOf, type Result } from './result'
import { median, percentile } from './timing'

const run = promisify(execFile)

/** The bench as it is built and run, on vaults of a few secrets: that it works, not how fast. */
describe('the bench', () => {
  let programs = ''
  let cache = ''
  beforeAll(async () => {
    cache = mkdtempSync(join(tmpdir(), 'coffret-bench-test-'))
    programs = await buildBench()
  })
  afterAll(() => {
    for (const folder of [programs, cache]) rmSync(folder, { recursive: true, force: true })
  })

  test('a run measures every subject, says no path, and keeps its vaults but no copies', async () => {
    const json = join(cache, 'results.json')
    const own = ['--cache', join(cache, 'kept'), '--key', 'test', '--json', json]
    const tiny = ['--size', '30', '--small', '10', '--effort', '0.01']
    const { stdout } = await run(process.execPath, [join(programs, 'bench.cjs'), ...own, ...tiny])
    const { machine, results } = JSON.parse(readFileSync(json, 'utf8'))
    expect(machine).toEqual({ cores: expect.any(Number), node: process.version })
    const measures = results.map(({ measure }: Result) => measure)
    for (const start of [
      'open,',
      'write a',
      'read by',
      'list',
      'index',
      'search',
      'memory',
      'file',
      'copy to',
      'copy from',
      'first rows',
      'API',
      'refuse',
    ]) {
      expect(measures.filter((measure: string) => measure.startsWith(start))).not.toEqual([])
    }
    // At another size than the goals' nothing is met or missed.
    expect(new Set(results.map(({ verdict }: { verdict: string }) => verdict))).not.toContain('met')
    expect(stdout).toContain('measure')
    expect(stdout).not.toContain(cache)
    expect(readdirSync(join(cache, 'kept'))).toEqual(['vaults-test'])
  })
})

test('a result is judged by all of its goals', () => {
  const result = { measure: 'x', unit: 'ms', value: 2 } as const
  expect(verdictOf(result)).toBe('none')
  expect(verdictOf({ measure: 'x', unit: 'ms', atMost: 2 })).toBe('not measured')
  expect(verdictOf({ ...result, ratioAtLeast: 3 })).toBe('not measured')
  expect(verdictOf({ ...result, atMost: 2 })).toBe('met')
  expect(verdictOf({ ...result, atMost: 1.9 })).toBe('missed')
  expect(verdictOf({ ...result, atMost: 2, ratio: 1.6, ratioAtMost: 1.5 })).toBe('missed')
  expect(verdictOf({ ...result, ratio: 2.9, ratioAtLeast: 3 })).toBe('missed')
  expect(verdictOf({ ...result, ratio: 3, ratioAtLeast: 3 })).toBe('met')
})

test('the table holds goal, figure, ratio and verdict in columns', () => {
  const table = formatTable([
    { measure: 'write', unit: 'ms', value: 1.234, atMost: 2, ratio: 1.6, ratioAtMost: 1.5 },
    { measure: 'search', unit: 'ms', atMost: 16, note: 'not built yet' },
  ])
  expect(table.split('\n')).toEqual([
    'measure  goal             measured  ratio  verdict',
    '───────  ───────────────  ────────  ─────  ───────────────────────────',
    'write    ≤ 2 ms, ≤ 1.5 ×  1.23 ms   1.6 ×  MISSED',
    'search   ≤ 16 ms          –                not measured: not built yet',
  ])
})

test.each([
  [0.26312, '0.263 ms'],
  [1.5, '1.5 ms'],
  [43.61, '43.6 ms'],
  [1626.4, '1,626 ms'],
])('%f is said as %s', (value, words) => {
  expect(quantity(value, 'ms')).toBe(words)
})

test('a percentile is the nearest rank, whatever the order', () => {
  const samples = [9, 1, 8, 2, 7, 3, 6, 4, 10, 5]
  expect([median(samples), percentile(samples, 0.95), percentile(samples, 0)]).toEqual([5, 10, 1])
  expect(() => median([])).toThrow()
})

test.each([10, 30, 1000, 3000])('a vault of %i has that many paths, some in one folder', (size) => {
  const paths = Array.from({ length: size }, (_, index) => pathOf(index, size))
  expect(new Set(paths).size).toBe(size)
  const large = paths.filter((path) => path.startsWith(`${largeFolder}/`))
  expect(large).toHaveLength(largeFolderSize(size))
})

test('data is as long as said, and another for each version', () => {
  expect([0, 99_999].map((index) => dataOf(index, 3).length)).toEqual([dataSize, dataSize])
  expect(dataOf(1, 1)).not.toBe(dataOf(1, 2))
})

test('the document for KeePassXC holds every secret in its group', () => {
  const xml = keepassXml(30)
  expect(xml.match(/<Entry>/g)).toHaveLength(30)
  expect(xml.match(/<Name>/g)?.length).toBeGreaterThan(3)
  expect(xml.match(/<Group>/g)?.length).toBe(xml.match(/<\/Group>/g)?.length)
})

test('options are read, and wrong ones refused with what is accepted', () => {
  const own = ['--cache', 'x', '--key', 'y']
  expect(readOptions(own)).toMatchObject({ size: 100_000, small: 1000, entries: [10_000, 100_000] })
  const some = readOptions([...own, '--only', 'open,write', '--size', '10000'])
  expect(some).toMatchObject({ only: ['open', 'write'], size: 10_000, entries: [10_000] })
  expect(() => readOptions([...own, '--only', 'speed'])).toThrow('open, write')
  expect(() => readOptions([...own, '--size', '5'])).toThrow('10 to')
})
