import type { Socket } from 'node:net'

/** What is known of a connection for as long as it lasts. */
export interface ConnectionFacts {
  /** `127.0.0.1`, `::1` or `unix`. */
  readonly peerAddress: string
  /** See `RequestContext`. */
  readonly peerUser?: number
  /** See `RequestContext`. The same bytes for each request of the connection. */
  readonly peerCertificate?: Uint8Array
}

/** A connection with the number of its requests that are not answered yet. */
export interface Connection {
  facts: ConnectionFacts
  /** What is closed: the TLS connection once there is one. */
  socket: Socket
  pending: number
}

/**
 * The connections of a listener: no more than a number of them, and an end for all. One more than that
 * number takes the place of the one that has been idle for longest, so that a thousand idle ones keep
 * nobody out.
 */
export class Connections {
  readonly #all = new Set<Connection>()
  /** Those without a request, the longest first. */
  readonly #idle = new Set<Connection>()
  readonly #bySocket = new WeakMap<Socket, Connection>()
  readonly #byEnds = new Map<string, Connection>()
  #isClosing = false
  #onEmpty: () => void = () => undefined

  constructor(private readonly limit: number) {}

  /** Whether no new request is answered. */
  get isClosing(): boolean {
    return this.#isClosing
  }

  get size(): number {
    return this.#all.size
  }

  /** Takes a new connection; undefined, and it is closed, when there is no room for it. */
  enter(socket: Socket): Connection | undefined {
    if (this.#isClosing || !this.#makeRoom()) {
      socket.destroy()
      return undefined
    }
    const connection = { facts: { peerAddress: addressOf(socket) }, socket, pending: 0 }
    const ends = endsOf(socket) ?? ''
    this.#all.add(connection)
    this.#idle.add(connection)
    this.#bySocket.set(socket, connection)
    if (ends !== '') this.#byEnds.set(ends, connection)
    socket.once('close', () => {
      this.#all.delete(connection)
      this.#idle.delete(connection)
      if (this.#byEnds.get(ends) === connection) this.#byEnds.delete(ends)
      if (this.#all.size === 0) this.#onEmpty()
    })
    return connection
  }

  /** Finds the connection that a TLS connection runs over: Node tells only that both have the same ends. */
  secure(socket: Socket): Connection | undefined {
    const connection = this.#byEnds.get(endsOf(socket) ?? '')
    if (connection === undefined) return undefined
    connection.socket = socket
    this.#bySocket.set(socket, connection)
    return connection
  }

  of(socket: Socket): Connection | undefined {
    return this.#bySocket.get(socket)
  }

  /** A request begins; the connection stays until {@link end}. */
  begin(connection: Connection): void {
    connection.pending += 1
    this.#idle.delete(connection)
  }

  /** A request was answered, or given up. */
  end(connection: Connection): void {
    connection.pending -= 1
    if (connection.pending > 0 || !this.#all.has(connection)) return
    if (this.#isClosing) connection.socket.destroySoon()
    else this.#idle.add(connection)
  }

  /**
   * Closes those without a request at once, the others when their requests are answered.
   * @returns when all are closed
   */
  close(): Promise<void> {
    this.#isClosing = true
    for (const { socket } of this.#idle) socket.destroySoon()
    if (this.#all.size === 0) return Promise.resolve()
    return new Promise((resolve) => (this.#onEmpty = resolve))
  }

  /** Closes all, whatever they wait for. */
  destroy(): void {
    this.#isClosing = true
    for (const { socket } of this.#all) socket.destroy()
  }

  #makeRoom(): boolean {
    if (this.#all.size < this.limit) return true
    for (const connection of this.#idle) {
      // It counts no more, although the system takes a moment to let it go.
      this.#all.delete(connection)
      this.#idle.delete(connection)
      connection.socket.destroy()
      return true
    }
    return false
  }
}

function addressOf({ remoteAddress }: Socket): string {
  return remoteAddress ?? 'unix'
}

/** Undefined for a Unix socket, and for a connection that has ended. */
function endsOf({ localAddress, remoteAddress, remotePort }: Socket): string | undefined {
  return remotePort === undefined ? undefined : `${localAddress} ${remoteAddress} ${remotePort}`
}
