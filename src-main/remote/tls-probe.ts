import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls'
import type { CertificateInfo } from '../contract/calls'
import { RemoteFailure } from '../contract/remote-failure'
import { parseCertificate } from '../pki/certificate-info'
import { connectionFailure } from './connection-failure'
import type { After } from './fetch'
import { signatureAlgorithms } from '../wire/tls-signatures'
import { openTunnel, serverNameOf, type Endpoint } from './tunnel'

/** With what a server is looked at. */
export interface ProbeParts {
  readonly target: Endpoint
  readonly proxy?: Endpoint | undefined
  /** PEM. */
  readonly authorities: readonly string[]
  readonly after: After
  readonly connectMs: number
}

/** What a server showed. */
export interface ServerView {
  readonly certificate?: CertificateInfo
  /** Why it is not trusted; absent when it is. */
  readonly failure?: RemoteFailure
}

/** Nothing is sent, no credential is at stake. */
const nothingSent = { isSecure: false, isSent: false, isUntried: false, isSafe: true }

/** A connection to the server or through the proxy. @throws RemoteFailure */
export function reach({ target, proxy, after, connectMs }: ProbeParts): Promise<Socket> {
  if (proxy !== undefined) return openTunnel(proxy, target, { after, deadlineMs: connectMs })
  return new Promise((resolve, reject) => {
    const socket = connectPlain({ host: target.host, port: target.port })
    const fail = (failure: RemoteFailure) => {
      stop()
      socket.destroy()
      reject(failure)
    }
    const stop = after(connectMs, () =>
      fail(new RemoteFailure('unreachable', 'slow_connect', `no connection in ${connectMs} ms`)),
    )
    socket.once('error', (error) => fail(connectionFailure(error, nothingSent)))
    socket.once('connect', () => {
      stop()
      socket.removeAllListeners('error')
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })
}

/**
 * Looks at the server's certificate, whether it is trusted or not, so that people can compare it. Neither
 * a request nor a client certificate goes over this connection, which ends as soon as the certificate is
 * there: that alone is why the handshake is let through here, and judged afterwards by the same rules.
 * @param socket is ended in any case
 * @throws RemoteFailure when there is no certificate to be seen
 */
export function lookAtServer(socket: Socket, parts: ProbeParts): Promise<ServerView> {
  const { target, authorities, after, connectMs } = parts
  return new Promise((resolve, reject) => {
    const tls = connectTls({
      ...{ socket, host: target.host, servername: serverNameOf(target.host) },
      ...{ ca: [...authorities], minVersion: 'TLSv1.2', rejectUnauthorized: false },
      sigalgs: signatureAlgorithms,
    })
    const end = () => {
      stop()
      tls.destroy()
      socket.destroy()
    }
    const stop = after(connectMs, () => {
      end()
      reject(new RemoteFailure('unreachable', 'slow_connect', `no TLS in ${connectMs} ms`))
    })
    tls.on('error', (error) => {
      end()
      reject(connectionFailure(error, nothingSent))
    })
    tls.once('secureConnect', () => {
      const view = viewOf(tls, target)
      end()
      resolve(view)
    })
  })
}

function viewOf(tls: TLSSocket, { host }: Endpoint): ServerView {
  const shown = tls.getPeerCertificate(true)
  const certificate = infoOf(shown.raw)
  const error = tls.authorized
    ? checkServerIdentity(host, shown)
    : verificationError(String(tls.authorizationError), host)
  const failure = error && connectionFailure(error, nothingSent)
  return {
    ...(certificate === undefined ? {} : { certificate }),
    ...(failure === undefined ? {} : { failure }),
  }
}

/**
 * Of a handshake that is let through Node keeps the code alone. What it has no name for is at an address the
 * authority's limits, and otherwise an authority that will not do. See {@link connectionFailure}.
 */
function verificationError(code: string, host: string): { code: string; message: string } {
  const isLimited = code === 'UNSPECIFIED' && isIP(host) !== 0
  return { code, message: isLimited ? 'unsupported name constraint type' : '' }
}

/** A certificate that our own parser refuses may still be one. */
function infoOf(der: Uint8Array | undefined): CertificateInfo | undefined {
  try {
    return der && parseCertificate(der).info
  } catch {
    return undefined
  }
}
