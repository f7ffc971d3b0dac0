import type { AddressInfo } from 'node:net'
import type { Access } from '../../src-main/http/access'
import { insideAccess } from '../../src-main/http/access'
import { Connections } from '../../src-main/http/connections'
import { createSecureServer, type Answerer, type TlsIdentity } from '../../src-main/http/listener'

/** The token that {@link certificateOrToken} takes besides certificates. */
export const goodToken = 'test-token-5d1c'

/** Lets in whoever has a certificate that the listener has checked, or the token. */
export const certificateOrToken: Access = {
  identify: async (arrival) => {
    const { headers } = arrival.request
    const token = headers.get('x-vault-token') ?? headers.get('authorization')?.slice(7)
    if (token !== undefined) return token === goodToken ? insideAccess.identify(arrival) : undefined
    return arrival.context.peerCertificate === undefined
      ? undefined
      : insideAccess.identify(arrival)
  },
}

/** Coffret's own listener on loopback. @param at a port that was free a moment ago; any free one unless told */
export async function listenTls(identity: TlsIdentity, answer: Answerer, at = 0) {
  const connections = new Connections(64)
  const server = createSecureServer(identity, async () => ({}), { answer, connections })
  const door = server.newDoor()
  await new Promise<void>((resolve) => door.listen(at, '127.0.0.1', resolve))
  const { port } = door.address() as AddressInfo
  return {
    address: `https://127.0.0.1:${port}`,
    setIdentity: server.setIdentity,
    close: async () => {
      connections.destroy()
      await new Promise((resolve) => door.close(resolve))
      server.end()
    },
  }
}
