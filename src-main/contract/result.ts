import './without-eval'
import { z } from 'zod'
import { failureCodes } from './errors'
import { remoteReasons } from './remote-failure'

/** A failure as it crosses the bridge: Electron drops all of an error but its message. */
export const Failure = z.object({
  code: z.enum(failureCodes),
  message: z.string(),
  /** The input field at fault. */
  field: z.string().optional(),
  /** Why a server said no. */
  reason: z.enum(remoteReasons).optional(),
})
export type Failure = z.infer<typeof Failure>

/** The answer to a call from the window. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure }
