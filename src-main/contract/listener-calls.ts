import { z } from 'zod'
import { call, nothing } from './call'
import { failureCodes } from './errors'
import { LocalApiSettings } from './local-api-settings'
import { EpochMs, VaultId } from './model'

/** A listener that accepts connections. */
export const RunningListener = z.object({
  vault: VaultId,
  /** While it is, everything is answered with 503. */
  isLocked: z.boolean(),
  /** `https://127.0.0.1:8250` */
  address: z.string(),
  /** All of them, IPv4 first. */
  addresses: z.array(z.string()).readonly(),
  port: z.number().int(),
  socketFile: z.string().optional(),
  /** The authority's certificate as a PEM file, for clients to trust. */
  caFile: z.string(),
  /** Of the authority to be trusted: SHA-256, hexadecimal pairs in upper case, separated by colons. */
  fingerprint: z.string(),
  since: EpochMs,
  /** Answered since then. */
  requests: z.number().int(),
})

/** The local API as a whole. Switched on and not running: its vault is still to be unlocked. */
export const LocalApiStatus = z.object({
  settings: LocalApiSettings,
  running: RunningListener.optional(),
  /** Why it does not run although it is switched on and its vault is unlocked. */
  problem: z
    .object({ code: z.enum(failureCodes), message: z.string(), field: z.string().optional() })
    .optional(),
})
export type LocalApiStatus = z.infer<typeof LocalApiStatus>

/** The local API for programs. `localApi.changed` tells when the status changes, but for `requests`. */
export const listenerCalls = {
  'localApi.status': call(nothing, LocalApiStatus),
  /**
   * Switches it on, here and after each next start of the app; in the place of another one that runs.
   * @throws CoffretError `locked`, `not_found`; `busy` with the field `port` or `socket`, the message naming
   * who has it; `not_writable`, `invalid`
   */
  'localApi.start': call(
    LocalApiSettings.omit({ isOn: true }).required({ vault: true }),
    LocalApiStatus,
  ),
  /** Switches it off: requests under way are answered, for a few seconds at most. */
  'localApi.stop': call(nothing, LocalApiStatus),
  /** Opens the description of the API, with a form for trying requests while it runs. */
  'localApi.openDocumentation': call(nothing, nothing),
} as const
