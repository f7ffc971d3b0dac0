import { constants } from 'node:crypto'
import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer, type Server as NetServer, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import type { RequestContext } from './arrival'
import type { ConnectionFacts, Connections } from './connections'
import type { ApiReply, ApiRequest } from './message'
import { fromNode, sendReply } from './node-request'
import { createDoor } from './tls-door'
import { signatureAlgorithms } from '../wire/tls-signatures'
import { acceptVerbs, methodOf } from './verbs'

/** What a connection and a request may cost. */
export interface ListenerLimits {
  /** Connections at once; one more takes the place of one that is idle. */
  readonly connections: number
  /** Milliseconds until the head of a request must be there. */
  readonly headMs: number
  /** Milliseconds until the whole request must be there. */
  readonly requestMs: number
  /** Milliseconds that a connection is kept without a request. */
  readonly idleMs: number
  /** Bytes of a request's head. */
  readonly headBytes: number
}

/** Room for many clients of one person, and an end for those that hold on. */
export const defaultLimits: ListenerLimits = {
  connections: 512,
  headMs: 10_000,
  requestMs: 60_000,
  idleMs: 65_000,
  headBytes: 32_768,
}

/** What answers: the API, and what it is told of the other end. */
export type Answerer = (request: ApiRequest, context: RequestContext) => Promise<ApiReply>

/** A key and its certificate, PEM. */
export interface KeyPair {
  readonly certificate: string
  readonly privateKey: string
}

/** What a TLS listener shows and trusts, as PEM. */
export interface TlsIdentity extends KeyPair {
  /** For clients that ask for `localhost` (SNI): some refuse a certificate with addresses. */
  readonly localhost: KeyPair
  /** The CA of client certificates. */
  readonly authority: string
  /** The list of those that are revoked; without it none is. */
  readonly revoked?: string
}

/** What the system knows of somebody who may come in. */
export interface Visitor {
  readonly user?: number
  /** Tells their process when it is found. @returns gives up */
  readonly onProcess?: (told: (process: number) => void) => () => void
}

/** Who is at the other end; undefined for somebody who is not let in. It is asked once a connection. */
export type Doorkeeper = (socket: Socket) => Promise<Visitor | undefined>

/** What a server stands on. */
export interface ServerParts {
  readonly answer: Answerer
  /** They may be shared by several servers: they are limited and ended together. */
  readonly connections: Connections
  readonly limits?: ListenerLimits
  /** Hears of what was answered with 400 without being a request: the answerer never sees it. */
  readonly onNoRequest?: (facts: ConnectionFacts) => void
}

/** A server without a place of its own. */
export interface DoorServer {
  /** Another way in: a server that is yet to listen. Closing it leaves the connections alone. */
  newDoor(): NetServer
  /** Ends what runs beside the connections. */
  end(): void
}

/** One for TLS. */
export interface SecureServer extends DoorServer {
  /** From the next connection on. */
  setIdentity(identity: TlsIdentity): void
}

/** How long the other end has to take the answer to what was no request, in milliseconds. */
const refusalMs = 2000

/** How many requests of one connection may wait for their answers. */
const maxPending = 16

const badRequest = [
  'HTTP/1.1 400 Bad Request',
  'Content-Type: application/json',
  'Cache-Control: no-store',
  'Connection: close',
  'Content-Length: 13',
  '',
  '{"errors":[]}',
].join('\r\n')

/** A server for TLS connections that come through doors. */
export function createSecureServer(
  identity: TlsIdentity,
  doorkeeper: Doorkeeper,
  parts: ServerParts,
): SecureServer {
  const { connections, limits = defaultLimits } = parts
  const refuse = refuserOf(parts)
  let localhost = contextOf(identity, identity.localhost)
  const http = createTlsServer(
    {
      ...optionsOf(limits),
      ...contextOptions(identity, identity),
      SNICallback: (name, done) => {
        if (name.toLowerCase() === 'localhost') done(null, localhost)
        else done(null)
      },
      requestCert: true,
      // A credential may be a token: whether the certificate is one of ours is asked for each request.
      rejectUnauthorized: false,
      handshakeTimeout: limits.headMs,
    },
    handlerOf(parts, refuse),
  )
  http.on('secureConnection', (socket: TLSSocket) => {
    const connection = connections.secure(socket)
    if (connection === undefined) return void socket.destroy()
    // With it a client could become another one within the connection.
    socket.disableRenegotiation()
    const peerCertificate = peerCertificateOf(socket)
    if (peerCertificate !== undefined) {
      connection.facts = { ...connection.facts, peerCertificate }
    }
    acceptVerbs(socket)
  })
  settle(http, refuse)
  return {
    newDoor: () =>
      createDoor(
        async (socket) => isLetIn(socket, connections, doorkeeper),
        (socket) => http.emit('connection', socket),
      ),
    setIdentity: (next) => {
      http.setSecureContext(contextOptions(next, next))
      localhost = contextOf(next, next.localhost)
    },
    end: () => void http.close(),
  }
}

