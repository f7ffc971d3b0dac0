import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { CoffretError } from '../contract/errors'

/** What of the environment says where files of this session go. Source: XDG Base Directory. */
export interface RuntimeEnvironment {
  readonly XDG_RUNTIME_DIR?: string | undefined
}

/** So that the path of a socket in a folder below stays within the kernel's limit; see `socket-file.ts`. */
const longestBase = 48

/**
 * The folder of this user for sockets and for what lasts as long as a program: `$XDG_RUNTIME_DIR/coffret`, or
 * one of the folder for temporary files where there is none, made when needed.
 * @throws CoffretError `forbidden` when something else is at its place: somebody else may have put it there
 */
export function runtimeFolder({ XDG_RUNTIME_DIR: base }: RuntimeEnvironment): string {
  const folder =
    base !== undefined && isUsable(base)
      ? join(base, 'coffret')
      : join(tmpdir(), `coffret-${userInfo().uid}`)
  makePrivateFolder(folder)
  return folder
}

/**
 * The variable is kept by `su`, and the folder is then somebody else's. In one that others may write to, they
 * could put a folder of theirs in the place of ours.
 */
function isUsable(base: string): boolean {
  if (!isAbsolute(base) || Buffer.byteLength(base) > longestBase) return false
  const found = lstatSync(base, { throwIfNoEntry: false })
  const isOurs = found?.isDirectory() === true && found.uid === userInfo().uid
  return isOurs && (process.platform === 'win32' || (found.mode & 0o022) === 0)
}

/**
 * Makes a folder that only this user may enter, unless it is there.
 * @throws CoffretError `forbidden` when what is there is no such folder, `not_writable`
 */
export function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    if (code !== 'EEXIST') {
      throw new CoffretError('not_writable', `the folder ${folder} cannot be made: ${code}`, {
        cause,
      })
    }
  }
  const { uid, mode } = lstatSync(folder)
  const isOurs =
    process.platform === 'win32' || (uid === userInfo().uid && (mode & 0o777) === 0o700)
  if (!lstatSync(folder).isDirectory() || !isOurs) {
    throw new CoffretError('forbidden', `${folder} is no folder of this user alone (mode 0700)`)
  }
}
