import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Home } from './stores'

/** Whose folder it is: the id of a process, before what makes the name unique. */
const folderName = /^coffret-browser-(\d+)-\w+$/

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Whether a folder is ours alone, as `$XDG_RUNTIME_DIR` has to be; it lies in memory then. */
function isOurs(folder: string): boolean {
  try {
    const { mode, uid } = statSync(folder)
    return (mode & 0o077) === 0 && uid === process.getuid?.()
  } catch {
    return false
  }
}

function wipe(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    const descriptor = openSync(file, 'r+')
    try {
      writeSync(descriptor, new Uint8Array(statSync(file).size))
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }
}

/** Where private files lie: in memory, where the system has a place for that. */
function baseOf({ runtime }: PrivateHome): string {
  return runtime !== undefined && isOurs(runtime) ? runtime : tmpdir()
}

function takeAway(folder: string): void {
  // A signal may have come before.
  if (!existsSync(folder)) return
  try {
    wipe(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is asked of the person's system. A temporary folder may be one that nobody can list. */
type PrivateHome = Pick<Home, 'runtime' | 'names' | 'isAlive'>

/**
 * Takes away what processes left that were killed, or lost their power, while they worked. Whoever else may
 * write to the temporary folder cannot make us take away anything of theirs, or of ours elsewhere.
 */
export function removeLeftovers(home: PrivateHome): void {
  const base = baseOf(home)
  for (const name of home.names(base)) {
    const [, pid] = folderName.exec(name) ?? []
    if (pid === undefined || home.isAlive(Number(pid))) continue
    try {
      const entry = lstatSync(join(base, name))
      if (entry.isDirectory() && entry.uid === process.getuid?.()) takeAway(join(base, name))
    } catch {
      // Another Coffret is at it, or it is nobody's to take away: the work ahead does not hang on it.
    }
  }
}

/**
 * Lets work use files that only we can read (0600, in a new folder of 0700), and takes them away after
 * it, also when the process is ended by a signal. They are overwritten first, which reaches their bytes
 * in memory; a flash disk may keep copies, so `$XDG_RUNTIME_DIR` is preferred, which is in memory.
 * @param files their names and what is in them
 * @param work is given the folder
 */
export async function withPrivateFiles<T>(
  files: Readonly<Record<string, Uint8Array>>,
  home: PrivateHome,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  removeLeftovers(home)
  const folder = mkdtempSync(join(baseOf(home), `coffret-browser-${process.pid}-`))
  const onExit = (): void => takeAway(folder)
  const onSignal = (signal: NodeJS.Signals): void => {
    takeAway(folder)
    release()
    // With our listener gone it ends us, unless someone else listens, who then decides.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  const release = (): void => {
    process.removeListener('exit', onExit)
    for (const signal of signals) process.removeListener(signal, onSignal)
  }
  process.once('exit', onExit)
  for (const signal of signals) process.once(signal, onSignal)
  try {
    for (const [name, bytes] of Object.entries(files)) {
      writeFileSync(join(folder, name), bytes, { mode: 0o600, flag: 'wx' })
    }
    return await work(folder)
  } finally {
    release()
    takeAway(folder)
  }
}
