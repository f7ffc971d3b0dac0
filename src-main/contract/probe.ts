import { z } from 'zod'
import { CertificateInfo } from './credentials'
import { remoteReasons } from './remote-failure'

/** The certificate that a server shows: subjects and names from strangers are cut. */
const ServerCertificate = CertificateInfo.pick({
  ...{ subject: true, issuer: true, subjectAltNames: true },
  ...{ validFrom: true, validTo: true, sha256Fingerprint: true },
})
export type ServerCertificate = z.infer<typeof ServerCertificate>

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
    server: ServerCertificate.optional(),
  }),
  z.object({
    outcome: z.literal('failed'),
    reason: z.enum(remoteReasons),
    /** Absent when none was seen, or nothing answers. */
    server: ServerCertificate.optional(),
  }),
])
export type ProbeResult = z.infer<typeof ProbeResult>
