import { request as plainRequest } from 'node:http'
import { isIP, type Socket } from 'node:net'
import { RemoteFailure } from '../contract/remote-failure'
import type { After } from './fetch'

/** A host without brackets, and a port. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** Where an address leads: https is at 443 unless told. */
export function endpointOf(address: string): Endpoint & { readonly prefix: string } {
  const { hostname, port, pathname } = new URL(address)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 443 : Number(port),
    prefix: pathname.replace(/\/$/, ''),
  }
}

/** The name that is asked for in the handshake: none for an address in numbers. Source: RFC 6066 §3. */
export function serverNameOf(host: string): string {
  return isIP(host) === 0 ? host : ''
}

/** A host as it stands before a port. */
export function inBrackets(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}

/**
 * A connection through a proxy, by CONNECT. Nothing but the name and port of the server goes to it: the
 * TLS within is between us and the server.
 * @throws RemoteFailure `proxy`
 */
export function openTunnel(
  proxy: Endpoint,
  target: Endpoint,
  { after, deadlineMs }: { readonly after: After; readonly deadlineMs: number },
): Promise<Socket> {
  const place = `${inBrackets(target.host)}:${target.port}`
  return new Promise((resolve, reject) => {
    const request = plainRequest({
      ...{ host: proxy.host, port: proxy.port, method: 'CONNECT', path: place },
      ...{ headers: { host: place }, agent: false as const },
    })
    const fail = (what: string, cause?: unknown) => {
      stop()
      request.destroy()
      const options = cause === undefined ? {} : { cause }
      reject(new RemoteFailure('unreachable', 'proxy', `the proxy ${what}`, options))
    }
    const stop = after(deadlineMs, () => fail('did not answer in time'))
    request.once('error', (error) => fail('cannot be reached', error))
    request.once('response', ({ statusCode }) => fail(`answered ${statusCode}`))
    request.once('connect', ({ statusCode }, socket: Socket, head: Buffer) => {
      if (statusCode !== 200) return fail(`answered ${statusCode}`)
      // A server speaks second in TLS: what came already is not from it.
      if (head.length > 0) return fail('sent something of its own')
      stop()
      request.removeAllListeners('error')
      request.on('error', () => undefined)
      resolve(socket)
    })
    request.end()
  })
}
