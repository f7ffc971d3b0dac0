import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withLock } from '../../../resources/bootstrap/lock.mjs'

let cache: string

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'coffret-lock-'))
  vi.stubEnv('COFFRET_CACHE', cache)
  vi.spyOn(console, 'log').mockReturnValue()
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  rmSync(cache, { recursive: true, force: true })
})

test('work on one subject happens one after the other', async () => {
  const order: string[] = []
  const work = (name: string) =>
    withLock('subject', async () => {
      order.push(`${name} begins`)
      await Promise.resolve()
      order.push(`${name} ends`)
    })
  await Promise.all([work('a'), work('b')])
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})

test('work that fails gives the lock back', async () => {
  await expect(withLock('subject', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await expect(withLock('subject', () => Promise.resolve(1))).resolves.toBe(1)
})

test('a lock left by a dead process is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  const name = createHash('sha256').update('subject').digest('hex').slice(0, 16)
  mkdirSync(join(cache, 'locks'))
  writeFileSync(join(cache, 'locks', name), String(pid))
  await expect(withLock('subject', () => Promise.resolve(1))).resolves.toBe(1)
})
