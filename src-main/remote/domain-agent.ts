import { Agent, type AgentOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import { checkServerIdentity, connect as connectTls, type ConnectionOptions } from 'node:tls'
import type { DomainSecret } from '../kv/domain-book'
import { signatureAlgorithms } from '../wire/tls-signatures'
import type { After } from './fetch'
import { openTunnel, serverNameOf, type Endpoint } from './tunnel'

/** The connections of one domain. */
export interface AgentParts {
  readonly target: Endpoint
  /** Connections go through it; the variables of the environment name none. */
  readonly proxy?: Endpoint | undefined
  /** PEM. */
  readonly authorities: readonly string[]
  /** Shown to the target and to nobody else. */
  readonly certificate?: Extract<DomainSecret, { kind: 'certificate' }> | undefined
  readonly after: After
  readonly connectMs: number
}

/** Connections of a domain that are open at once; further requests wait for one. */
const maxConnections = 8

/** How long a connection is kept without a request: shorter than servers keep it. */
const idleMs = 15_000

type Done = (error: Error | null, socket: Duplex) => void

/**
 * Keeps the connections of one domain apart from all others. Whatever a request says, they lead to the
 * domain's own host, and the server's certificate is checked: `rejectUnauthorized` is said here, so that
 * `NODE_TLS_REJECT_UNAUTHORIZED` does not count.
 */
export class DomainAgent extends Agent {
  constructor(private readonly parts: AgentParts) {
    const options: AgentOptions = {
      ...{
        keepAlive: true,
        maxSockets: maxConnections,
        maxFreeSockets: maxConnections,
        scheduling: 'lifo',
      },
      // A session taken up again would bring back what the server thought of us, or we of it.
      maxCachedSessions: 0,
      timeout: idleMs,
    }
    super(options)
  }

  override createConnection(_options: unknown, done?: Done): Duplex | undefined {
    const { target, proxy, after, connectMs } = this.parts
    if (proxy === undefined) {
      const { host, port } = target
      return connectTls({ ...this.#options(), host, port }).setNoDelay(true)
    }
    openTunnel(proxy, target, { after, deadlineMs: connectMs }).then(
      (socket) => done?.(null, connectTls({ ...this.#options(), host: target.host, socket })),
      // Node takes no socket where there is an error.
      (error: unknown) => done?.(error as Error, undefined as never),
    )
    return undefined
  }

  #options(): ConnectionOptions {
    const { target, authorities, certificate } = this.parts
    return {
      servername: serverNameOf(target.host),
      ca: [...authorities],
      ...(certificate === undefined
        ? {}
        : { cert: certificate.certificate, key: certificate.privateKey }),
      rejectUnauthorized: true,
      checkServerIdentity,
      minVersion: 'TLSv1.2',
      sigalgs: signatureAlgorithms,
      ALPNProtocols: ['http/1.1'],
    }
  }
}
