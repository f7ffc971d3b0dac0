import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiReply, ApiRequest, RequestHeaders } from './message'

/** A request of Node as the API takes it. */
export function fromNode(message: IncomingMessage, method: string): ApiRequest {
  return {
    method,
    headers: new RawHeaders(message.rawHeaders),
    // The message must outlive a body that is not read to its end: its connection carries the answer.
    body: () => (hasBody(message) ? message.iterator({ destroyOnReturn: false }) : noBody()),
  }
}

/**
 * Sends an answer of the API. What is left of a request's body is not read: the connection ends with the
 * answer.
 * @param isLast whether the connection ends in any case
 */
export function sendReply(
  { status, headers, body }: ApiReply,
  message: IncomingMessage,
  out: ServerResponse,
  isLast: boolean,
): void {
  const lines = Object.entries(headers).flat()
  if (body !== undefined) lines.push('Content-Length', String(Buffer.byteLength(body)))
  else if (message.method !== 'HEAD' && status !== 204) lines.push('Content-Length', '0')
  if (isLast || (!message.complete && hasBody(message))) lines.push('Connection', 'close')
  out.writeHead(status, lines)
  out.end(body)
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

async function* noBody(): AsyncGenerator<Uint8Array, void, undefined> {
  // Nothing comes.
}

/** The headers as they came: what Node makes of them leaves out the second of several. */
class RawHeaders implements RequestHeaders {
  readonly #byName = new Map<string, string>()

  constructor(raw: readonly string[]) {
    for (let at = 0; at < raw.length; at += 2) {
      const name = (raw[at] ?? '').toLowerCase()
      const value = raw[at + 1] ?? ''
      const before = this.#byName.get(name)
      this.#byName.set(name, before === undefined ? value : `${before}, ${value}`)
    }
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#byName[Symbol.iterator]()
  }

  get(name: string): string | null {
    return this.#byName.get(name.toLowerCase()) ?? null
  }

  has(name: string): boolean {
    return this.#byName.has(name.toLowerCase())
  }
}
