import { failureCodes } from '../contract/errors'

/**
 * Every reason for which a request is refused: the failures of the store, and those that only a
 * request over HTTP can meet.
 */
export const refusalReasons = [
  ...failureCodes,
  /** No credential, or not one of ours. */
  'unauthenticated',
  /** The OKMS domain id of the address is not this vault's. */
  'wrong_domain',
  /** No operation has this address. */
  'no_route',
  /** The address exists, with other methods. */
  'wrong_method',
  /** The body's Content-Type is not one that the operation takes. */
  'media_type',
  /** The request has not the form of the operation: body, query or header. */
  'bad_request',
  /** The request is larger than is read at all. */
  'body_too_large',
  /** The secret exists, the version does not. */
  'no_version',
] as const

/** One of {@link refusalReasons}. */
export type RefusalReason = (typeof refusalReasons)[number]

/** A refusal in the words of one dialect. */
export interface ErrorReply {
  readonly status: number
  /** Undefined: no body. */
  readonly body?: unknown
}

/** What a translation says about one reason; `texts` replaces the messages of the failure. */
interface VaultRow {
  readonly status: number
  readonly texts?: readonly string[]
}

/** Several problems as one text, in the form of Go's multierror: clients print it, some look inside. */
export function manyErrors(texts: readonly string[]): string {
  const count = texts.length === 1 ? '1 error' : `${texts.length} errors`
  return `${count} occurred:\n${texts.map((text) => `\t* ${text}\n`).join('')}\n`
}

const staleFile =
  'the vault file is not the one this machine knows: decide in Coffret which to keep'

const ours: VaultRow = { status: 500, texts: ['internal error'] }

/** Source: kv-semantics 1.1, 1.5, 1.6, 2.6. No 412, 429 or 5xx for what the caller did: clients repeat those. */
const vaultRows = {
  invalid: { status: 400 },
  not_found: { status: 404, texts: [] },
  exists: { status: 400 },
  cas_mismatch: {
    status: 400,
    texts: ['check-and-set parameter did not match the current version'],
  },
  cas_required: { status: 400, texts: ['check-and-set parameter required for this call'] },
  too_large: { status: 413 },
  locked: { status: 503, texts: ['Vault is sealed'] },
  wrong_passphrase: { status: 400 },
  wrong_password: { status: 400 },
  // The message of a damaged record names the path, which whoever may read it knows.
  corrupt: { status: 500 },
  not_a_vault: ours,
  newer_format: ours,
  kdf_bounds: ours,
  not_writable: { status: 500, texts: ['the vault file cannot be written'] },
  stale: { status: 500, texts: [staleFile] },
  busy: { status: 500, texts: ['another program holds the vault file'] },
  storage: { status: 500, texts: ['the disk failed or is full'] },
  unreachable: ours,
  key_mismatch: { status: 400 },
  forbidden: { status: 403, texts: [manyErrors(['permission denied'])] },
  unsupported: { status: 405, texts: [manyErrors(['unsupported operation'])] },
  cancelled: ours,
  internal: ours,
  unauthenticated: { status: 403, texts: ['permission denied'] },
  wrong_domain: { status: 404, texts: [] },
  no_route: { status: 404 },
  wrong_method: { status: 405 },
  media_type: { status: 415 },
  bad_request: { status: 400 },
  body_too_large: { status: 413, texts: ['http: request body too large'] },
  no_version: { status: 404, texts: [] },
} as const satisfies Record<RefusalReason, VaultRow>

/** The error of `/v1`: `{"errors": […]}`, possibly empty. */
export function vaultError(reason: RefusalReason, messages: readonly string[]): ErrorReply {
  const row: VaultRow = vaultRows[reason]
  return { status: row.status, body: { errors: row.texts ?? messages } }
}

/** Source: okms-api 3.3, the bit layout of the SDK. */
const errorCode = (major: number, minor: number, category: number, number: number) =>
  major * 0x1000000 + minor * 0x10000 + category * 0x1000 + number

const core = 1
const rest = 3
const [general, iam, domain, authentication, secrets] = [1, 2, 3, 2, 5]
const internal = 1
const argument = 2
const unauthenticated = 3
const unauthorized = 4
const notFound = 5
const unavailable = 7
const conflict = 10

/** Source: okms-api 3.4. The numbers that OVHcloud has published are these; the rest is composed alike. */
export const okmsCodes = {
  unauthenticated: errorCode(rest, authentication, unauthenticated, 3),
  unauthorized: errorCode(core, iam, unauthorized, 1),
  wrongDomain: errorCode(core, domain, notFound, 1),
  noRoute: errorCode(rest, general, notFound, 1),
  badRequest: errorCode(rest, general, argument, 1),
  rule: errorCode(core, secrets, argument, 1),
  noSecret: errorCode(core, secrets, notFound, 1),
  noVersion: errorCode(core, secrets, notFound, 2),
  checkAndSet: errorCode(core, secrets, conflict, 1),
  exists: errorCode(core, secrets, conflict, 2),
  locked: errorCode(rest, general, unavailable, 2),
  fault: errorCode(core, secrets, internal, 1),
} as const

