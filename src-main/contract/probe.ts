import { z } from 'zod'
import { remoteReasons } from './remote-failure'

/** What a server made of a client certificate. */
export const ProbeResult = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('answered'),
    status: z.number().int(),
    /** Of the reply; absent when it says none. */
    contentType: z.string().optional(),
    /** The beginning of the reply. */
    text: z.string(),
    /** There was more than is shown. */
    isCut: z.boolean(),
  }),
  z.object({ outcome: z.literal('failed'), reason: z.enum(remoteReasons) }),
])
export type ProbeResult = z.infer<typeof ProbeResult>
