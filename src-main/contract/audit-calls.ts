import { z } from 'zod'
import { AuditLine, AuditOutcome } from './audit-line'
import { call } from './call'
import { EpochMs, VaultId } from './model'

/** What lines to show. What is absent matches all. */
export const AuditFilter = z.strictObject({
  /** The window, somebody without a credential, or a credential by its id. */
  who: z
    .union([
      z.enum(['window', 'nobody']),
      z.strictObject({ credential: z.string().min(1).max(64) }),
    ])
    .optional(),
  outcome: AuditOutcome.optional(),
  mount: z.string().max(128).optional(),
  /** What the path begins with. */
  path: z.string().max(2048).optional(),
  since: EpochMs.optional(),
})
export type AuditFilter = z.infer<typeof AuditFilter>

const InVault = z.strictObject({ vault: VaultId })

/** The audit log of a vault, which must be unlocked. `audit.changed` tells that there are new lines. */
export const auditCalls = {
  /** The newest first. There may be fewer than asked for: `next` tells where to go on, absent at the end. */
  'audit.list': call(
    InVault.extend({
      filter: AuditFilter.default({}),
      /** Only lines with lower numbers. */
      before: z.number().int().min(1).optional(),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    z.object({ lines: z.array(AuditLine).readonly(), next: z.number().int().optional() }),
  ),
  /**
   * Asks for a place and writes the lines there (0600), the newest first; undefined when the person gave up.
   * @param name the file name to propose, without extension
   * @returns the file, and how many lines are in it
   */
  'audit.export': call(
    InVault.extend({
      filter: AuditFilter.default({}),
      format: z.enum(['jsonl', 'csv']),
      name: z.string().min(1).max(200),
    }),
    z.object({ file: z.string(), lines: z.number().int().min(0) }).optional(),
  ),
  /** Whether the log is what was written. */
  'audit.verify': call(
    InVault,
    z.object({
      lines: z.number().int().min(0),
      /** The number of the oldest line that is kept: older ones were dropped. */
      first: z.number().int().min(1),
      /** The line at which something was removed, replaced or moved; absent where nothing was. */
      brokenAt: z.number().int().min(1).optional(),
    }),
  ),
} as const
