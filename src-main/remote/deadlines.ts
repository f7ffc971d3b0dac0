import { RemoteFailure } from '../contract/remote-failure'
import type { After } from './fetch'

/** How long a server may take, in milliseconds each. */
export interface Deadlines {
  /** Until TLS is agreed upon. */
  readonly connectMs: number
  /** From then until the head of the reply is there. */
  readonly headMs: number
  /** Between two pieces of the body. */
  readonly silenceMs: number
  /** For all of it, waiting for a connection included. */
  readonly wholeMs: number
}

/** Room for a slow link and a large listing, and an end for a server that holds on. */
export const defaultDeadlines: Deadlines = {
  connectMs: 10_000,
  headMs: 30_000,
  silenceMs: 15_000,
  wholeMs: 90_000,
}

/** What is waited for now. */
type Phase = 'connection' | 'head' | 'body'

const phases = {
  connection: { deadline: 'connectMs', reason: 'slow_connect', what: 'no connection' },
  head: { deadline: 'headMs', reason: 'slow', what: 'no answer' },
  body: { deadline: 'silenceMs', reason: 'slow', what: 'no more of the answer' },
} as const

/** Watches over one request. */
export class Watch {
  #stopPhase: () => void = () => undefined
  readonly #stopWhole: () => void

  /** @param late hears of the first deadline that passes */
  constructor(
    private readonly after: After,
    private readonly deadlines: Deadlines,
    private readonly late: (failure: RemoteFailure) => void,
  ) {
    this.#stopWhole = after(deadlines.wholeMs, () =>
      this.#end('slow', `no whole answer within ${deadlines.wholeMs} ms`),
    )
  }

  /** From now on this is waited for, with a new deadline. */
  await(phase: Phase): void {
    this.#stopPhase()
    const { deadline, reason, what } = phases[phase]
    const ms = this.deadlines[deadline]
    this.#stopPhase = this.after(ms, () => this.#end(reason, `${what} within ${ms} ms`))
  }

  stop(): void {
    this.#stopPhase()
    this.#stopWhole()
  }

  #end(reason: 'slow' | 'slow_connect', message: string): void {
    this.stop()
    this.late(new RemoteFailure('unreachable', reason, message))
  }
}
