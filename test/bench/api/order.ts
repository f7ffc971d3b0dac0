/** A server under load, as its program says it is to be reached. */
export interface Target {
  readonly port: number
  /** The certificate to trust, PEM. */
  readonly authority: string
  /** Lines of the head that every request carries, such as a token. */
  readonly headers: readonly string[]
}

/** What the load program is told to do with one server, again and again in turn with the others. */
export interface Load extends Target {
  /** Targets of requests, taken in turn; all connections share them. */
  readonly paths: readonly string[]
  /** With it every request is a write that carries this body. */
  readonly body?: string
}

/** Orders for the load program. */
export interface LoadOrder {
  readonly loads: Readonly<Record<string, Load>>
  readonly connections: number
  /** Rounds, each with every load once; the first is a warm-up and left out. */
  readonly rounds: number
  /** Requests of one load in one round. */
  readonly requests: number
}

/** What one load came to in one round. */
export interface Round {
  readonly perSecond: number
  /** The 99th percentile from sending a request to the end of its answer, in milliseconds. */
  readonly p99: number
}

/** What the load program says. */
export type LoadReport = Readonly<Record<string, readonly Round[]>>
