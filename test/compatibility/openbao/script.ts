/** How a request is sent, where it is not the usual way. */
export interface Sending {
  /** The body as it stands, instead of JSON. */
  readonly text?: string
  /** Beside or instead of the usual ones. */
  readonly headers?: Readonly<Record<string, string>>
  /** `token` unless told: in `X-Vault-Token`. */
  readonly credential?: 'token' | 'bearer' | 'wrong' | 'none'
  /** Time that passes before the request. */
  readonly afterMs?: number
  /** Whether the keys of objects are compared in their order. */
  readonly inOrder?: true
}

/**
 * One request: what it shows, `METHOD target` without `/v1/`, and the body that is sent as JSON. A target
 * that begins with `/` is sent as it is.
 */
export type Step = readonly [
  name: string,
  request: `${string} ${string}`,
  body?: unknown,
  sending?: Sending,
]

/**
 * Requests that build on each other. Each script begins with two new mounts: `kv2/` of version 2 and `kv1/`
 * of version 1.
 */
export interface Script {
  readonly name: string
  readonly steps: readonly Step[]
}

/** How a step is called in the table of accepted differences. */
export function stepName(script: Script, [name]: Step): string {
  return `${script.name} › ${name}`
}
