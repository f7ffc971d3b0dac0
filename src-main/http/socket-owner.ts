import { findListeners, tcpTables, type Procfs, type TcpRow } from './procfs'

/** Who holds a port or a socket, as far as this user may know. */
export interface SocketOwner {
  /** Absent for a program of another user: only that user may see what it has open. */
  readonly pid?: number
  /** What the kernel calls the program; 15 characters at most. */
  readonly name?: string
  /** Absent for a Unix socket, whose file tells. */
  readonly user?: number
}

/** Who listens at a port of the loopback addresses; undefined when the system does not tell. */
export async function ownerOfPort(procfs: Procfs, port: number): Promise<SocketOwner | undefined> {
  const rows: TcpRow[] = []
  for (const path of tcpTables) {
    rows.push(...findListeners(await procfs.read(path).catch(() => ''), port))
  }
  const [row] = rows
  return row && { user: row.user, ...(await holderOf(procfs, row.inode)) }
}

/** Who listens at a Unix socket. @param path as the program gave it to the kernel */
export async function ownerOfSocket(
  procfs: Procfs,
  path: string,
): Promise<SocketOwner | undefined> {
  const table = await procfs.read('/proc/net/unix').catch(() => '')
  // Source: proc(5): `Num RefCount Protocol Flags Type St Inode Path`. Connections that were accepted there
  // have the same path, and are gone by the time that somebody looks for their holder.
  const inode = table
    .split('\n')
    .filter((one) => one.endsWith(` ${path}`))
    .map((one) => one.slice(0, -path.length).trim().split(/ +/))
    .find((fields) => fields[3] === acceptsConnections)?.[6]
  return inode === undefined ? undefined : holderOf(procfs, Number(inode))
}

/** `__SO_ACCEPTCON` in the column `Flags`. */
const acceptsConnections = '00010000'

/** In words: `nginx (process 812)`. */
export function ownerText(owner: SocketOwner | undefined): string {
  if (owner?.pid !== undefined) return `${owner.name ?? 'a program'} (process ${owner.pid})`
  return owner?.user === undefined ? 'another program' : `a program of user ${owner.user}`
}

/** Who holds a socket, with its name. */
async function holderOf(procfs: Procfs, inode: number): Promise<SocketOwner> {
  const pid = (await holdersOf(procfs, new Set([inode]))).get(inode)
  if (pid === undefined) return {}
  const name = (await procfs.read(`/proc/${pid}/comm`).catch(() => '')).trim()
  return { pid, ...(name === '' ? {} : { name }) }
}

/**
 * The processes that hold sockets, by their inodes; without those of other users, and those that nobody holds.
 * It looks through everything that programs of this user have open: not for something that is done often.
 * @param first processes to look at before all others
 * @throws Error where there is no procfs
 */
export async function holdersOf(
  procfs: Procfs,
  inodes: ReadonlySet<number>,
  first: readonly string[] = [],
): Promise<ReadonlyMap<number, number>> {
  const wanted = new Map(Array.from(inodes, (inode) => [`socket:[${inode}]`, inode]))
  const found = new Map<number, number>()
  const all = (await procfs.list('/proc')).filter((name) => /^\d+$/.test(name))
  for (const pid of new Set([...first, ...all])) {
    const folder = `/proc/${pid}/fd`
    for (const open of await procfs.list(folder).catch(() => [])) {
      const link = await procfs.link(`${folder}/${open}`).catch(() => '')
      const inode = wanted.get(link)
      if (inode === undefined) continue
      found.set(inode, Number(pid))
      wanted.delete(link)
      if (wanted.size === 0) return found
    }
  }
  return found
}
