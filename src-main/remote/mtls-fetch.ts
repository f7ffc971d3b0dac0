import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { CoffretError } from '../contract/errors'
import { RemoteFailure } from '../contract/remote-failure'
import type { DomainSecret } from '../kv/domain-book'
import type { RequestText } from '../wire/request-text'
import { connectionFailure } from './connection-failure'
import { defaultDeadlines, Watch, type Deadlines } from './deadlines'
import { DomainAgent } from './domain-agent'
import type { After, FetchOptions, RemoteReply } from './fetch'
import { endpointOf, inBrackets, type Endpoint } from './tunnel'

/** A server, and how to come to it. */
export interface ServerParts {
  /** `https://host[:port][/prefix]` */
  readonly address: string
  /** `http://host:port`; none unless told. */
  readonly proxy?: string | undefined
  /** Who may have signed the server's certificate, PEM each. */
  readonly authorities: readonly string[]
  readonly certificate?: Extract<DomainSecret, { kind: 'certificate' }> | undefined
  /** Of every request: a token, a namespace. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  readonly after: After
  readonly deadlines?: Deadlines
}

/** A reply is no longer than this unless the request says otherwise, in bytes. */
export const defaultMaxReplyBytes = 8 * 1024 * 1024

/** The head of a reply, in bytes. */
const maxHeadBytes = 32 * 1024

/** Replies by which a server sends a client elsewhere. */
const redirects: readonly number[] = [300, 301, 302, 303, 305, 307, 308]

/**
 * HTTPS to one server. TLS is always verified, and the client certificate and the token go to this
 * server alone: no redirect is followed. Vault's standby nodes answer 307 with the address of the active
 * one, which the person may then put into the profile.
 */
export class MtlsFetch {
  readonly #agent: DomainAgent
  readonly #target: Endpoint & { readonly prefix: string }
  readonly #running = new Set<Exchange>()
  #isClosed = false
  #hasAnswered = false

  constructor(private readonly parts: ServerParts) {
    const { address, proxy, authorities, certificate, after } = parts
    this.#target = endpointOf(address)
    const { connectMs } = this.#deadlines
    this.#agent = new DomainAgent({
      ...{ target: this.#target, authorities, certificate, after, connectMs },
      ...(proxy === undefined ? {} : { proxy: endpointOf(proxy) }),
    })
  }

