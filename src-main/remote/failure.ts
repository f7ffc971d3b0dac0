import { z } from 'zod'
import { CoffretError, type FailureCode } from '../contract/errors'
import type { Right } from '../contract/access'
import { parseJson } from '../contract/json'
import { reasonOfRight, RemoteFailure, type RemoteReason } from '../contract/remote-failure'
import { okmsCodes } from '../wire/error-body'
import { plain } from '../wire/json-shape'
import type { Dialect } from '../wire/operation'
import type { RemoteReply } from './fetch'

/** What a failure means; text tells apart what shares a status. */
type Meaning = FailureCode | ((text: string) => FailureCode)

/** Statuses that a meaning is known for. Source: kv-semantics 1.1; okms-api 3.4. */
const statuses = [
  400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 429, 500, 502, 503, 504,
] as const
type Status = (typeof statuses)[number]

const badInput = (text: string): FailureCode => (isCheckAndSet(text) ? casFailure(text) : 'invalid')

/**
 * The statuses of every dialect. `locked` is a server that is sealed and says so; what is only
 * overloaded or in maintenance is `busy`, like the statuses that ask to come again.
 */
const statusMeanings = {
  400: badInput,
  401: 'forbidden',
  403: 'forbidden',
  404: 'not_found',
  405: 'unsupported',
  408: 'busy',
  409: (text) => (isCheckAndSet(text) ? casFailure(text) : 'exists'),
  412: 'busy',
  413: 'too_large',
  415: 'unsupported',
  429: 'busy',
  500: 'internal',
  502: 'busy',
  503: (text) => (/sealed|locked/i.test(text) ? 'locked' : 'busy'),
  504: 'busy',
} as const satisfies Record<Status, Meaning>

/** The numbers of the OKMS APIs; they say more than the status. */
const okmsMeanings = {
  unauthenticated: 'forbidden',
  unauthorized: 'forbidden',
  wrongDomain: 'not_found',
  noRoute: 'not_found',
  badRequest: 'invalid',
  rule: 'invalid',
  noSecret: 'not_found',
  noVersion: 'not_found',
  checkAndSet: casFailure,
  exists: 'exists',
  locked: 'locked',
  fault: 'internal',
} as const satisfies Record<keyof typeof okmsCodes, Meaning>

/** Statuses that speak for themselves although the number says something wider. */
const plainStatuses: readonly number[] = [405, 413]

const VaultError = z.object({ errors: z.array(z.string()) })
const OkmsError = z.object({
  error_code: z.number().optional(),
  errors: z.array(z.string()).nullish(),
})
const CentralError = z.object({ class: z.string().optional(), message: z.string() })

/** What an error body says. */
interface Said {
  readonly texts: readonly string[]
  /** The number of the OKMS APIs. */
  readonly number?: number | undefined
}

const readers = {
  kv2: readVault,
  kv1: readVault,
  system: readVault,
  'okms-v1': readOkms,
  'okms-v2': readOkms,
  'okms-central': readCentral,
} as const satisfies Record<Dialect, (body: unknown) => Said>

/**
 * The failure that a reply tells of. Its message is short, on one line, and never a whole page.
 * @param right what the request needs: which one is missing when the server says that one is
 */
export function failureOf(dialect: Dialect, reply: RemoteReply, right?: Right): CoffretError {
  const { status, body } = reply
  const json = parsed(body)
  if (json === undefined && body.trim() !== '' && pageStatuses.includes(status)) {
    // Without it the page of a web server would mean that there are no secrets.
    return new RemoteFailure('invalid', 'not_an_api', `the server answered ${status} with a page`)
  }
  const { texts, number } = readers[dialect](json)
  const text = texts.join('; ')
  const meaning = okmsMeaning(status, number) ?? statusMeaning(status)
  const code = typeof meaning === 'function' ? meaning(text) : meaning
  const shown = text.replace(/[\p{C}\s]+/gu, ' ').slice(0, 200)
  const message = shown === '' ? `the server answered ${status}` : shown
  const reason = reasonOf(code, { status, number, text }, right)
  if (reason === undefined) return new CoffretError(code, message)
  return new RemoteFailure(code, reason, message)
}

/** Statuses with which an API never sends a page of its own, and a web server does. */
const pageStatuses: readonly number[] = [400, 401, 403, 404, 405]

interface Told {
  readonly status: number
  readonly number: number | undefined
  readonly text: string
}

/** Reasons of statuses that say no more. */
const reasonOfStatus: Readonly<Partial<Record<number, RemoteReason>>> = {
  408: 'overloaded',
  412: 'overloaded',
  429: 'rate_limited',
  500: 'server_fault',
  502: 'overloaded',
  503: 'overloaded',
  504: 'overloaded',
}

/** Why, where that is a matter of the server or of rights, and not of the secret. */
function reasonOf(
  code: FailureCode,
  { status, number, text }: Told,
  right: Right | undefined,
): RemoteReason | undefined {
  if (code === 'locked') return 'sealed'
  if (code === 'forbidden') {
    const isStranger = status === 401 || number === okmsCodes.unauthenticated
    if (isStranger || badToken.test(text)) return 'unauthenticated'
    return right === undefined ? 'may_not' : reasonOfRight[right]
  }
  if (code === 'not_found') {
    if (number === okmsCodes.wrongDomain) return 'wrong_domain'
    return number === okmsCodes.noRoute || noRoute.test(text) ? 'no_route' : undefined
  }
  if (code === 'busy' || code === 'internal') return reasonOfStatus[status] ?? 'server_fault'
  return undefined
}

/** Vault answers 403 to bad tokens as to missing rights. Source: Vault and OpenBao, `token_store.go`. */
const badToken = /(invalid|bad|missing|expired) (client )?token|token (is )?expired/i
const noRoute = /no handler for route|unsupported path|namespace not found/i

function okmsMeaning(status: number, number: number | undefined): Meaning | undefined {
  if (number === undefined || plainStatuses.includes(status)) return undefined
  const found = Object.entries(okmsCodes).find(([, code]) => code === number)
  return found && okmsMeanings[found[0] as keyof typeof okmsCodes]
}

function statusMeaning(status: number): Meaning {
  const known = statuses.find((one) => one === status)
  if (known !== undefined) return statusMeanings[known]
  return status >= 400 && status < 500 ? 'invalid' : 'internal'
}

/** Clients recognise both failures by these words. Source: kv-semantics 2.6, okms-api L26. */
function isCheckAndSet(text: string): boolean {
  return /check-and-set/i.test(text)
}

function casFailure(text: string): FailureCode {
  return /required/i.test(text) ? 'cas_required' : 'cas_mismatch'
}

function readVault(body: unknown): Said {
  return { texts: VaultError.safeParse(body).data?.errors ?? [] }
}

function readOkms(body: unknown): Said {
  const said = OkmsError.safeParse(body).data
  return { texts: said?.errors ?? [], number: said?.error_code }
}

function readCentral(body: unknown): Said {
  const said = CentralError.safeParse(body).data
  return { texts: said === undefined ? [] : [said.message] }
}

/** A proxy between us and the server answers pages, or nothing: then the status alone speaks. */
function parsed(body: string): unknown {
  try {
    return plain(parseJson(body, { duplicateKeys: 'last' }))
  } catch {
    return undefined
  }
}
