import { z } from 'zod'

/** What the state of a vault knows of the audit log: how far it was when a write last carried a line. */
export const AuditMark = z.strictObject({
  /** The number of the next line. */
  next: z.number().int().min(1),
  /** The hash of all lines before it, 32 bytes in hexadecimal. */
  chain: z.string().regex(/^[0-9a-f]{64}$/),
})
export type AuditMark = z.infer<typeof AuditMark>
