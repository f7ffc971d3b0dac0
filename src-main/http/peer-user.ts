import {
  findConnection,
  systemProcfs,
  tcpTables,
  type Endpoint,
  type Procfs,
  type TcpRow,
} from './procfs'

/** The two ends of a connection that came in. */
export interface Ends {
  readonly peer: Endpoint
  readonly own: Endpoint
}

/**
 * Tells the user id of the program at the other end, and the inode of its socket; undefined when the system
 * does not know any (more).
 */
export type PeerUsers = (ends: Ends) => Promise<TcpRow | undefined>

/**
 * How often the tables are read for one connection: they are read in pieces, while connections come and go,
 * so that a row can be missed.
 */
const attempts = 3

/**
 * Finds the other end of loopback connections in the kernel's tables. A connection that no program holds any
 * more belongs to nobody: the kernel then prints user 0.
 * @throws Error (from the returned function) when the tables cannot be read
 */
export function peerUsers(procfs: Procfs = systemProcfs): PeerUsers {
  const tables = tcpTables.map((path) => shared(() => procfs.read(path)))
  return async ({ peer, own }) => {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      for (const [at, read] of tables.entries()) {
        const row = findConnection(await orMissing(read(), at > 0), peer, own)
        if (row !== undefined) return row.inode === 0 ? undefined : row
      }
    }
    return undefined
  }
}

/** A machine without IPv6 has no table of it. */
function orMissing(reading: Promise<string>, mayMiss: boolean): Promise<string> {
  return mayMiss ? reading.catch(() => '') : reading
}

/**
 * One reading for all who ask while another one runs: a thousand connections at once cost two readings. No
 * one gets what began to be read before he asked.
 */
function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<T> | undefined
  return () =>
    (next ??= running.then(() => {
      next = undefined
      const reading = read()
      running = reading.catch(() => undefined)
      return reading
    }))
}
