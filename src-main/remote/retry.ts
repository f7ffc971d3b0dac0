import { CoffretError } from '../contract/errors'
import { RemoteFailure, type RemoteReason } from '../contract/remote-failure'
import type { EpochMs } from '../contract/model'
import type { Clock, RandomBytes } from '../env'
import type { After, Fetch, FetchOptions, RemoteReply } from './fetch'

/** How often a request is sent again after it failed. */
export const maxRetries = 4

/** What is waited before the first repetition at most; each further one doubles it. Milliseconds. */
const firstWaitMs = 500

/** A server that asks for more patience than this is not waited for: the person decides. Milliseconds. */
export const maxWaitMs = 30_000

/** Answers that may be another one in a moment. Source: okms-api 2.6, 3.2; kv-semantics 1.6. */
const passing: readonly number[] = [408, 412, 429, 500, 502, 503, 504]

/** Broken connections that may hold the next time; what is slow was waited for already. */
const passingReasons: readonly RemoteReason[] = ['no_reply', 'refused']

/** With what it is waited. */
export interface RetryParts {
  readonly clock: Clock
  readonly random: RandomBytes
  readonly after: After
}

/**
 * Sends requests that only read again when they fail for a passing reason: at most four times, waiting
 * longer each time, by chance a little more or less, so that many clients do not come back at once. A
 * request that changes something is sent once. After `Retry-After` nothing at all is sent to this server
 * until its time.
 */
export function retrying(fetch: Fetch, parts: RetryParts): Fetch {
  const gate = new Gate(parts)
  return async (request, options = {}) => {
    const most = request.method === 'GET' ? maxRetries : 0
    for (let attempt = 0; ; attempt += 1) {
      await gate.pass(options.signal)
      const outcome = await tried(fetch(request, options))
      const wait = gate.note(outcome, attempt)
      const isLast = attempt >= most || wait === undefined || wait > maxWaitMs
      if (!isLast) await sleep(wait, parts.after, options.signal)
      else if ('reply' in outcome) return outcome.reply
      else throw outcome.error
    }
  }
}

type Outcome = { readonly reply: RemoteReply } | { readonly error: unknown }

async function tried(reply: Promise<RemoteReply>): Promise<Outcome> {
  try {
    return { reply: await reply }
  } catch (error) {
    return { error }
  }
}

/** Holds the requests of a server back while it asks to be left alone. */
class Gate {
  #opensAt = 0

  constructor(private readonly parts: RetryParts) {}

  /** Waits until the server may be asked. @throws CoffretError `cancelled` */
  async pass(signal: FetchOptions['signal']): Promise<void> {
    const wait = this.#opensAt - this.parts.clock.now()
    // A clock that was set back must not hold anyone for longer.
    if (wait > 0) await sleep(Math.min(wait, maxWaitMs), this.parts.after, signal)
  }

  /** How long to wait before the next try, in milliseconds; undefined when none will be of use. */
  note(outcome: Outcome, attempt: number): number | undefined {
    const { clock } = this.parts
    if ('error' in outcome) {
      const { error } = outcome
      const isPassing = error instanceof RemoteFailure && passingReasons.includes(error.reason)
      return isPassing ? this.#backOff(attempt) : undefined
    }
    const { status, headers, body } = outcome.reply
    if (!passing.includes(status) || isSealed(status, body)) return undefined
    const asked = retryAfterMs(headers['retry-after'], clock.now())
    if (asked === undefined) return this.#backOff(attempt)
    this.#opensAt = clock.now() + Math.min(asked, maxWaitMs)
    return asked
  }

  #backOff(attempt: number): number {
    const [chance = 0] = this.parts.random(1)
    return Math.round(firstWaitMs * 2 ** attempt * (0.5 + chance / 510))
  }
}

/** Waiting does not unseal a server. */
function isSealed(status: number, body: string): boolean {
  return status === 503 && /sealed|locked/i.test(body.slice(0, 2000))
}

/** Seconds or a date. Source: RFC 9110 §10.2.3. */
export function retryAfterMs(text: string | undefined, now: EpochMs): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** @throws CoffretError `cancelled` */
function sleep(ms: number, after: After, signal: FetchOptions['signal']): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      stop()
      reject(new CoffretError('cancelled', 'the request was given up'))
    }
    const stop = after(ms, () => {
      signal?.removeEventListener('abort', end)
      resolve()
    })
    if (signal?.aborted === true) end()
    else signal?.addEventListener('abort', end, { once: true })
  })
}
