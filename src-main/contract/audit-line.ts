import { z } from 'zod'
import { failureCodes } from './errors'
import { EpochMs } from './model'

/** Who made a call. */
export const AuditWho = z.discriminatedUnion('kind', [
  /** The window of this program. */
  z.strictObject({ kind: z.literal('window') }),
  /** A program with a valid credential. */
  z.strictObject({
    kind: z.literal('credential'),
    type: z.enum(['token', 'certificate', 'program']),
    id: z.string(),
    name: z.string(),
  }),
  /** Somebody without a credential, or with a bad one. */
  z.strictObject({ kind: z.literal('nobody') }),
])
export type AuditWho = z.infer<typeof AuditWho>

/** The other end of a connection, as far as the system tells. */
export const AuditPeer = z.strictObject({
  /** `127.0.0.1`, `::1` or `unix`. */
  address: z.string(),
  uid: z.number().int().min(0).optional(),
  pid: z.number().int().min(0).optional(),
})
export type AuditPeer = z.infer<typeof AuditPeer>

/** What a call came to: the status of an answer, `ok` where there is none, or why it failed. */
export const AuditResult = z.union([
  z.number().int().min(100).max(999),
  z.literal('ok'),
  z.enum(failureCodes),
])
export type AuditResult = z.infer<typeof AuditResult>

/** What a filter asks for. `refused`: somebody had no right. */
export const AuditOutcome = z.enum(['ok', 'refused', 'failed'])
export type AuditOutcome = z.infer<typeof AuditOutcome>

/** One line of the audit log of a vault. It never holds a value. */
export const AuditLine = z.strictObject({
  /** Lines are numbered from 1 without a gap, in the order in which they were written. */
  number: z.number().int().min(1),
  /** When the call began. */
  at: EpochMs,
  who: AuditWho,
  /** Absent for the window. */
  peer: AuditPeer.optional(),
  /** `GET kv2.data.read`, or the name of a call of the window. */
  what: z.string(),
  /** Empty where the call is about no mount. */
  mount: z.string(),
  /** Empty where the call is about no path; a folder ends in a slash. */
  path: z.string(),
  /** Of a recovery from another path than it goes to: that path. */
  source: z.string().optional(),
  result: AuditResult,
  /** How many calls the line stands for: 1, unless somebody without a credential made very many. */
  count: z.number().int().min(1),
})
export type AuditLine = z.infer<typeof AuditLine>

/** Calls that had no right to what they asked. 421: a foreign host. */
const refusals: readonly AuditResult[] = ['forbidden', 401, 403, 421, 429]

/** What a result counts as in a filter. */
export function outcomeOf(result: AuditResult): AuditOutcome {
  if (refusals.includes(result)) return 'refused'
  return result === 'ok' || (typeof result === 'number' && result < 400) ? 'ok' : 'failed'
}
