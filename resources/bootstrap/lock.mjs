import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { cacheFolder } from './places.mjs'
import { say } from './say.mjs'

/**
 * Does some work while no other run does work on the same subject: two builds into one folder, or
 * two downloads of one file, would each spoil the other's. A lock left by a dead process is taken over.
 * @template T
 * @param {string} subject a path or a name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(subject, work) {
  const folder = join(cacheFolder(), 'locks')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, createHash('sha256').update(subject).digest('hex').slice(0, 16))
  let hasWaited = false
  while (!take(path)) {
    const holder = readHolder(path)
    if (holder !== undefined && !isAlive(holder)) {
      rmSync(path, { force: true })
      continue
    }
    if (!hasWaited) say('setup', `waiting for another run (process ${holder ?? 'unknown'})`)
    hasWaited = true
    await delay(200)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

/** @param {string} path */
function readHolder(path) {
  try {
    // Empty between another run's creating and writing it: then nobody's yet, and we wait.
    return Number(readFileSync(path, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
