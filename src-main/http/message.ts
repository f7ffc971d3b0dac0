/** The headers of a request. Names are found in any case; several of one name are joined by `, `. */
export type RequestHeaders = Pick<Headers, 'get' | 'has'> & Iterable<[string, string]>

/** A request as the API takes it: no more than it looks at. */
export interface ApiRequest {
  /** As sent, `LIST` and `RECOVER` included. */
  readonly method: string
  readonly headers: RequestHeaders
  /** The body as it comes, to be read once at most. Whoever stops before its end gives up the rest of it. */
  body(): AsyncIterable<Uint8Array>
}

/** An answer of the API, whole. */
export interface ApiReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Absent for none. */
  readonly body?: string | Uint8Array<ArrayBuffer>
}

/** A request of the Fetch standard, for callers within the program. */
export function fromFetch(request: Request): ApiRequest {
  const { method, headers } = request
  return { method, headers, body: () => partsOf(request) }
}

/** An answer for them. */
export function toFetch({ status, headers, body }: ApiReply): Response {
  return new Response(body ?? null, { status, headers })
}

async function* partsOf(request: Request): AsyncGenerator<Uint8Array, void, undefined> {
  // A reader and not `for await`: the type of a body's stream has no iterator in every runtime.
  const reader = request.body?.getReader()
  try {
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
      yield part.value
    }
  } finally {
    await reader?.cancel()
  }
}
