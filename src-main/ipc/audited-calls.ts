import type { CallArguments, CallName, Handlers } from '../contract/calls'
import type { CopyOrder } from '../contract/copy-calls'
import { CoffretError } from '../contract/errors'
import type { StoreId, VaultId } from '../contract/model'
import { noAudit, noTicket, type AuditLog, type AuditTicket } from '../kv/audit-log'
import type { StoreRegistry } from '../stores/store-registry'
import type { TicketedHandlers } from './handlers-of'

/** What a call is about. */
interface Subject {
  /** A vault, a backup of one that is open, or a domain. */
  readonly vault: VaultId
  readonly mount?: string
  readonly path?: string
}

type SubjectOf<N extends CallName> = (input: CallArguments<N>) => Subject | Subject[]

const inVault = ({ vault }: { readonly vault: VaultId }): Subject => ({ vault })

const ofDomain = ({ domain }: { readonly domain: VaultId }): Subject => ({ vault: domain })

const opened = ({ opened: vault }: { readonly opened: VaultId }): Subject => ({ vault })

/** @param path of a folder it ends in a slash; it is empty where a call is about the whole store */
function inStore({ store, path }: { readonly store: StoreId; readonly path?: string }): Subject {
  const slash = store.indexOf('/')
  const vault = store.slice(0, slash) as VaultId
  return { vault, mount: store.slice(slash + 1), ...(path === undefined ? {} : { path }) }
}

/** One end of a copy. */
function placeOfCopy({ kind, ...ends }: CopyOrder, end: 'from' | 'to'): Subject {
  const { store, path } = ends[end]
  return inStore({ store, path: kind === 'folder' && path !== '' ? `${path}/` : path })
}

/**
 * The calls that leave a line: those that bring a value out of the vault, into the window or a file, those
 * that change something in it, and those that change who gets in. Lists, metadata and names leave none: the
 * window asks for them with every click, and a person who sees the window has them anyway.
 */
export const auditedCalls: { readonly [N in CallName]?: SubjectOf<N> } = {
  'secret.reveal': inStore,
  'secret.copy': inStore,
  'secret.create': inStore,
  'secret.write': inStore,
  'secret.configure': inStore,
  'secret.restore': inStore,
  'secret.setState': inStore,
  'secret.remove': inStore,
  'secret.transfer': ({ store, kind, from }) =>
    inStore({ store, path: kind === 'folder' ? `${from}/` : from }),
  'store.configure': inStore,
  'bin.discard': ({ store, kind, path }) =>
    inStore({ store, path: kind === 'folder' ? `${path}/` : path }),
  'bin.restore': inStore,
  'bin.purge': inStore,
  'draft.open': inStore,
  'compare.secrets': ({ first, second }) => [inStore(first), inStore(second)],
  'search.query': ({ values, stores = [] }) =>
    values === true ? stores.map((store) => inStore({ store })) : [],
  'vault.acceptAsIs': inVault,
  'vault.forget': inVault,
  'vault.unlock': inVault,
  'localApi.start': inVault,
  'keys.add': inVault,
  'keys.change': inVault,
  'keys.remove': inVault,
  'keys.setPin': inVault,
  'keys.clearPin': inVault,
  'rotation.start': inVault,
  'rotation.resume': inVault,
  'rotation.discard': inVault,
  'check.repair': inVault,
  'check.merge': inVault,
  'backups.make': inVault,
  'backups.remove': inVault,
  'backups.open': inVault,
  'backups.export': inVault,
  'backups.restoreSecret': inStore,
  'backups.restoreAll': opened,
  'audit.export': inVault,
  'copy.run': ({ order }) => [placeOfCopy(order, 'from'), placeOfCopy(order, 'to')],
  'copy.resume': inVault,
  'copy.discard': inVault,
  'snapshot.take': ({ vault, store }) => [inStore({ store }), inVault({ vault })],
  'snapshot.refresh': ({ snapshot }) => inStore({ store: snapshot }),
  'snapshot.remove': ({ snapshot }) => inStore({ store: snapshot }),
  'keptCertificate.keep': inVault,
  'keptCertificate.rename': inVault,
  'keptCertificate.remove': inVault,
  'keptCertificate.savePkcs12': inVault,
  'keptCertificate.savePem': inVault,
  'keptCertificate.importIntoBrowser': inVault,
  'keptCertificate.probe': inVault,
  'domain.test': ({ credential }) =>
    credential.kind === 'kept' ? [{ vault: credential.domain }] : [],
  'domain.add': ({ vault, draft: { label } }) => ({ vault, mount: label }),
  'domain.change': ofDomain,
  'domain.replaceCredential': ofDomain,
  'domain.remove': ofDomain,
  'domain.removeFiles': ofDomain,
  'access.issueToken': inVault,
  'access.issueCertificate': inVault,
  'access.revoke': inVault,
  'access.remove': inVault,
}