interface OkmsRow extends VaultRow {
  readonly code: number
}

const fault: OkmsRow = { status: 500, code: okmsCodes.fault, texts: ['internal error'] }
const rule: OkmsRow = { status: 400, code: okmsCodes.rule }

const okmsRows = {
  invalid: rule,
  not_found: { status: 404, code: okmsCodes.noSecret },
  exists: { status: 400, code: okmsCodes.exists },
  cas_mismatch: { status: 400, code: okmsCodes.checkAndSet },
  cas_required: { status: 400, code: okmsCodes.checkAndSet },
  // Data over its limit breaks a rule; only a request that is not even read is 413.
  too_large: rule,
  locked: { status: 503, code: okmsCodes.locked, texts: ['the vault is locked'] },
  wrong_passphrase: rule,
  wrong_password: rule,
  corrupt: { status: 500, code: okmsCodes.fault },
  not_a_vault: fault,
  newer_format: fault,
  kdf_bounds: fault,
  not_writable: { ...fault, texts: ['the vault file cannot be written'] },
  stale: { ...fault, texts: [staleFile] },
  busy: { ...fault, texts: ['another program holds the vault file'] },
  storage: { ...fault, texts: ['the disk failed or is full'] },
  unreachable: fault,
  key_mismatch: rule,
  forbidden: { status: 403, code: okmsCodes.unauthorized },
  unsupported: { status: 405, code: okmsCodes.badRequest },
  cancelled: fault,
  internal: fault,
  unauthenticated: { status: 401, code: okmsCodes.unauthenticated, texts: ['not authenticated'] },
  wrong_domain: { status: 404, code: okmsCodes.wrongDomain, texts: ['no such domain'] },
  no_route: { status: 404, code: okmsCodes.noRoute, texts: ['no such route'] },
  wrong_method: { status: 405, code: okmsCodes.badRequest, texts: ['method not allowed'] },
  // The description knows no 415: a body of another type is bad input.
  media_type: { status: 400, code: okmsCodes.badRequest },
  bad_request: { status: 400, code: okmsCodes.badRequest },
  body_too_large: { status: 413, code: okmsCodes.badRequest, texts: ['request exceeds 256 KiB'] },
  no_version: { status: 404, code: okmsCodes.noVersion },
} as const satisfies Record<RefusalReason, OkmsRow>

/** At most so many messages, as okms-api L3 has it. */
const maxMessages = 10

/**
 * The error of the OKMS addresses. Every field is snake_case, in both APIs.
 * @param data the metadata that two routes of v1 add to a 404
 */
export function okmsError(
  reason: RefusalReason,
  messages: readonly string[],
  requestId: string,
  data?: unknown,
): ErrorReply {
  const row: OkmsRow = okmsRows[reason]
  return {
    status: row.status,
    body: {
      error_id: requestId,
      error_code: row.code,
      errors: (row.texts ?? okmsMessages(reason, messages)).slice(0, maxMessages),
      request_id: requestId,
      data,
    },
  }
}

/** Clients recognise a check-and-set failure by these words. */
function okmsMessages(reason: RefusalReason, messages: readonly string[]): readonly string[] {
  return reason === 'cas_mismatch' || reason === 'cas_required'
    ? messages.map((text) => `check-and-set failed: ${text}`)
    : messages
}

const centralClasses: Readonly<Record<number, string>> = {
  400: 'Client::BadRequest',
  401: 'Client::Unauthorized',
  403: 'Client::Forbidden',
  404: 'Client::NotFound',
  405: 'Client::MethodNotAllowed',
  413: 'Client::PayloadTooLarge',
  500: 'Server::InternalServerError',
  503: 'Server::ServiceUnavailable',
}

/** The error of the central addresses: a class and one message, with the statuses of the OKMS API. */
export function centralError(reason: RefusalReason, messages: readonly string[]): ErrorReply {
  const { status, texts }: OkmsRow = okmsRows[reason]
  return {
    status,
    body: {
      class: centralClasses[status] ?? 'Client::BadRequest',
      message: (texts ?? okmsMessages(reason, messages)).slice(0, maxMessages).join('; '),
    },
  }
}

/** Whether a failure is worth a line in our own log: it is not the caller's doing. */
export function isFault(reason: RefusalReason): boolean {
  return vaultRows[reason].status === 500
}
