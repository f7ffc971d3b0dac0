import './without-eval'
import { z } from 'zod'
import { CertificateInfo } from './credentials'
import { failureCodes } from './errors'
import { remoteReasons } from './remote-failure'

/** What is tried of a connection, in this order. */
export const connectionSteps = [
  /** The credential by itself: key and certificate, validity, domain. Nothing is sent. */
  'credential',
  /** The name of the server, or of the proxy, is a computer's. */
  'name',
  /** Something listens there; a proxy lets through. */
  'reach',
  /** The server's certificate is one that is trusted. */
  'tls',
  /** The server takes the credential. */
  'accepted',
  'list',
  'metadata',
  'read',
] as const

/** One of {@link connectionSteps}. */
export type ConnectionStep = (typeof connectionSteps)[number]

/** What helps; the window has words, and a button where it can do it. */
export const remedies = [
  'check_network',
  'check_address',
  'use_name',
  'check_proxy',
  'try_later',
  'add_authority',
  'ask_for_server_certificate',
  'renew_certificate',
  'choose_matching_pair',
  'choose_other_domain',
  'renew_token',
  'ask_for_right',
  'set_clock',
  'unseal',
] as const

/** One of {@link remedies}. */
export type Remedy = (typeof remedies)[number]

/** The outcome of one step. After a failed step the others are not tried, except among the rights. */
export const StepResult = z.object({
  step: z.enum(connectionSteps),
  /** `skipped`: there was nothing to try it on. */
  outcome: z.enum(['passed', 'failed', 'skipped']),
  /** Of a failure. */
  code: z.enum(failureCodes).optional(),
  reason: z.enum(remoteReasons).optional(),
  remedy: z.enum(remedies).optional(),
  /** For engineers; never a value or a token. */
  message: z.string().optional(),
  /** Of `name`: what it leads to. */
  addresses: z.array(z.string()).readonly().optional(),
  /** Of `credential` the client's, of `tls` the server's, also where that one is not trusted. */
  certificate: CertificateInfo.optional(),
  /** Of `accepted`: the stores that were found. */
  mounts: z.array(z.string()).readonly().optional(),
})
export type StepResult = z.infer<typeof StepResult>
