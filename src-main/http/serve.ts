import type { Server as NetServer, Socket } from 'node:net'
import { CoffretError } from '../contract/errors'
import type { EpochMs } from '../contract/model'
import type { Clock } from '../env'
import type { Listener, ListenerRequest, ListenerStatus } from '../kv/listener'
import { Connections } from './connections'
import {
  createSecureServer,
  createSocketServer,
  defaultLimits,
  type Answerer,
  type DoorServer,
  type Doorkeeper,
  type ListenerLimits,
  type SecureServer,
  type TlsIdentity,
  type ServerParts,
} from './listener'
import { listenAtLoopback } from './loopback'
import { PeerPrograms } from './peer-programs'
import { peerUsers, type PeerUsers } from './peer-user'
import { systemProcfs, type Procfs } from './procfs'
import { listenAtFile } from './socket-file'

/** How long requests under way may take when the listener stops, in milliseconds. */
export const drainMs = 5000

/** How often it is looked whether the listener's certificate is to be replaced, in milliseconds. */
const refreshMs = 6 * 60 * 60 * 1000

/** What a listener stands on. */
export interface ServeParts {
  /** Makes what answers, once the port is known: it is in the names that a request may call us by. */
  readonly answererAt: (port: number) => Answerer
  /** What to show and trust now. @throws CoffretError `locked` when the vault must be unlocked for it */
  readonly identity: () => Promise<TlsIdentity & { readonly fingerprint: string }>
  readonly clock: Clock
  readonly limits?: ListenerLimits
  /** See `ServerParts`. */
  readonly onNoRequest?: ServerParts['onNoRequest']
  /** See {@link drainMs}. */
  readonly drainMs?: number
  readonly procfs?: Procfs
  /**
   * Tells whose a connection is; false where the system does not tell. It is then for the credentials alone
   * to keep other users of the computer away.
   */
  readonly peerUsers?: PeerUsers | false
}

/** What runs while it listens. */
interface Running {
  readonly since: EpochMs
  readonly port: number
  readonly hosts: readonly string[]
  readonly socketFile?: string
  readonly connections: Connections
  readonly secure: SecureServer
  readonly plain: DoorServer
  readonly doors: readonly NetServer[]
  readonly timer: NodeJS.Timeout
  fingerprint: string
  requests: number
}

/** Listens for programs: TLS at loopback addresses, and a Unix socket. */
export class LocalListener implements Listener {
  #running: Running | undefined
  /** One thing after the other: a stop waits for the start before it. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(private readonly parts: ServeParts) {}

  get status(): ListenerStatus | undefined {
    return this.#running && statusOf(this.#running)
  }

  start(request: ListenerRequest): Promise<ListenerStatus> {
    return this.#inTurn(async () => {
      if (this.#running !== undefined) throw new CoffretError('exists', 'the listener runs already')
      this.#running = await this.#begin(request)
      return statusOf(this.#running)
    })
  }

  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#running === undefined) return
      const identity = await this.parts.identity()
      this.#running.secure.setIdentity(identity)
      this.#running.fingerprint = identity.fingerprint
    })
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      const running = this.#running
      this.#running = undefined
      if (running === undefined) return
      clearInterval(running.timer)
      await endOf(running, this.parts.drainMs ?? drainMs)
    })
  }

  async #begin({ port, socketFile }: ListenerRequest): Promise<Running> {
    const { clock, procfs = systemProcfs, limits = defaultLimits } = this.parts
    const { fingerprint, ...identity } = await this.parts.identity()
    const connections = new Connections(limits.connections)
    // Known once it listens; no request comes before.
    let answerer: Answerer | undefined
    const answer: Answerer = (message, context) => {
      if (answerer === undefined) throw new Error('a request came before the port was known')
      if (this.#running?.connections === connections) this.#running.requests += 1
      return answerer(message, context)
    }
    const { onNoRequest } = this.parts
    const parts = { answer, connections, limits, ...(onNoRequest && { onNoRequest }) }
    const secure = createSecureServer(identity, this.#doorkeeper(), parts)
    const plain = createSocketServer(parts)
    const socket = plain.newDoor()
    try {
      if (socketFile !== undefined) await listenAtFile(socket, socketFile, procfs)
      const loopback = await listenAtLoopback(secure.newDoor, port, procfs)
      answerer = this.parts.answererAt(loopback.port)
      const hosts = loopback.servers.map(hostOf)
      return {
        ...{ since: clock.now(), port: loopback.port, hosts, connections, fingerprint },
        ...(socketFile === undefined ? {} : { socketFile }),
        ...{ secure, plain, doors: [...loopback.servers, socket] },
        timer: setInterval(() => void this.refresh().catch(() => undefined), refreshMs).unref(),
        requests: 0,
      }
    } catch (error) {
      socket.close()
      secure.end()
      plain.end()
      throw error
    }
  }

  #doorkeeper(): Doorkeeper {
    const { procfs = systemProcfs } = this.parts
    const find = this.parts.peerUsers ?? (process.platform === 'linux' && peerUsers(procfs))
    if (find === false) return async () => ({})
    const own = process.getuid?.()
    const programs = new PeerPrograms(procfs, pause)
    return async (socket) => {
      const { user, inode } = (await find(endsOf(socket))) ?? {}
      if (user === undefined || inode === undefined || user !== own) return undefined
      return { user, onProcess: (told) => programs.find(inode, told) }
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(work)
    this.#queue = next.catch(() => undefined)
    return next
  }
}

function statusOf(running: Running): ListenerStatus {
  const { port, hosts, fingerprint, since, requests, socketFile } = running
  const addresses = hosts.map((host) => `https://${host}:${port}`)
  return {
    ...{ address: `https://127.0.0.1:${port}`, addresses, port, fingerprint, since, requests },
    ...(socketFile === undefined ? {} : { socketFile }),
  }
}

/** Whoever is still connected after that long is cut off. */
async function endOf({ doors, connections, secure, plain }: Running, ms: number): Promise<void> {
  for (const door of doors) door.close()
  const timer = setTimeout(() => connections.destroy(), ms)
  await connections.close()
  clearTimeout(timer)
  secure.end()
  plain.end()
}

function hostOf(server: NetServer): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a door without an address')
  return address.family === 'IPv6' ? `[${address.address}]` : address.address
}

function endsOf({ remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 }: Socket) {
  return {
    peer: { address: remoteAddress, port: remotePort },
    own: { address: localAddress, port: localPort },
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms).unref())
