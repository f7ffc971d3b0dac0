import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** What it is entered with: the path of each file. */
export interface LastingClientFiles {
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

/** Prints the status of each answer, and whether its connection took up an older TLS session. */
const program = `
const { connect } = require('node:tls')
const [port, ca, cert, key, path] = process.argv.slice(1)
const { readFileSync: read } = require('node:fs')
const files = { ca: read(ca), cert: read(cert), key: read(key) }
let session
const open = (more) => {
  const socket = connect({ port, host: '127.0.0.1', ...files, ...more })
  socket.on('session', (one) => (session = one))
  socket.on('error', (error) => console.log('error ' + error.code))
  socket.on('data', (chunk) => {
    const status = /^HTTP\\/1\\.1 (\\d+)/.exec(chunk)
    if (status) console.log(status[1] + ' ' + socket.isSessionReused())
  })
  return socket
}
const ask = (socket) => socket.write('GET ' + path + ' HTTP/1.1\\r\\nHost: 127.0.0.1:' + port + '\\r\\n\\r\\n')
const lasting = open({})
process.stdin.on('data', (line) => ask(String(line) === 'same\\n' ? lasting : open({ session })))
`

/** A program of the user that the app runs as, with a connection that stays open. */
export class LastingClient {
  readonly #child
  readonly #lines

  /** @param address `https://127.0.0.1:port` @param path what it reads */
  constructor(address: string, path: string, files: LastingClientFiles) {
    const { authority, certificate, key } = files
    const words = ['-e', program, new URL(address).port, authority, certificate, key, path]
    const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', process.execPath]
    const [first, rest] =
      process.getuid?.() === 0 ? ['setpriv', asNobody] : [process.execPath, new Array<string>()]
    this.#child = spawn(first, [...rest, ...words], { cwd: '/' })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** Asks on the connection that is open. @returns the status and whether a session was taken up */
  async ask(): Promise<string> {
    this.#child.stdin.write('same\n')
    return this.#answer()
  }

  /** Asks on a new connection that offers the session of the first. */
  async askAgain(): Promise<string> {
    this.#child.stdin.write('again\n')
    return this.#answer()
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill()
    await ended
  }

  async #answer(): Promise<string> {
    const next = await this.#lines.next()
    return next.done === true ? 'ended' : next.value
  }
}
