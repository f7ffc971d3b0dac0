import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { CoffretError } from '../contract/errors'
import type { Procfs } from './procfs'
import { ownerOfSocket, ownerText } from './socket-owner'

/** The kernel's limit on the path of a Unix socket, in bytes, without its end mark. Source: unix(7). */
const longestPath = process.platform === 'linux' ? 107 : 103

/**
 * Listens at a Unix socket that only this user may connect to (0600). One that a program left behind is
 * replaced; one that is in use is not.
 * @throws CoffretError `busy`, `exists` when a file is there, `not_found` without its folder,
 * `not_writable`, `invalid` for a path that is too long; the field is `socket`
 */
export async function listenAtFile(server: Server, path: string, procfs: Procfs): Promise<void> {
  if (Buffer.byteLength(path) > longestPath) {
    throw refusal('invalid', `the path of a socket is at most ${longestPath} bytes`)
  }
  await clearPlace(path, procfs)
  try {
    await withMask(0o177, () => {
      return new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(path, resolve)
      })
    })
    chmodSync(path, 0o600)
  } catch (error) {
    throw translated(error, path)
  }
}

/**
 * Runs what makes a file at once, and ends later, under a mask: between the making of a socket and a later
 * chmod anybody could connect.
 */
function withMask<T>(mask: number, work: () => T): T {
  const before = process.umask(mask)
  try {
    return work()
  } finally {
    process.umask(before)
  }
}

async function clearPlace(path: string, procfs: Procfs): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket()) throw refusal('exists', `${path} is no socket`)
  if (!(await isDead(path))) {
    const owner = ownerText(await ownerOfSocket(procfs, path))
    throw refusal('busy', `the socket ${path} is in use by ${owner}`)
  }
  try {
    rmSync(path, { force: true })
  } catch (error) {
    throw translated(error, path)
  }
}

/** Nobody accepts connections there. */
function isDead(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'ECONNREFUSED' || code === 'ENOENT'),
    )
  })
}

function refusal(code: CoffretError['code'], message: string, cause?: unknown): CoffretError {
  return new CoffretError(code, message, { cause, field: 'socket' })
}

function translated(error: unknown, path: string): CoffretError {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return refusal('busy', `the socket ${path} is in use`, error)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return refusal('not_found', `there is no folder for the socket ${path}`, error)
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return refusal('not_writable', `the folder of the socket ${path} cannot be written`, error)
  }
  return refusal('storage', `cannot listen at ${path}: ${code}`, error)
}
