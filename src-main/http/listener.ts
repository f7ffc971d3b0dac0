import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server as NetServer, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { RequestContext } from './arrival'
import { sendResponse, toRequest } from './node-request'
import { createDoor } from './tls-door'
import { acceptVerbs, methodOf } from './verbs'

/** What a connection and a request may cost. */
export interface ListenerLimits {
  /** Connections at once; one more is closed at once. */
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
export type Answerer = (request: Request, context: RequestContext) => Promise<Response>

/** What a TLS listener shows, as PEM. The CA is that of client certificates. */
export interface TlsIdentity {
  readonly key: string
  readonly certificate: string
  readonly clientAuthority: string
}

const badRequest = [
  'HTTP/1.1 400 Bad Request',
  'Content-Type: application/json',
  'Cache-Control: no-store',
  'Connection: close',
  'Content-Length: 13',
  '',
  '{"errors":[]}',
].join('\r\n')

/** A server for TLS connections that come through a door. */
export function createSecureServer(
  identity: TlsIdentity,
  answer: Answerer,
  isWelcome: (socket: Socket) => boolean | Promise<boolean>,
  limits: ListenerLimits = defaultLimits,
): { door: NetServer; http: Server } {
  const http = createTlsServer(
    {
      ...optionsOf(limits),
      key: identity.key,
      cert: identity.certificate,
      ca: identity.clientAuthority,
      requestCert: true,
      // A credential may be a token: whether the certificate is one of ours is asked for each request.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.headMs,
    },
    handlerOf(answer),
  )
  http.on('secureConnection', (socket: TLSSocket) => acceptVerbs(socket))
  settle(http)
  // It listens through the door; with this event Node begins to watch over slow requests.
  http.emit('listening')
  const door = createDoor(isWelcome, (socket) => http.emit('connection', socket))
  door.maxConnections = limits.connections
  return { door, http }
}

/** A server for a Unix socket, whose folder keeps everyone else away. */
export function createSocketServer(
  answer: Answerer,
  limits: ListenerLimits = defaultLimits,
): Server {
  const http = createPlainServer(optionsOf(limits), handlerOf(answer))
  http.on('connection', (socket: Duplex) => acceptVerbs(socket))
  http.maxConnections = limits.connections
  settle(http)
  return http
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

function settle(http: Server): void {
  const refuse = (socket: Duplex) => {
    if (socket.writable) socket.end(badRequest)
    else socket.destroy()
  }
  http.on('clientError', (_error, socket: Duplex) => refuse(socket))
  // Node would leave such a connection to somebody who is not there.
  http.on('upgrade', (_message, socket: Duplex) => refuse(socket))
  http.on('connect', (_message, socket: Duplex) => refuse(socket))
}

function handlerOf(answer: Answerer) {
  return (message: IncomingMessage, out: ServerResponse): void => {
    const method = methodOf(message, out)
    // Without a protocol in its first line: the parser lets HTTP/0.9 pass.
    if (message.httpVersionMajor < 1) message.socket.end(badRequest)
    else void respond(answer, message, method, out).catch(() => out.destroy())
  }
}

async function respond(
  answer: Answerer,
  message: IncomingMessage,
  method: string,
  out: ServerResponse,
): Promise<void> {
  const request = toRequest(message, method)
  await sendResponse(await answer(request, contextOf(message)), message, out)
}

function contextOf({ socket, url = '' }: IncomingMessage): RequestContext {
  const certificate = peerCertificateOf(socket)
  return {
    rawTarget: url,
    peerAddress: socket.remoteAddress ?? 'unix',
    ...(certificate === undefined ? {} : { peerCertificate: certificate }),
  }
}

/** Only one that our CA signed. */
function peerCertificateOf(socket: Socket): Uint8Array | undefined {
  if (!('authorized' in socket) || (socket as TLSSocket).authorized !== true) return undefined
  const { raw } = (socket as TLSSocket).getPeerCertificate() as { raw?: Buffer }
  return raw
}
