import type { z } from 'zod'
import { calls, type CallName, type Handlers } from '../contract/calls'
import { CoffretError } from '../contract/errors'
import { RemoteFailure } from '../contract/remote-failure'
import type { Failure, Result } from '../contract/result'

/** Who sent a message, as main saw it; nothing of it comes from the message. */
export interface Sender {
  readonly isOurWindow: boolean
  readonly isMainFrame: boolean
  /** Serialised as RFC 6454 has it. */
  readonly origin: string
}

/** Answers one call. It never rejects. */
export type Dispatch = (sender: Sender, name: unknown, input: unknown) => Promise<Result<unknown>>

/** Whether a message comes from the page that we loaded ourselves. */
export function isTrusted(sender: Sender, origin: string): boolean {
  return sender.isOurWindow && sender.isMainFrame && sender.origin === origin
}

/**
 * The only door for calls from the window: checks the sender, parses the input, runs the handler,
 * strips the output.
 * @param origin of our page, the only one that may call
 * @param report hears of failures that are faults of ours
 */
export function createDispatch(
  handlers: Handlers,
  origin: string,
  report: (where: string, error: unknown) => void,
): Dispatch {
  return async (sender, name, input) => {
    if (!isTrusted(sender, origin)) return refuse('forbidden', 'only our window may call')
    if (!isCallName(name)) return refuse('invalid', 'no such call')
    try {
      return await run(handlers, name, input)
    } catch (error) {
      if (error instanceof CoffretError) return { ok: false, error: failureOf(error) }
      report(name, error)
      // The message of a foreign error may quote what it choked on.
      return refuse('internal', 'unexpected error')
    }
  }
}

async function run(handlers: Handlers, name: CallName, input: unknown): Promise<Result<unknown>> {
  const parsed = calls[name].input.safeParse(input)
  if (!parsed.success) return { ok: false, error: inputFailure(parsed.error) }
  // The table pairs each schema with its handler; the compiler cannot follow the pair through a union.
  const handler = handlers[name] as (input: unknown) => unknown
  const value: unknown = await handler(parsed.data)
  return { ok: true, value: calls[name].output.parse(value) }
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name)
}

function refuse(code: Failure['code'], message: string): Result<never> {
  return { ok: false, error: { code, message } }
}

function failureOf(error: CoffretError): Failure {
  const { code, message, field } = error
  return {
    ...(field === undefined ? { code, message } : { code, message, field }),
    ...(error instanceof RemoteFailure ? { reason: error.reason } : {}),
  }
}

/** Names the field at fault. Keys that the caller invented are not repeated, and no value ever is. */
function inputFailure({ issues: [issue] }: z.ZodError): Failure {
  const field = issue?.path.map(String).join('.') ?? ''
  const problem =
    issue?.code === 'unrecognized_keys' ? 'a property that is not expected' : issue?.message
  const message = `${field || 'input'}: ${problem ?? 'invalid'}`
  return field === '' ? { code: 'invalid', message } : { code: 'invalid', message, field }
}
