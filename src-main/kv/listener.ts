import type { EpochMs } from '../contract/model'

/** Where a listener is to listen. */
export interface ListenerRequest {
  /** 1 to 65,535; 0 for any that is free. The same one for IPv4 and IPv6. */
  readonly port: number
  /** Where its Unix socket is made; without it there is none. */
  readonly socketFile?: string
}

/** A listener that accepts connections. */
export interface ListenerStatus {
  /** `https://127.0.0.1:8250` */
  readonly address: string
  /** All of them: over IPv4 first, then IPv6 where the computer has it. */
  readonly addresses: readonly string[]
  readonly port: number
  /** The Unix socket. */
  readonly socketFile?: string
  /** Of the authority to be trusted: SHA-256, hexadecimal pairs in upper case, separated by colons. */
  readonly fingerprint: string
  readonly since: EpochMs
  /** Requests answered since then, refused ones included. */
  readonly requests: number
}

/** The port to the listener of the local API, for one vault. */
export interface Listener {
  /** Undefined while it does not listen. */
  readonly status: ListenerStatus | undefined
  /**
   * Begins to listen, at loopback addresses only.
   * @throws CoffretError `busy` with the field `port` or `socket`, naming who holds it; `locked` when the
   * vault must be unlocked first; `not_writable`, `invalid`
   */
  start(request: ListenerRequest): Promise<ListenerStatus>
  /** Shows another certificate and refuses other clients: to be called when credentials changed. */
  refresh(): Promise<void>
  /** Refuses new requests, waits for those under way, a few seconds at most, and ends. */
  stop(): Promise<void>
}
