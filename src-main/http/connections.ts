import type { Socket } from 'node:net'

/** What is known of a connection for as long as it lasts. */
export interface ConnectionFacts {
  /** `127.0.0.1`, `::1` or `unix`. */
  readonly peerAddress: string
  /** See `RequestContext`. */
  readonly peerUser?: number
  /** See `RequestContext`. */
  readonly peerProcess?: number
  /** See `RequestContext`. The same bytes for each request of the connection. */
  readonly peerCertificate?: Uint8Array
}

/** A connection with the number of its requests that are not answered yet. */
export interface Connection {
  facts: ConnectionFacts
  /** What is closed: the TLS connection once there is one. */
  socket: Socket
  pending: number
  /** Those of them whose answer only waits for being taken. */
  answered: number
  /** Its latest request; complete once all of it was read. */
  latest: { readonly complete: boolean } | undefined
}

/**
 * The connections of a listener: no more than a number of them, and an end for all. One more than that
 * number takes the place of another, so that a thousand of them keep nobody out: of one whose program is not
 * known yet, which may be a stranger's; else of the one that has been idle for longest; else of one that
 * does not take its answer, or does not send the rest of its request. None is given up that waits for us.
 */
export class Connections {
  readonly #all = new Set<Connection>()
  /** Those that were not let in yet, the longest first. */
  readonly #strange = new Set<Connection>()
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
    const connection: Connection = {
      ...{ facts: { peerAddress: addressOf(socket) }, socket },
      ...{ pending: 0, answered: 0, latest: undefined },
    }
    const ends = endsOf(socket) ?? ''
    this.#all.add(connection)
    this.#strange.add(connection)
    this.#bySocket.set(socket, connection)
    if (ends !== '') this.#byEnds.set(ends, connection)
    socket.once('close', () => {
      this.#leave(connection)
      if (this.#byEnds.get(ends) === connection) this.#byEnds.delete(ends)
      if (this.#all.size === 0) this.#onEmpty()
    })
    return connection
  }

  /** It was let in. */
  admit(connection: Connection): void {
    if (this.#strange.delete(connection)) this.#idle.add(connection)
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

  /** A request begins; the connection stays until {@link end}, unless it lets us wait. */
  begin(connection: Connection, request: { readonly complete: boolean }): void {
    connection.pending += 1
    connection.latest = request
    this.#strange.delete(connection)
    this.#idle.delete(connection)
  }

  /** The answer to a request is there; it is the other end that has to take it. */
  answer(connection: Connection): void {
    connection.answered += 1
  }

  /**
   * A request was answered, or given up.
   * @param wasAnswered whether {@link answer} was called for it
   */
  end(connection: Connection, wasAnswered: boolean): void {
    connection.pending -= 1
    if (wasAnswered) connection.answered -= 1
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
    for (const { socket } of [...this.#strange, ...this.#idle]) socket.destroySoon()
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
    const one = this.#dispensable()
    if (one === undefined) return false
    // It counts no more, although the system takes a moment to let it go.
    this.#leave(one)
    one.socket.destroy()
    return true
  }

  #dispensable(): Connection | undefined {
    for (const one of this.#strange) return one
    for (const one of this.#idle) return one
    const busy = [...this.#all]
    return (
      busy.find(({ pending, answered }) => pending === answered) ??
      busy.find(({ latest }) => latest?.complete === false)
    )
  }

  #leave(connection: Connection): void {
    for (const known of [this.#all, this.#strange, this.#idle]) known.delete(connection)
  }
}

function addressOf({ remoteAddress }: Socket): string {
  return remoteAddress ?? 'unix'
}

/** Undefined for a Unix socket, and for a connection that has ended. */
function endsOf({ localAddress, remoteAddress, remotePort }: Socket): string | undefined {
  return remotePort === undefined ? undefined : `${localAddress} ${remoteAddress} ${remotePort}`
}
