import { createServer, type Server, type Socket } from 'node:net'

/** The first byte of a TLS connection: a handshake record. Source: RFC 8446 §5.1. */
const handshake = 0x16

/** How long a connection may take to send its first byte, in milliseconds. */
const firstByteMs = 10_000

/** How long the other end has to take {@link plainAnswer}, in milliseconds. */
const plainMs = 2000

/** What Go's servers say, which clients show. */
const plainText = 'Client sent an HTTP request to an HTTPS server.\n'
const plainAnswer = [
  'HTTP/1.1 400 Bad Request',
  'Content-Type: text/plain; charset=utf-8',
  'Cache-Control: no-store',
  'Connection: close',
  `Content-Length: ${plainText.length}`,
  '',
  plainText,
].join('\r\n')

/**
 * A TCP server that hands TLS connections on and answers everything else with a clear 400.
 * @param isWelcome asked before anything is read, with what the system knows of the other end
 * @param enter takes a connection of which nothing was consumed
 */
export function createDoor(
  isWelcome: (socket: Socket) => boolean | Promise<boolean>,
  enter: (socket: Socket) => void,
): Server {
  return createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.setTimeout(firstByteMs, () => socket.destroy())
    void Promise.resolve(isWelcome(socket)).then(
      (welcome) => (welcome ? awaitFirstByte(socket, enter) : socket.destroy()),
      () => socket.destroy(),
    )
  })
}

function awaitFirstByte(socket: Socket, enter: (socket: Socket) => void): void {
  socket.once('readable', () => {
    const first: unknown = socket.read()
    if (!Buffer.isBuffer(first)) return void socket.destroy()
    socket.setTimeout(0)
    socket.removeAllListeners('timeout')
    if (first[0] === handshake) {
      socket.unshift(first)
      enter(socket)
    } else {
      socket.end(plainAnswer)
      // The other end may never close, nor read.
      setTimeout(() => socket.destroy(), plainMs).unref()
    }
  })
}
