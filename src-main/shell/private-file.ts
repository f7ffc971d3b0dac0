import { link, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CoffretError, type FailureCode } from '../contract/errors'
import type { RandomBytes } from '../env'
import type { PrivateFiles } from '../ipc/ports'

/** Files of mode 0600, whole or not at all: written beside their place and moved to it. */
export function privateFiles(random: RandomBytes): PrivateFiles {
  return {
    write: async (file, bytes, { mayReplace }) => {
      const name = Buffer.from(random(8)).toString('hex')
      const unfinished = join(dirname(file), `.${basename(file).slice(0, 64)}.${name}`)
      try {
        await writeAndSync(unfinished, bytes)
        // A link fails where a file is, a rename replaces it.
        if (mayReplace) await rename(unfinished, file)
        else await link(unfinished, file)
        await syncFolder(dirname(file))
      } catch (error) {
        throw translated(error)
      } finally {
        await rm(unfinished, { force: true })
      }
    },
    newFolder: async (folder) => {
      try {
        await mkdir(folder, { mode: 0o700 })
      } catch (error) {
        throw translated(error)
      }
    },
    removeIfSame: async (file, bytes) => {
      try {
        return await removeIfSame(file, bytes)
      } catch (error) {
        return translated(error).code === 'not_found' ? 'missing' : 'failed'
      }
    },
  }
}

/** What is deleted is what was compared: a link, or another file in its place, stays. */
async function removeIfSame(file: string, bytes: Uint8Array): Promise<'removed' | 'changed'> {
  const before = await lstat(file)
  if (!before.isFile() || before.size !== bytes.length) return 'changed'
  const found = await readFile(file)
  const isSame = found.equals(bytes)
  found.fill(0)
  const after = await lstat(file)
  if (!isSame || after.ino !== before.ino || after.dev !== before.dev) return 'changed'
  await rm(file)
  await syncFolder(dirname(file))
  return 'removed'
}

async function writeAndSync(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes the new name durable. Windows cannot open a folder, and does not need to. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const codes: Readonly<Record<string, FailureCode>> = {
  EEXIST: 'exists',
  ENOENT: 'not_found',
  ENOTDIR: 'not_found',
  EACCES: 'not_writable',
  EPERM: 'not_writable',
  EROFS: 'not_writable',
  EISDIR: 'exists',
}

function translated(error: unknown): CoffretError {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown'
  return new CoffretError(codes[reason] ?? 'storage', `file not written: ${reason}`, {
    cause: error,
  })
}
