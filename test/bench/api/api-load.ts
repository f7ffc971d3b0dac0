import { readFileSync } from 'node:fs'
import { connect, type TLSSocket } from 'node:tls'
import { percentile } from '../timing'
import type { Load, LoadOrder, LoadReport, Round } from './order'

/**
 * A program that puts servers under load over kept connections, one request at a time on each. It costs less than any
 * client of Node's would: what is measured is the server. Its order comes on the standard input as JSON.
 */
async function main(): Promise<void> {
  const order = JSON.parse(readFileSync(0, 'utf8')) as LoadOrder
  const report: Record<string, Round[]> = {}
  const connections = new Map<string, readonly Connection[]>()
  for (let round = 0; round <= order.rounds; round += 1) {
    for (const [name, load] of Object.entries(order.loads)) {
      // Opened when they are needed: a server does not wait long for the first request.
      const all = connections.get(name) ?? (await Connection.several(load, order.connections))
      connections.set(name, all)
      const result = await runRound(all, load, order.requests, round)
      if (round > 0) (report[name] ??= []).push(result)
    }
  }
  for (const all of connections.values()) for (const one of all) one.close()
  process.stdout.write(JSON.stringify(report satisfies LoadReport))
}

async function runRound(
  connections: readonly Connection[],
  load: Load,
  requests: number,
  round: number,
): Promise<Round> {
  const took: number[] = []
  let next = 0
  const began = performance.now()
  await Promise.all(
    connections.map(async (connection) => {
      while (next < requests) {
        const index = round * requests + next
        next += 1
        took.push(await connection.ask(requestOf(load, index)))
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  return { perSecond: requests / seconds, p99: percentile(took, 0.99) }
}

function requestOf({ paths, body, headers }: Load, index: number): string {
  const path = paths[index % paths.length] ?? ''
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const start = `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`
  return [start, ...headers, ...length, '', body ?? ''].join('\r\n')
}

/** One connection, with at most one request under way. */
class Connection {
  #answer: ((problem?: Error) => void) | undefined
  #received = ''

  private constructor(private readonly socket: TLSSocket) {
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', (error) => this.#answer?.(error))
    socket.on('close', () => this.#answer?.(new Error('bench: a server closed a connection')))
  }

  static several(load: Load, count: number): Promise<readonly Connection[]> {
    return Promise.all(Array.from({ length: count }, () => Connection.open(load)))
  }

  static open({ port, authority }: Load): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, ca: authority })
      socket.once('error', reject)
      socket.once('secureConnect', () => resolve(new Connection(socket)))
    })
  }

  /** Sends a request and waits for the end of its answer. @returns milliseconds */
  ask(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) throw new Error('bench: a server closed a connection')
      const began = performance.now()
      this.#answer = (problem) => {
        this.#answer = undefined
        if (problem === undefined) resolve(performance.now() - began)
        else reject(problem)
      }
      this.socket.write(request)
    })
  }

  close(): void {
    this.#answer = undefined
    this.socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#received += chunk.toString('latin1')
    const head = this.#received.indexOf('\r\n\r\n')
    if (head < 0) return
    const length = lengthOf(this.#received.slice(0, head))
    if (this.#received.length < head + 4 + length) return
    const isGood = /^HTTP\/1\.1 20[04] /.test(this.#received)
    const problem = isGood
      ? undefined
      : new Error(`bench: answered ${this.#received.slice(0, 400)}`)
    this.#received = ''
    this.#answer?.(problem)
  }
}

function lengthOf(head: string): number {
  const found = /\r\ncontent-length: (\d+)/i.exec(head)
  if (found === null && !head.startsWith('HTTP/1.1 204')) {
    throw new Error('bench: an answer without its length')
  }
  return Number(found?.[1] ?? 0)
}

void main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
