import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { isRoot, nobody, projectFile } from './places.mjs'

/** `setpriv` arguments for the user that Electron runs as when we are root. */
const asNobody = [`--reuid=${nobody.uid}`, `--regid=${nobody.gid}`, '--clear-groups', '--']

/** A program that runs `$COFFRET_ELECTRON_BINARY` as that user, with the same pid and streams. */
export const asNobodyScript = projectFile('resources/bootstrap/as-nobody.sh')

/**
 * Whether a program succeeds: as the unprivileged user when we are root, otherwise as we are.
 * @param {string} command
 * @param {string[]} args
 */
export function runsAsNobody(command, args) {
  const [program, ...rest] = isRoot
    ? ['setpriv', ...asNobody, command, ...args]
    : [command, ...args]
  try {
    execFileSync(/** @type {string} */ (program), rest, { stdio: 'ignore', cwd: '/' })
    return true
  } catch {
    return false
  }
}

/**
 * A private home for the app, of the user that it runs as.
 * @param {string} home made if need be, mode 700
 * @returns {Record<string, string | undefined>} the environment that makes it the home, and
 *   undefined for what would lead out of it
 */
export function privateHome(home) {
  const runtime = join(home, '.runtime')
  for (const folder of [home, runtime]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    if (isRoot) chownSync(folder, nobody.uid, nobody.gid)
  }
  return {
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    XDG_CONFIG_HOME: undefined,
    XDG_DATA_HOME: undefined,
    XDG_CACHE_HOME: undefined,
    DBUS_SESSION_BUS_ADDRESS: undefined,
  }
}