/** The same handlers, with a line in the log of its vault for each of {@link auditedCalls}. */
export function audited(handlers: TicketedHandlers, stores: StoreRegistry): Handlers {
  const names = Object.keys(handlers) as CallName[]
  const wrapped = names.map((name) => {
    // The table pairs each call with its handler; the compiler cannot follow the pair through a union.
    const handler = handlers[name] as (input: unknown, ticket: AuditTicket) => unknown
    const subjectOf = auditedCalls[name] as ((input: unknown) => Subject | Subject[]) | undefined
    const plain = (input: unknown) => handler(input, noTicket)
    if (subjectOf === undefined) return [name, plain] as const
    const withLines = (input: unknown) =>
      leavingLines(stores, name, [subjectOf(input)].flat(), (ticket) => handler(input, ticket))
    return [name, withLines] as const
  })
  return Object.fromEntries(wrapped) as unknown as Handlers
}

/** A handler that answers at once goes on doing so. */
function leavingLines(
  stores: StoreRegistry,
  what: CallName,
  subjects: readonly Subject[],
  work: (ticket: AuditTicket) => unknown,
): unknown {
  const begin = () =>
    subjects.map((subject) => {
      const { log, isBackup, label } = logOf(stores, subject.vault)
      const name = isBackup ? `${what} (backup)` : what
      return log.open({ who: { kind: 'window' }, what: name, ...placeOf(subject, label) })
    })
  const tickets = begin()
  const done = <T>(result: T): T => {
    // A vault has no log before it is unlocked.
    for (const ticket of what === 'vault.unlock' ? begin() : tickets) ticket.end('ok')
    return result
  }
  const failed = (error: unknown): never => {
    const code = error instanceof CoffretError ? error.code : 'internal'
    for (const ticket of tickets) ticket.end(code)
    throw error
  }
  let result: unknown
  try {
    result = work(tickets[0] ?? noTicket)
  } catch (error) {
    return failed(error)
  }
  return result instanceof Promise ? result.then(done, failed) : done(result)
}

/** @param label of a domain: its mounts are not to be taken for those of the vault that keeps it */
function placeOf(
  { vault: _vault, ...place }: Subject,
  label: string | undefined,
): Omit<Subject, 'vault'> {
  if (label === undefined) return place
  return { ...place, mount: place.mount === undefined ? label : `${label}/${place.mount}` }
}

interface FoundLog {
  readonly log: AuditLog
  readonly isBackup: boolean
  /** Of a domain. */
  readonly label?: string
}

/**
 * The log of a vault, or of the vault whose backup it is, or that keeps the domain; none of what is locked
 * or not there.
 */
function logOf(stores: StoreRegistry, id: VaultId): FoundLog {
  const own = stores.unlocked().find((vault) => vault.id === id)
  if (own !== undefined) return { log: own.audit, isBackup: false }
  const domain = stores.domains.ofId(id)
  if (domain !== undefined) {
    return { log: domain.vault.audit, isBackup: false, label: domain.profile.label }
  }
  const backup = stores.backupOf(id)
  return { log: backup?.vault.audit ?? noAudit, isBackup: backup !== undefined }
}
