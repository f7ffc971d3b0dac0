import type { Handlers } from '../contract/calls'
import { appHandlers } from './app-handlers'
import { backupHandlers } from './backup-handlers'
import { binHandlers } from './bin-handlers'
import { browserHandlers } from './browser-handlers'
import { checkHandlers } from './check-handlers'
import { credentialHandlers } from './credential-handlers'
import { draftHandlers } from './draft-handlers'
import { keyHandlers } from './key-handlers'
import type { HandlerPorts } from './ports'
import { rotationHandlers } from './rotation-handlers'
import { searchHandlers } from './search-handlers'
import { secretHandlers } from './secret-handlers'
import { storeHandlers } from './store-handlers'
import { vaultHandlers } from './vault-handlers'

/** One function for each call of the window, over the ports handed in. */
export function createHandlers(ports: HandlerPorts): Handlers {
  return {
    ...appHandlers(ports),
    ...vaultHandlers(ports),
    ...keyHandlers(ports),
    ...rotationHandlers(ports),
    ...storeHandlers(ports),
    ...secretHandlers(ports),
    ...searchHandlers(ports),
    ...binHandlers(ports),
    ...checkHandlers(ports),
    ...backupHandlers(ports),
    ...draftHandlers(ports),
    ...credentialHandlers(ports),
    ...browserHandlers(ports),
  } satisfies Handlers
}
