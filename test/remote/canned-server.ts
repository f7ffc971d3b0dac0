import type { Fetch } from '../../src-main/remote/fetch'

/** What a canned server says: a status and a body, JSON unless it is text already. */
export type Canned = readonly [status: number, body?: unknown]

/** A server of a few answers by method and target; everything else is an empty 404. */
export class CannedServer {
  /** The requests that came, in order, as `GET /v1/…`. */
  readonly asked: string[] = []

  constructor(private readonly answers: Readonly<Record<string, Canned>>) {}

  readonly fetch: Fetch = async ({ method, target }) => {
    const asked = `${method} ${decodeURIComponent(target)}`
    this.asked.push(asked)
    const [status, body = ''] = this.answers[asked] ?? [404, { errors: [] }]
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return { status, headers: {}, body: text }
  }
}
