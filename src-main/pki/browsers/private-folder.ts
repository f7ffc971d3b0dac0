import {
  closeSync,
  fsyncSync,
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

/**
 * Lets work use files that only we can read (0600, in a new folder of 0700), and takes them away after
 * it, also when the process is ended by a signal. They are overwritten first, which reaches their bytes
 * in memory; a flash disk may keep copies, so `runtime` is preferred, which is in memory.
 * @param files their names and what is in them
 * @param runtime `$XDG_RUNTIME_DIR`
 */
export async function withPrivateFiles<T, Name extends string>(
  files: Readonly<Record<Name, Uint8Array>>,
  runtime: string | undefined,
  work: (paths: Readonly<Record<Name, string>>) => Promise<T>,
): Promise<T> {
  const base = runtime !== undefined && isOurs(runtime) ? runtime : tmpdir()
  const folder = mkdtempSync(join(base, 'coffret-'))
  const takeAway = (): void => {
    try {
      wipe(folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const onExit = (): void => takeAway()
  const onSignal = (signal: NodeJS.Signals): void => {
    takeAway()
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
    const paths = {} as Record<Name, string>
    for (const name of Object.keys(files) as Name[]) {
      paths[name] = join(folder, name)
      writeFileSync(paths[name], files[name], { mode: 0o600, flag: 'wx' })
    }
    return await work(paths)
  } finally {
    release()
    takeAway()
  }
}
