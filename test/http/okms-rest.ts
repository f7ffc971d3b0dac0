import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Access } from '../../src-main/http/access'
import { ApiUnderTest, type Reply, type Sending } from './api-under-test'

/** The numbers of errors that the domain answers. Source: okms-api 3.4. */
export const codes = {
  unauthenticated: 50_475_011,
  forbidden: 16_924_673,
  wrongDomain: 16_994_305,
  noRoute: 50_417_665,
  form: 50_405_377,
  rule: 17_113_089,
  noSecret: 17_125_377,
  noVersion: 17_125_378,
  cas: 17_145_857,
  exists: 17_145_858,
  locked: 50_425_858,
} as const

const classes: Readonly<Record<number, string>> = {
  400: 'Client::BadRequest',
  401: 'Client::Unauthorized',
  403: 'Client::Forbidden',
  404: 'Client::NotFound',
  405: 'Client::MethodNotAllowed',
  413: 'Client::PayloadTooLarge',
  503: 'Server::ServiceUnavailable',
}

/** The two prefixes of the REST API. */
export type Prefix = 'domain' | 'central'

/** The REST API under one prefix: the same tests run over both. */
export class RestUnderTest {
  #count = 0

  constructor(
    readonly api: ApiUnderTest,
    readonly prefix: Prefix,
  ) {}

  get root(): string {
    return this.prefix === 'domain' ? `${this.api.okms}/v2` : this.api.central
  }

  /** A path that no test has used. */
  fresh(): string {
    return `r${(this.#count += 1)}`
  }

  send(method: string, rest: string, sending: Sending = {}): Promise<Reply> {
    return this.api.send(method, `${this.root}/${rest}`, sending)
  }

  get(rest: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send('GET', rest, { headers })
  }

  put(rest: string, body: unknown): Promise<Reply> {
    return this.send('PUT', rest, { body })
  }

  /** Creates a secret. */
  create(path: string, data: unknown = { a: 1 }, metadata?: unknown): Promise<Reply> {
    return this.send('POST', 'secret', { body: { path, metadata, version: { data } } })
  }

  /** Adds versions until there are so many. */
  async createVersions(path: string, count: number): Promise<void> {
    await this.create(path, { n: 1 })
    for (let n = 2; n <= count; n += 1) {
      await this.send('POST', `secret/${path}/version`, { body: { data: { n } } })
    }
  }

  setState(path: string, version: number | string, state: string): Promise<Reply> {
    return this.put(`secret/${path}/version/${version}`, { state: this.word(state) })
  }

  /** A state as this prefix spells it. */
  word(state: string): string {
    return this.prefix === 'central' ? state.toUpperCase() : state
  }
}

/** Holds a refusal to the status and, in the words of its prefix, to the reason. */
export function expectRefusal(
  { status, body }: Reply,
  wanted: number,
  code: keyof typeof codes,
): string[] {
  expect(status).toBe(wanted)
  if (body.class !== undefined) {
    expect(body.class).toBe(classes[wanted])
    return [body.message]
  }
  expect(body.error_code).toBe(codes[code])
  expect(body.error_id).toBe(body.request_id)
  return body.errors
}

/** Runs a suite over a vault of its own under each prefix. */
export function underBothPrefixes(
  suite: (rest: () => RestUnderTest) => void,
  access?: Access,
): void {
  describe.each(['domain', 'central'] as const)('under the prefix of the %s', (prefix) => {
    let rest: RestUnderTest
    beforeAll(async () => {
      rest = new RestUnderTest(await ApiUnderTest.create(access), prefix)
    })
    afterAll(() => rest.api.close())
    suite(() => rest)
  })
}
