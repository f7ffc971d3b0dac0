import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { homedir, hostname } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Home } from './stores'

/** Larger ones are no settings of a browser. */
const maxTextBytes = 262_144

/** What a question gives, or undefined: whoever asks does not care why there is no answer. */
function tryTo<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It is there, and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function beginningOf(path: string, bytes: number): { size: number; start: Uint8Array } {
  const descriptor = openSync(path, 'r')
  try {
    const start = new Uint8Array(bytes)
    const length = readSync(descriptor, start)
    return { size: statSync(path).size, start: start.subarray(0, length) }
  } finally {
    closeSync(descriptor)
  }
}

/** The file system of the person that runs us, or of another home for tests. */
export function systemHome(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Home {
  const folderOf = (name: string): string | undefined => {
    const folder = environment[name]
    // Source: XDG Base Directory Specification: a relative path counts as none.
    return folder !== undefined && isAbsolute(folder) ? folder : undefined
  }
  const home = folderOf('HOME') ?? homedir()
  const runtime = folderOf('XDG_RUNTIME_DIR')
  return {
    home,
    config: folderOf('XDG_CONFIG_HOME') ?? join(home, '.config'),
    data: folderOf('XDG_DATA_HOME') ?? join(home, '.local/share'),
    ...(runtime === undefined ? {} : { runtime }),
    hostName: hostname(),
    readText: (path) =>
      tryTo(() => {
        const { size } = statSync(path)
        const isText = statSync(path).isFile() && size <= maxTextBytes
        return isText ? readFileSync(path, 'utf8') : undefined
      }),
    names: (folder) => tryTo(() => readdirSync(folder)) ?? [],
    isFolder: (path) => tryTo(() => statSync(path).isDirectory()) ?? false,
    exists: (path) => tryTo(() => lstatSync(path)) !== undefined,
    isPlainFile: (path) => tryTo(() => lstatSync(path).isFile()) ?? false,
    canWrite: (path) =>
      tryTo(() => accessSync(path, constants.R_OK | constants.W_OK) === undefined) ?? false,
    beginning: (path, bytes) => tryTo(() => beginningOf(path, bytes)),
    linkTarget: (path) => tryTo(() => readlinkSync(path)),
    realPath: (path) => tryTo(() => realpathSync(path)),
    isAlive,
  }
}
