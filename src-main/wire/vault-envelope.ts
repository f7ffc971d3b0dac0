import { z } from 'zod'

/** What the wrapper of `/v1` holds beside the data. */
export interface EnvelopeParts {
  readonly warnings?: readonly string[]
  /** Seconds; KV version 1 only. */
  readonly leaseSeconds?: number
  /** `kv`, `system`, or empty in the special answers to what was not found. */
  readonly mountType?: string
}

/** The wrapper of every success under `/v1`, all of its keys always present. Source: kv-semantics 1.5. */
export function vaultEnvelope(requestId: string, data: unknown, parts: EnvelopeParts = {}) {
  const { warnings = [], leaseSeconds = 0, mountType = 'kv' } = parts
  return {
    request_id: requestId,
    lease_id: '',
    renewable: false,
    lease_duration: leaseSeconds,
    data,
    wrap_info: null,
    // Null or texts, never an empty list.
    warnings: warnings.length === 0 ? null : warnings,
    auth: null,
    mount_type: mountType,
  }
}

/** The schema of a wrapped reply. Servers add keys with time, so that unknown ones are let through. */
export function envelopeOf<T extends z.ZodType>(data: T) {
  return z.looseObject({
    request_id: z.string(),
    lease_id: z.string(),
    renewable: z.boolean(),
    lease_duration: z.number().int(),
    data,
    wrap_info: z.null(),
    warnings: z.array(z.string()).min(1).nullable(),
    auth: z.null(),
    mount_type: z.string().optional(),
  })
}

/** The schema of a wrapped reply that has warnings and nothing else. */
export const emptyEnvelope = envelopeOf(z.null())

/** The schema of an error under `/v1`. */
export const VaultErrors = z.object({ errors: z.array(z.string()) })
