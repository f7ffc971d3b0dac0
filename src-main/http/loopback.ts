import type { AddressInfo, Server } from 'node:net'
import { CoffretError } from '../contract/errors'
import type { Procfs } from './procfs'
import { ownerOfPort, ownerText } from './socket-owner'

/** The only addresses that are ever listened at. */
const hosts = ['127.0.0.1', '::1'] as const

/** The port unless told otherwise. */
export const defaultPort = 8250

/** How often another free port is looked for when the one found for IPv4 is taken for IPv6. */
const attempts = 16

/** Failures of a computer without IPv6. */
const withoutIpv6 = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']

/** Servers that listen, all at the same port. */
export interface LoopbackServers {
  readonly servers: readonly Server[]
  readonly port: number
}

/**
 * Listens at 127.0.0.1 and, where there is IPv6, at ::1.
 * @param newServer makes one for each address
 * @param port 0 for any that is free at both
 * @throws CoffretError `busy` with the field `port`: it is never another one than was asked for
 */
export async function listenAtLoopback(
  newServer: () => Server,
  port: number,
  procfs: Procfs,
): Promise<LoopbackServers> {
  for (let attempt = 1; ; attempt += 1) {
    const servers: Server[] = []
    let chosen = port
    try {
      for (const host of hosts) {
        const server = newServer()
        if (!(await canListen(server, host, chosen))) continue
        servers.push(server)
        chosen = (server.address() as AddressInfo).port
      }
      return { servers, port: chosen }
    } catch (error) {
      await Promise.all(servers.map(closed))
      if (port === 0 && codeOf(error) === 'EADDRINUSE' && attempt < attempts) continue
      throw await translated(error, chosen, procfs)
    }
  }
}

async function canListen(server: Server, host: string, port: number): Promise<boolean> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port, ipv6Only: true, exclusive: true }, resolve)
    })
    return true
  } catch (error) {
    if (host === '::1' && withoutIpv6.includes(codeOf(error))) return false
    throw error
  }
}

/** Stops listening; connections go on. */
export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''

async function translated(error: unknown, port: number, procfs: Procfs): Promise<CoffretError> {
  const code = codeOf(error)
  const options = { cause: error, field: 'port' }
  if (code === 'EADDRINUSE') {
    const owner = ownerText(await ownerOfPort(procfs, port))
    return new CoffretError('busy', `port ${port} is taken by ${owner}`, options)
  }
  if (code === 'EACCES') {
    return new CoffretError('forbidden', `port ${port} is not for programs of this user`, options)
  }
  return new CoffretError('storage', `cannot listen at port ${port}: ${code}`, options)
}
