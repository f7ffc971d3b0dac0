import type { Handlers } from '../contract/calls'
import { appHandlers } from './app-handlers'
import { credentialHandlers } from './credential-handlers'
import { draftHandlers } from './draft-handlers'
import type { HandlerPorts } from './ports'
import { secretHandlers } from './secret-handlers'
import { storeHandlers } from './store-handlers'
import { vaultHandlers } from './vault-handlers'

/** One function for each call of the window, over the ports handed in. */
export function createHandlers(ports: HandlerPorts): Handlers {
  return {
    ...appHandlers(ports),
    ...vaultHandlers(ports),
    ...storeHandlers(ports),
    ...secretHandlers(ports),
    ...draftHandlers(ports),
    ...credentialHandlers(ports),
  } satisfies Handlers
}
