import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { KeyPair } from '../../src-main/http/listener'

/** A request that came. */
export interface SeenRequest {
  readonly method: string
  readonly target: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly hasCertificate: boolean
}

/** What a server does with a request. @param count how many came before it */
export type Behaviour = (
  response: ServerResponse,
  request: SeenRequest,
  count: number,
) => void | Promise<void>

interface HostileOptions {
  readonly identity: KeyPair
  /** PEM: client certificates of another authority, or none, end the connection. */
  readonly demands?: string
  /** PEM: a list of revoked client certificates. */
  readonly revoked?: string
  readonly host?: string
  readonly version?: 'TLSv1.2' | 'TLSv1.3'
}

const json = (response: ServerResponse, body: unknown, status = 200, headers = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** What servers do to their clients. */
export const behaviours = {
  /** An ordinary answer. */
  answers:
    (body: unknown, status = 200, headers = {}): Behaviour =>
    (response) =>
      json(response, body, status, headers),
  /** Takes the request and says nothing. */
  silent: (): Behaviour => () => undefined,
  /** Begins to answer, and says nothing more. */
  stalls: (): Behaviour => (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{')
  },
  /** Sends spaces as long as somebody listens. */
  endless: (): Behaviour => (response) => {
    const piece = Buffer.alloc(65_536, ' ')
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = () => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  },
  /** Promises more bytes than it sends. */
  liesAboutLength:
    (promised = 1000): Behaviour =>
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': promised })
      response.write('{}')
      setImmediate(() => response.socket?.end())
    },
  /** A page for people. */
  html:
    (status = 200): Behaviour =>
    (response) => {
      response.writeHead(status, { 'content-type': 'text/html', 'set-cookie': 'a=b; Path=/' })
      response.end('<!doctype html><script>alert(1)</script>')
    },
  redirects:
    (location: string, status = 307): Behaviour =>
    (response) => {
      response.writeHead(status, { location })
      response.end()
    },
  /** Breaks the connection before anything is answered. */
  resets: (): Behaviour => (response) => {
    ;(response.socket as TLSSocket).destroy()
  },
  /** Breaks it in the middle of the answer. */
  resetsInBody: (): Behaviour => (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
    response.write('{"data":', () => (response.socket as TLSSocket).destroy())
  },
  /** Speaks something else. */
  garbage: (): Behaviour => (response) => {
    response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n')
  },
  /** A head without an end. */
  endlessHead: (): Behaviour => (response) => {
    const { socket } = response
    socket?.write('HTTP/1.1 200 OK\r\n')
    const line = `x-${'a'.repeat(1000)}: ${'b'.repeat(8000)}\r\n`
    const more = () => {
      while (socket?.destroyed === false && socket.write(line));
      if (socket?.destroyed === false) socket.once('drain', more)
    }
    more()
  },
  /** Pages that never end: each names another cursor. */
  endlessPages:
    (page: unknown): Behaviour =>
    (response, _request, count) =>
      json(response, page, 200, { 'x-pagination-cursor-next': `c${count}` }),
} as const

/** A TLS server whose only aim is to trouble its clients. */
export class HostileServer {
  readonly seen: SeenRequest[] = []
  behave: Behaviour = behaviours.silent()
  /** Connections that were begun, those included whose handshake fails. */
  connections = 0

  private constructor(private readonly server: ReturnType<typeof createServer>) {}

  static async listen(options: HostileOptions): Promise<HostileServer> {
    const { identity, demands, revoked, host = '127.0.0.1', version } = options
    const server = createServer({
      key: identity.privateKey,
      cert: identity.certificate,
      requestCert: true,
      rejectUnauthorized: demands !== undefined,
      ...(demands === undefined ? {} : { ca: demands }),
      ...(revoked === undefined ? {} : { crl: revoked }),
      ...(version === undefined ? {} : { minVersion: version, maxVersion: version }),
    })
    const made = new HostileServer(server)
    server.on('connection', () => (made.connections += 1))
    server.on('tlsClientError', () => undefined)
    server.on('request', (request, response) => void made.#take(request, response))
    await new Promise<void>((resolve) => server.listen(0, host, resolve))
    return made
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  get address(): string {
    return `https://${(this.server.address() as AddressInfo).address}:${this.port}`
  }

  /** The method and target of what came, in order. */
  get asked(): readonly string[] {
    return this.seen.map(({ method, target }) => `${method} ${target}`)
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined)
    let body = ''
    for await (const piece of request) body += String(piece)
    const { raw } = (request.socket as TLSSocket).getPeerCertificate() as { raw?: Buffer }
    const { method = '', url: target = '', headers } = request
    const seen = { method, target, headers, body, hasCertificate: raw !== undefined }
    const count = this.seen.push(seen) - 1
    await this.behave(response, seen, count)
  }
}
