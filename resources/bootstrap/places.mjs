import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SetupError } from './say.mjs'

/** The clone. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url))

/** Whether we are root on a system that has one: then Electron runs as somebody else. */
export const isRoot = process.getuid?.() === 0

/** The unprivileged user that Electron runs as when we are root: `nobody` on Debian. */
export const nobody = { uid: 65534, gid: 65534 }

/** @param {string} name relative to the clone */
export function projectFile(name) {
  return join(projectFolder, name)
}

/** @param {string} path */
export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/**
 * Where downloads and copies of the build are kept between runs.
 * @param {{ isRoot: boolean, platform: string, home: string, env: NodeJS.ProcessEnv }} machine
 */
export function cacheFolderOf({ isRoot, platform, home, env }) {
  if (env['COFFRET_CACHE']) return env['COFFRET_CACHE']
  // Not below /root: the unprivileged user that Electron runs as must be able to read it.
  if (isRoot) return '/var/cache/coffret'
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'coffret')
  if (platform === 'darwin') return join(home, 'Library/Caches/coffret')
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? home, 'coffret', 'Cache')
  return join(home, '.cache', 'coffret')
}

/**
 * The cache folder, made if need be: ours alone to write, readable by all when we are root.
 * @throws {SetupError} when somebody else could have written what root would start
 */
export function cacheFolder() {
  const { platform, env } = process
  const folder = cacheFolderOf({ isRoot, platform, home: homedir(), env })
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, isRoot ? 0o755 : 0o700)
  }
  const { uid, mode } = statSync(folder)
  if (isRoot && (uid !== 0 || (mode & 0o022) !== 0)) {
    throw new SetupError(`setup: ${folder} must belong to root and be writable by root alone`)
  }
  return folder
}
