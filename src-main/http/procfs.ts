import { open, readdir, readlink } from 'node:fs/promises'
import { endianness } from 'node:os'

/** What is read of `/proc`; handed in, so that tests can say what stands there. */
export interface Procfs {
  /** @throws Error when there is none or it may not be read */
  read(path: string): Promise<string>
  list(path: string): Promise<readonly string[]>
  /** Where a symbolic link leads. */
  link(path: string): Promise<string>
}

/** That of this machine. Only Linux has one. */
export const systemProcfs: Procfs = {
  read: readWhole,
  list: (path) => readdir(path),
  link: (path) => readlink(path),
}

/**
 * Reads to the end: the kernel gives such a file page by page, and says that its size is 0. (In Node 18
 * `readFile` of promises takes the first page for all of it.)
 */
async function readWhole(path: string): Promise<string> {
  const file = await open(path)
  try {
    const parts: Buffer[] = []
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(pieceBytes), 0, pieceBytes)
      if (bytesRead === 0) return Buffer.concat(parts).toString('latin1')
      parts.push(buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}

/** How much is asked for at once. */
const pieceBytes = 65_536

/** The tables of TCP connections: of IPv4, and of IPv6 with what came over it from IPv4. */
export const tcpTables = ['/proc/net/tcp', '/proc/net/tcp6'] as const

/** One end of a TCP connection. */
export interface Endpoint {
  /** `127.0.0.1`, or any other of IPv4; of IPv6 only `::1` and `::`. */
  readonly address: string
  readonly port: number
}

/** A row of one of {@link tcpTables}. */
export interface TcpRow {
  readonly user: number
  /** 0 for a connection that no program holds any more; its user is then not told either. */
  readonly inode: number
}

const isLittle = endianness() === 'LE'

/** Four bytes as the kernel prints them: as a number of this machine. */
function word(bytes: readonly number[]): string {
  const ordered = isLittle ? [...bytes].reverse() : bytes
  return ordered.map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

const zero = word([0, 0, 0, 0])
const mapped = zero + zero + word([0, 0, 0xff, 0xff])

/** The ways in which the tables write an end of a connection; none for an address that is not known here. */
function writtenForms({ address, port }: Endpoint): readonly string[] {
  const written = (host: string) => `${host}:${port.toString(16).padStart(4, '0')}`.toUpperCase()
  if (address === '::') return [written(zero.repeat(4))]
  if (address === '::1') return [written(zero.repeat(3) + word([0, 0, 0, 1]))]
  const parts = address.split('.').map(Number)
  const isAddress = parts.length === 4 && parts.every((one) => one >= 0 && one <= 255)
  return isAddress ? [written(word(parts)), written(mapped + word(parts))] : []
}

/**
 * The row of a connection, from the side of its `local` end: each connection of a machine with itself has
 * two rows. Source: proc_net_tcp(5), fields `local_address`, `rem_address`, `uid`, `inode`.
 */
export function findConnection(
  table: string,
  local: Endpoint,
  remote: Endpoint,
): TcpRow | undefined {
  const ends = writtenForms(remote)
  for (const [form, start] of writtenForms(local).entries()) {
    const row = rowAt(table, table.indexOf(` ${start} ${ends[form]} `))
    if (row !== undefined) return row
  }
  return undefined
}

/** The sockets that listen at a port of this machine, at its loopback addresses or at all of them. */
export function findListeners(table: string, port: number): readonly TcpRow[] {
  const addresses = ['0.0.0.0', '127.0.0.1', '::', '::1']
  const wanted = new Set(addresses.flatMap((address) => writtenForms({ address, port })))
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/ +/)
    const row = state === '0A' && wanted.has(local) ? rowOf(line) : undefined
    return row === undefined ? [] : [row]
  })
}

function rowAt(table: string, at: number): TcpRow | undefined {
  if (at < 0) return undefined
  const end = table.indexOf('\n', at)
  const begin = table.lastIndexOf('\n', at) + 1
  return rowOf(table.slice(begin, end < 0 ? undefined : end))
}

function rowOf(line: string): TcpRow | undefined {
  const fields = line.trim().split(/ +/)
  const [user, inode] = [fields[7] ?? '', fields[9] ?? '']
  if (!/^\d+$/.test(user) || !/^\d+$/.test(inode)) return undefined
  return { user: Number(user), inode: Number(inode) }
}