  /** See `Fetch`. @throws RemoteFailure; CoffretError `cancelled` */
  readonly fetch = (request: RequestText, options: FetchOptions = {}): Promise<RemoteReply> =>
    new Promise((resolve, reject) => {
      const { signal } = options
      if (this.#isClosed || signal?.aborted === true) return reject(cancelled())
      const message = this.#open(request)
      const exchange = new Exchange(message, {
        isSafe: request.method === 'GET',
        isUntried: this.parts.certificate !== undefined && !this.#hasAnswered,
        maxReplyBytes: options.maxReplyBytes ?? defaultMaxReplyBytes,
      })
      const watch = new Watch(this.parts.after, this.#deadlines, (late) => exchange.fail(late))
      const abort = () => exchange.fail(cancelled())
      signal?.addEventListener('abort', abort)
      this.#running.add(exchange)
      exchange.onPhase = (phase) => watch.await(phase)
      exchange.onHead = () => (this.#hasAnswered = true)
      exchange.onEnd = (result) => {
        watch.stop()
        signal?.removeEventListener('abort', abort)
        this.#running.delete(exchange)
        if ('reply' in result) resolve(result.reply)
        else reject(result.failure)
      }
      message.end(request.body)
    })

  /** Ends what runs, and every connection. */
  close(): void {
    this.#isClosed = true
    for (const exchange of this.#running) exchange.fail(cancelled())
    this.#agent.destroy()
  }

  get #deadlines(): Deadlines {
    return this.parts.deadlines ?? defaultDeadlines
  }

  #open({ method, target, headers, body }: RequestText): ClientRequest {
    const { host, port, prefix } = this.#target
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const name = inBrackets(host)
    return secureRequest({
      ...{ agent: this.#agent, host, port, method, path: prefix + target },
      headers: {
        ...{ accept: 'application/json', 'user-agent': 'Coffret' },
        ...{ ...headers, ...this.parts.headers, ...length },
        host: port === 443 ? name : `${name}:${port}`,
      },
      maxHeaderSize: maxHeadBytes,
      insecureHTTPParser: false,
      // Of all options the agent takes none but its own; this one is for whoever reads.
      rejectUnauthorized: true,
    })
  }
}

function cancelled(): CoffretError {
  return new CoffretError('cancelled', 'the request was given up')
}

interface ExchangeParts {
  readonly isSafe: boolean
  readonly isUntried: boolean
  readonly maxReplyBytes: number
}

/** One request and its reply. It ends once, in whatever way comes first. */
class Exchange {
  onPhase: (phase: 'connection' | 'head' | 'body') => void = () => undefined
  onHead: () => void = () => undefined
  onEnd: (result: { readonly reply: RemoteReply } | { readonly failure: CoffretError }) => void =
    () => undefined
  #isSecure = false
  #isOver = false
  #hasHead = false

  constructor(
    private readonly message: ClientRequest,
    private readonly parts: ExchangeParts,
  ) {
    message.once('socket', (socket) => this.#connect(socket as TLSSocket))
    message.once('response', (reply) => this.#read(reply))
    message.on('error', (error) => this.#broken(error))
    // Nobody asked for another protocol, and an open connection is not to be kept for it.
    message.once('upgrade', (_reply, socket) => {
      socket.destroy()
      this.fail(new RemoteFailure('invalid', 'not_an_api', 'the server changed the protocol'))
    })
  }

  /** Ends it with a failure; nothing happens when it is over. */
  fail(failure: CoffretError): void {
    if (this.#isOver) return
    this.#isOver = true
    this.message.destroy()
    this.onEnd({ failure })
  }

  #connect(socket: TLSSocket): void {
    if (this.message.reusedSocket) return this.#secured()
    this.onPhase('connection')
    socket.once('secureConnect', () => this.#secured())
  }

  #secured(): void {
    this.#isSecure = true
    if (!this.#hasHead && !this.#isOver) this.onPhase('head')
  }

  #broken(error: unknown): void {
    const { isSafe, isUntried } = this.parts
    const progress = { isSecure: this.#isSecure, isSent: this.#isSecure, isSafe }
    const isFirst = isUntried && !this.#hasHead
    this.fail(connectionFailure(error, { ...progress, isUntried: isFirst }))
  }

  #read(reply: IncomingMessage): void {
    if (this.#isOver) return void reply.destroy()
    this.#hasHead = true
    this.onHead()
    const { statusCode: status = 0, headers } = reply
    if (redirects.includes(status)) return this.fail(redirected(status, headers.location))
    const { maxReplyBytes } = this.parts
    if (Number(headers['content-length'] ?? 0) > maxReplyBytes)
      return this.fail(tooMuch(maxReplyBytes))
    this.onPhase('body')
    const pieces: Buffer[] = []
    let bytes = 0
    reply.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes > maxReplyBytes) return this.fail(tooMuch(maxReplyBytes))
      pieces.push(piece)
      if (!this.#isOver) this.onPhase('body')
    })
    reply.on('error', (error) => this.#broken(error))
    reply.once('end', () => {
      if (this.#isOver) return
      // A reply that was cut off ends too.
      if (!reply.complete) return this.#broken(new Error('the reply is not complete'))
      this.#isOver = true
      const body = Buffer.concat(pieces).toString('utf8')
      this.onEnd({ reply: { status, headers: plainHeaders(headers), body } })
    })
    reply.once('close', () => this.#broken(new Error('the reply was cut off')))
  }
}

/** Where a header comes several times, the runtime has joined it; cookies are nobody's here. */
function plainHeaders(headers: IncomingMessage['headers']): RemoteReply['headers'] {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )
}

/** The address that a redirect names goes into the message as far as its host. */
function redirected(status: number, location: string | undefined): RemoteFailure {
  let place = 'elsewhere'
  try {
    const { protocol, host } = new URL(location ?? '')
    if (protocol === 'https:' || protocol === 'http:') place = `to ${protocol}//${host}`
  } catch {
    // A path alone, or none.
  }
  const message = `the server answered ${status} and points ${place.slice(0, 200)}`
  return new RemoteFailure('unreachable', 'redirected', message)
}

function tooMuch(most: number): RemoteFailure {
  return new RemoteFailure('too_large', 'too_much', `the answer is longer than ${most} bytes`)
}
