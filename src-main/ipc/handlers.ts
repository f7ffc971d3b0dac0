import type { Handlers } from '../contract/calls'
import { accessHandlers } from './access-handlers'
import { appHandlers } from './app-handlers'
import { auditHandlers } from './audit-handlers'
import { audited } from './audited-calls'
import { backupHandlers } from './backup-handlers'
import { binHandlers } from './bin-handlers'
import { browserHandlers } from './browser-handlers'
import { checkHandlers } from './check-handlers'
import { copyHandlers, snapshotHandlers } from './copy-handlers'
import { credentialHandlers } from './credential-handlers'
import { domainHandlers } from './domain-handlers'
import { draftHandlers } from './draft-handlers'
import { keptCertificateHandlers } from './kept-certificate-handlers'
import { keyHandlers } from './key-handlers'
import type { TicketedHandlers } from './handlers-of'
import { listenerHandlers } from './listener-handlers'
import type { HandlerPorts } from './ports'
import { rotationHandlers } from './rotation-handlers'
import { searchHandlers } from './search-handlers'
import { secretHandlers } from './secret-handlers'
import { storeHandlers } from './store-handlers'
import { vaultHandlers } from './vault-handlers'

/** One function for each call of the window, over the ports handed in. */
export function createHandlers(ports: HandlerPorts): Handlers {
  const handlers = {
    ...appHandlers(ports),
    ...accessHandlers(ports),
    ...auditHandlers(ports),
    ...vaultHandlers(ports),
    ...keyHandlers(ports),
    ...rotationHandlers(ports),
    ...listenerHandlers(ports),
    ...storeHandlers(ports),
    ...secretHandlers(ports),
    ...searchHandlers(ports),
    ...binHandlers(ports),
    ...checkHandlers(ports),
    ...backupHandlers(ports),
    ...domainHandlers(ports),
    ...draftHandlers(ports),
    ...credentialHandlers(ports),
    ...copyHandlers(ports),
    ...snapshotHandlers(ports),
    ...browserHandlers(ports),
    ...keptCertificateHandlers(ports),
  } satisfies TicketedHandlers
  return audited(handlers, ports.stores)
}
