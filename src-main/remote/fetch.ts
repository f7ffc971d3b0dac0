import type { RequestText } from '../wire/request-text'

/** What a server answered. */
export interface RemoteReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Empty when there is none. */
  readonly body: string
}

/**
 * Carries one request to a server and its reply back: TLS, credentials, deadlines and repeating are its
 * own affair. The target goes into the request line as it is, untouched by `URL`, which folds `..`.
 * @throws CoffretError when there is no reply
 */
export type Fetch = (request: RequestText) => Promise<RemoteReply>
