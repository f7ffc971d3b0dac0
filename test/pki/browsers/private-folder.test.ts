import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemHome } from '../../../src-main/pki/browsers/home'
import { removeLeftovers, withPrivateFiles } from '../../../src-main/pki/browsers/private-folder'
import { temporaryFolder } from '../../vault/new-vault'
import { deadPid } from './temporary-home'

const secret = () => new TextEncoder().encode('canary')

/** A place for private files, with what our system says of processes. */
function makeHome(alive: readonly number[] = []) {
  const runtime = join(temporaryFolder(), 'run')
  mkdirSync(runtime, { mode: 0o700 })
  return { ...systemHome(), runtime, isAlive: (pid: number) => alive.includes(pid) }
}

test('files are there for the work, ours alone, and gone after it', async () => {
  const home = makeHome()
  const folder = await withPrivateFiles({ password: secret() }, home, async (where) => {
    expect(readFileSync(join(where, 'password'), 'utf8')).toBe('canary')
    expect(statSync(where).mode & 0o777).toBe(0o700)
    expect(statSync(join(where, 'password')).mode & 0o777).toBe(0o600)
    return where
  })
  expect(folder.startsWith(home.runtime)).toBe(true)
  expect(readdirSync(home.runtime)).toEqual([])
})

test('files are gone after work that fails, with its own error', async () => {
  const home = makeHome()
  const done = withPrivateFiles({ password: secret() }, home, () =>
    Promise.reject(new Error('as told')),
  )
  await expect(done).rejects.toThrow('as told')
  expect(readdirSync(home.runtime)).toEqual([])
})

test('their bytes are overwritten before they go', async () => {
  const home = makeHome()
  await withPrivateFiles({ password: secret() }, home, async (where) => {
    // Another name of the same bytes, which outlives the folder.
    linkSync(join(where, 'password'), join(home.runtime, 'other'))
  })
  expect(readFileSync(join(home.runtime, 'other'))).toEqual(Buffer.alloc(6))
})

test.each([0o755, 0o770])('a runtime folder of mode %o is not used', async (mode) => {
  const runtime = join(temporaryFolder(), 'run')
  mkdirSync(runtime, { mode })
  chmodSync(runtime, mode)
  const home = { ...makeHome(), runtime }
  const folder = await withPrivateFiles({ a: secret() }, home, async (where) => where)
  expect(folder.startsWith(tmpdir())).toBe(true)
  expect(folder.startsWith(runtime)).toBe(false)
})

test('what a dead process left goes, what a living one works with stays', async () => {
  const home = makeHome([4711])
  for (const name of [
    `coffret-browser-${deadPid()}-abc`,
    'coffret-browser-4711-abc',
    'other-1-a',
  ]) {
    mkdirSync(join(home.runtime, name))
  }
  await withPrivateFiles({ password: secret() }, home, async () => undefined)
  expect(readdirSync(home.runtime).sort()).toEqual(['coffret-browser-4711-abc', 'other-1-a'])
})

test('a link among the leftovers leads nowhere', () => {
  const home = makeHome()
  const precious = join(temporaryFolder(), 'precious')
  mkdirSync(precious)
  symlinkSync(precious, join(home.runtime, 'coffret-browser-1-abc'))
  removeLeftovers(home)
  expect(existsSync(precious)).toBe(true)
  expect(readdirSync(home.runtime)).toEqual(['coffret-browser-1-abc'])
})

test('a place that nobody can list stops nothing', async () => {
  const home = { ...makeHome(), names: () => [] }
  mkdirSync(join(home.runtime, 'coffret-browser-1-abc'))
  await expect(withPrivateFiles({ a: secret() }, home, async () => 'done')).resolves.toBe('done')
  expect(systemHome().names('/nowhere')).toEqual([])
})