async function isLetIn(
  socket: Socket,
  connections: Connections,
  doorkeeper: Doorkeeper,
): Promise<boolean> {
  const connection = connections.enter(socket)
  if (connection === undefined) return false
  const visitor = await doorkeeper(socket)
  if (visitor?.user !== undefined) {
    connection.facts = { ...connection.facts, peerUser: visitor.user }
  }
  if (visitor === undefined) return false
  const giveUp = visitor.onProcess?.((peerProcess) => {
    connection.facts = { ...connection.facts, peerProcess }
  })
  if (giveUp !== undefined) socket.once('close', giveUp)
  connections.admit(connection)
  return true
}

function contextOptions({ authority, revoked }: TlsIdentity, pair: KeyPair) {
  return {
    key: pair.privateKey,
    cert: pair.certificate,
    ca: authority,
    ...(revoked === undefined ? {} : { crl: revoked }),
    minVersion: 'TLSv1.2',
    sigalgs: signatureAlgorithms,
    // A session that is taken up again would bring back the client certificate of its beginning.
    secureOptions: constants.SSL_OP_NO_TICKET,
  } as const
}

function contextOf(identity: TlsIdentity, pair: KeyPair): SecureContext {
  return createSecureContext(contextOptions(identity, pair))
}

/** A server for a Unix socket, whose folder keeps everyone else away. */
export function createSocketServer(parts: ServerParts): DoorServer {
  const { connections, limits = defaultLimits } = parts
  const refuse = refuserOf(parts)
  const http = createPlainServer(optionsOf(limits), handlerOf(parts, refuse))
  settle(http, refuse)
  return {
    newDoor: () =>
      createServer((socket) => {
        const connection = connections.enter(socket)
        if (connection === undefined) return
        connections.admit(connection)
        http.emit('connection', socket)
        acceptVerbs(socket)
      }),
    end: () => void http.close(),
  }
}

function optionsOf(limits: ListenerLimits) {
  return {
    maxHeaderSize: limits.headBytes,
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: 1000,
    insecureHTTPParser: false,
    requireHostHeader: true,
    noDelay: true,
  }
}

/** Answers what is no request, and ends its connection. */
type Refuse = (socket: Duplex) => void

function refuserOf({ connections, onNoRequest }: ServerParts): Refuse {
  return (socket) => {
    if (!socket.writable) return void socket.destroy()
    socket.end(badRequest)
    // The other end may never close, nor read.
    setTimeout(() => socket.destroy(), refusalMs).unref()
    const connection = socket instanceof Socket ? connections.of(socket) : undefined
    // Who came and said nothing, as browsers do in advance, has called nothing.
    if (connection && connection.socket.bytesRead > 0) onNoRequest?.(connection.facts)
  }
}

function settle(http: Server, refuse: Refuse): void {
  http.on('clientError', (_error, socket: Duplex) => refuse(socket))
  // Node would leave such a connection to somebody who is not there.
  http.on('upgrade', (_message, socket: Duplex) => refuse(socket))
  http.on('connect', (_message, socket: Duplex) => refuse(socket))
  // Node would answer by itself, and go on with a connection whose verbs were not told.
  http.on('checkExpectation', ({ socket }: IncomingMessage) => refuse(socket))
  // It listens through doors; with this event Node begins to watch over slow requests.
  http.emit('listening')
}

function handlerOf({ answer, connections }: ServerParts, refuse: Refuse) {
  return (message: IncomingMessage, out: ServerResponse): void => {
    const method = methodOf(message, out)
    const connection = connections.of(message.socket)
    if (connection === undefined || connections.isClosing) return message.socket.destroySoon()
    // Without a protocol in its first line: the parser lets HTTP/0.9 pass.
    if (method === undefined || method === 'TRACE' || message.httpVersionMajor < 1) {
      return refuse(message.socket)
    }
    // No client sends so many without waiting for answers; there would be no end of them.
    if (connection.pending >= maxPending) return void message.socket.destroy()
    connections.begin(connection, message)
    let isAnswered = false
    out.once('prefinish', () => {
      isAnswered = true
      connections.answer(connection)
    })
    out.once('close', () => connections.end(connection, isAnswered))
    const respond = async () => {
      const context = { rawTarget: message.url ?? '', ...connection.facts }
      const reply = await answer(fromNode(message, method), context)
      sendReply(reply, message, out, connections.isClosing)
    }
    respond().catch(() => out.destroy())
  }
}

/** Only one that our CA signed and has not revoked. */
function peerCertificateOf(socket: TLSSocket): Uint8Array | undefined {
  if (!socket.authorized) return undefined
  const { raw } = socket.getPeerCertificate() as { raw?: Buffer }
  return raw
}
