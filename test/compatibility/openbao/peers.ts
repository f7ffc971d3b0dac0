import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Access } from '../../../src-main/http/access'
import { ApiUnderTest } from '../../http/api-under-test'
import type { Sending, Step } from './script'

/** A reply as it came. */
export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
}

/** One of the two servers that answer the same requests. */
export interface Peer {
  send(step: Step): Promise<Received>
}

/** The headers that are compared. */
const shown = ['content-type', 'cache-control', 'location', 'x-vault-namespace']

/** The OpenBao that `npm run test:interop` started. */
export class OpenBaoPeer implements Peer {
  constructor(
    private readonly address: string,
    private readonly token: string,
  ) {}

  /** From the environment. @throws when there is none */
  static started(): OpenBaoPeer {
    const { COFFRET_OPENBAO: address, COFFRET_OPENBAO_TOKEN: token } = process.env
    if (!address || !token) throw new Error('no OpenBao: start these tests by npm run test:interop')
    return new OpenBaoPeer(address, token)
  }

  async send(step: Step): Promise<Received> {
    const { method, target, text, headers, afterMs } = sendingOf(step, this.token)
    // The one place where time must really pass: this clock is not ours.
    if (afterMs > 0) await delay(afterMs)
    return new Promise((resolve, reject) => {
      // Not `fetch`: it would fold the path and follow what it is told.
      const { hostname, port } = new URL(this.address)
      const sent = request({ hostname, port, method, path: target, headers, agent: false })
      sent.on('error', reject)
      sent.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const received = shown.map((name) => [name, response.headers[name] as string | undefined])
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(received),
            text: Buffer.concat(chunks).toString('utf8'),
          })
        })
      })
      sent.end(text)
    })
  }
}

const ownToken = 'a-token-of-coffret'

/** Lets one token do everything, as OpenBao's root token may. */
const byToken: Access = {
  identify: async ({ request: { headers } }) => {
    const bearer = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1]
    const isKnown = (headers.get('x-vault-token') ?? bearer) === ownToken
    return isKnown
      ? { id: 'token', kind: 'token', name: 'token', createdSeconds: 1, mayDo: () => true }
      : undefined
  },
}

/** Coffret's API over a vault in a temporary folder. */
export class CoffretPeer implements Peer {
  private constructor(private readonly api: ApiUnderTest) {}

  static async create(): Promise<CoffretPeer> {
    return new CoffretPeer(await ApiUnderTest.create(byToken))
  }

  async send(step: Step): Promise<Received> {
    const { method, target, text, headers, afterMs } = sendingOf(step, ownToken)
    this.api.advance(afterMs)
    // A monitor may ask for any status, which no description can list.
    const deviation = /is not declared for sys.health/
    const sending = { headers, deviation, ...(text === undefined ? {} : { text }) }
    const reply = await this.api.send(method, target, sending)
    const received = shown.map((name) => [name, reply.headers.get(name) ?? undefined])
    return { status: reply.status, headers: Object.fromEntries(received), text: reply.text }
  }

  close(): void {
    this.api.close()
  }
}

interface Sent {
  readonly method: string
  readonly target: string
  readonly text: string | undefined
  readonly headers: Record<string, string>
  readonly afterMs: number
}

function sendingOf([, line, body, sending = {}]: Step, token: string): Sent {
  const [method = '', path = ''] = line.split(' ')
  const text = sending.text ?? (body === undefined ? undefined : JSON.stringify(body))
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  return {
    method,
    target: path.startsWith('/') ? path : `/v1/${path}`,
    text,
    headers: {
      ...(text === undefined && method !== 'PATCH' ? {} : { 'Content-Type': type }),
      ...credentialOf(sending, token),
      ...sending.headers,
    },
    afterMs: sending.afterMs ?? 0,
  }
}

function credentialOf({ credential = 'token' }: Sending, token: string): Record<string, string> {
  switch (credential) {
    case 'token':
      return { 'X-Vault-Token': token }
    case 'bearer':
      return { Authorization: `Bearer ${token}` }
    case 'wrong':
      return { 'X-Vault-Token': 'nobody-has-this-token' }
    case 'none':
      return {}
  }
}
