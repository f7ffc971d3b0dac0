import type { AuditPeer, AuditWho } from '../contract/audit-line'
import { noAudit, type AuditTicket } from '../kv/audit-log'
import type { ServedVault } from '../kv/mount-table'
import type { Operation } from '../wire/operation'
import type { Caller } from './access'
import type { RequestContext } from './arrival'
import { decodeOnce } from './request-target'

/**
 * Begins the line of a request, before anything of it is known to be right. Its path is that of the
 * address, without the query, until an operation is found.
 */
export function openTicket(
  { audit = noAudit }: ServedVault,
  method: string,
  rawTarget: string,
  context: RequestContext,
): AuditTicket {
  const peer = peerOf(context)
  const path = readable(rawTarget.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, ''))
  return audit.open({
    who: { kind: 'nobody' },
    what: method,
    path: path.replace(/^\//, ''),
    ...(peer === undefined ? {} : { peer }),
  })
}

/** A caller as a line names them. */
export function whoOf({ kind, id, name }: Caller): AuditWho {
  return { kind: 'credential', type: kind, id, name }
}

/** An operation as a line names it. @param verb what the request asks for, `LIST` too where it came as GET */
export function whatOf(verb: string, { id }: Operation): string {
  return `${verb} ${id}`
}

function peerOf(context: RequestContext): AuditPeer | undefined {
  const { peerAddress, peerUser, peerProcess } = context
  if (peerAddress === undefined) return undefined
  return {
    address: peerAddress,
    ...(peerUser === undefined ? {} : { uid: peerUser }),
    ...(peerProcess === undefined ? {} : { pid: peerProcess }),
  }
}

/** Decoded where that can be done: what is refused for its escapes is to be found in the log too. */
function readable(path: string): string {
  try {
    return decodeOnce(path)
  } catch {
    return path
  }
}
