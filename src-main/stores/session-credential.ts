import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** What the names of credentials begin with that end with the program that made them. */
const prefix = 'coffret serve '

let ownName: string | undefined

/** The name of a credential that ends with this program. 1 to 64 characters. */
export const sessionCredentialName = (): string => (ownName ??= prefix + processTag())

/**
 * Whether a credential is one that ended with its program. Where that was killed, nobody has removed it yet:
 * it opens nothing all the same. Of a program of another computer that cannot be told.
 */
export const isEndedSession = (name: string): boolean =>
  name.startsWith(prefix) &&
  // Each request asks: our own must cost no look at the system.
  name !== sessionCredentialName() &&
  isTagOfDeadProcess(name.slice(prefix.length))

/**
 * A name of a running program that no other one gets: its process id, when it started (in ticks since the
 * computer did), and the computer. 1 to 41 characters.
 */
export function processTag(pid = process.pid): string {
  return `${pid}.${startOf(pid) ?? '0'} ${host()}`
}

/** Whether a text is the tag of a program of this computer that has ended. */
export function isTagOfDeadProcess(tag: string): boolean {
  const [, pid, start, where] = /^(\d{1,10})\.(\d{1,16}) (.+)$/.exec(tag) ?? []
  if (pid === undefined || where !== host()) return false
  const now = startOf(Number(pid))
  return now === undefined ? !isRunning(Number(pid)) : now !== start
}

const host = (): string => hostname().slice(0, 13)

/** Source: proc_pid_stat(5), field 22; the name before it may hold anything. Undefined where there is none. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
