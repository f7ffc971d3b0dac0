import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Methods that Vault clients send and Node's parser refuses, each with one that it knows, of the same
 * length. Two spaces before the target are accepted. Source: kv-semantics §7.
 */
const stand: readonly (readonly [verb: string, standIn: string])[] = [
  ['LIST ', 'LOCK '],
  ['SCAN ', 'COPY '],
  ['RECOVER ', 'REPORT  '],
]

/** What is known of a connection. */
interface Connection {
  /** The next byte begins a request: nothing of an earlier one is still to come or to be answered. */
  isAtStart: boolean
  /** What was overwritten in the request that is being read. */
  overwritten: (typeof stand)[number] | undefined
  /** The request whose head was read last. */
  latest: IncomingMessage | undefined
}

const connections = new WeakMap<Duplex, Connection>()

/**
 * Lets the connection carry those methods: it overwrites them in the incoming bytes before the parser of
 * Node sees them, and only where a request begins, so that a body may begin with `LIST `. A method
 * divided over two records, and one behind another request in the same record, stay unknown to the
 * parser, which answers 400 and closes.
 */
export function acceptVerbs(socket: Duplex): void {
  const connection: Connection = {
    ...{ isAtStart: true, overwritten: undefined, latest: undefined },
  }
  connections.set(socket, connection)
  socket.prependListener('data', (chunk: Buffer) => {
    if (!connection.isAtStart) return
    connection.isAtStart = false
    const found = stand.find(([verb]) => chunk.toString('latin1', 0, verb.length) === verb)
    connection.overwritten = found
    if (found !== undefined) chunk.write(found[1], 'latin1')
  })
}

/**
 * The method as it was sent. A genuine LOCK, COPY or REPORT stays what it is.
 * To be called once a request, before it is answered.
 * @returns undefined when what was overwritten was no method: a part of a request came in one record with
 * the request before it, and the rest of it begins like a verb. It must not be executed, and is the last one
 * of its connection.
 */
export function methodOf(request: IncomingMessage, response: ServerResponse): string | undefined {
  const connection = connections.get(request.socket)
  if (connection === undefined) return request.method ?? ''
  const [verb, standIn] = connection.overwritten ?? []
  connection.overwritten = undefined
  // Its body may be still to come, also when the request before it is answered.
  connection.isAtStart = false
  connection.latest = request
  // `prefinish` comes within `end()`, before the client can have sent its next request. What is left of
  // a body would be taken for one.
  response.once('prefinish', () => {
    if (connection.latest === request) connection.isAtStart = request.complete
  })
  if (verb === undefined) return request.method ?? ''
  return request.method === standIn?.trimEnd() ? verb.trimEnd() : undefined
}
