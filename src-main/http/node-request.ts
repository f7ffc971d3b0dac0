import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

/** A request of Node as the API takes it. @throws TypeError for a method that `Request` forbids */
export function toRequest(message: IncomingMessage, method: string): Request {
  const headers = new Headers()
  for (let at = 0; at < message.rawHeaders.length; at += 2) {
    headers.append(message.rawHeaders[at] ?? '', message.rawHeaders[at + 1] ?? '')
  }
  const init: RequestInit & { duplex?: 'half' } = { method, headers }
  if (hasBody(message) && method !== 'GET' && method !== 'HEAD') {
    init.body = Readable.toWeb(message) as ReadableStream<Uint8Array>
    init.duplex = 'half'
  }
  // The address only gives the `Request` one: the API goes by the raw target.
  return new Request('http://localhost/', init)
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/**
 * Sends an answer of the API. What is left of a request's body is not read: the connection ends with the
 * answer.
 */
export async function sendResponse(
  response: Response,
  message: IncomingMessage,
  out: ServerResponse,
): Promise<void> {
  const body = response.body === null ? undefined : Buffer.from(await response.arrayBuffer())
  out.statusCode = response.status
  response.headers.forEach((value, name) => out.setHeader(name, value))
  if (!message.complete && hasBody(message)) out.setHeader('Connection', 'close')
  if (body !== undefined) out.setHeader('Content-Length', body.length)
  if (message.method === 'HEAD' || body === undefined) out.end()
  else out.end(body)
}
