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
  // Source: unix(7): `Inode` is the field before `Path`, which is the last.
  const line = table.split('\n').find((one) => one.endsWith(` ${path}`))
  const inode = line?.slice(0, -path.length).trim().split(/ +/).at(-1)
  return inode === undefined ? undefined : holderOf(procfs, Number(inode))
}

/** In words: `nginx (process 812)`. */
export function ownerText(owner: SocketOwner | undefined): string {
  if (owner?.pid !== undefined) return `${owner.name ?? 'a program'} (process ${owner.pid})`
  return owner?.user === undefined ? 'another program' : `a program of user ${owner.user}`
}

/** Looks through everything that programs of this user have open: only for an error message. */
async function holderOf(procfs: Procfs, inode: number): Promise<SocketOwner> {
  const link = `socket:[${inode}]`
  for (const pid of (await procfs.list('/proc')).filter((name) => /^\d+$/.test(name))) {
    const folder = `/proc/${pid}/fd`
    for (const open of await procfs.list(folder).catch(() => [])) {
      if ((await procfs.link(`${folder}/${open}`).catch(() => '')) !== link) continue
      const name = (await procfs.read(`/proc/${pid}/comm`).catch(() => '')).trim()
      return { pid: Number(pid), ...(name === '' ? {} : { name }) }
    }
  }
  return {}
}
