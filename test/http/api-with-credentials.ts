import { createHash } from 'node:crypto'
import { PathPrefix, fullScope, type Right, type Scope } from '../../src-main/contract/access'
import type { EpochMs } from '../../src-main/contract/model'
import type { Access } from '../../src-main/http/access'
import { createCredentialAccess } from '../../src-main/http/credential-access'
import { createApi } from '../../src-main/http/api'
import type { RequestContext } from '../../src-main/http/arrival'
import { systemRandom } from '../../src-main/env'
import { ApiUnderTest, readReply, served, type Reply } from './api-under-test'

export const sha256 = (shown: string | Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(shown).digest())

/** Rights below prefixes. */
export const scopeOf = (prefixes: readonly string[], rights: readonly Right[]): Scope => ({
  prefixes: prefixes.map((prefix) => PathPrefix.parse(prefix)),
  rights: [...rights],
})

/** The API of a real vault behind its real credentials; waits are told, and end at once. */
export class ApiWithCredentials {
  readonly waits: number[] = []

  private constructor(
    readonly inside: ApiUnderTest,
    readonly access: { current: Access },
  ) {}

  static async create(): Promise<ApiWithCredentials> {
    const access = { current: { identify: async () => undefined } as Access }
    const inside = await ApiUnderTest.create({ identify: (one) => access.current.identify(one) })
    const made = new ApiWithCredentials(inside, access)
    access.current = createCredentialAccess({
      book: inside.vault.credentials,
      clock: { now: () => inside.now as EpochMs },
      wait: async (ms) => void made.waits.push(ms),
    })
    return made
  }

  get vault() {
    return this.inside.vault
  }

  /** A new token; its text is its name. */
  token(name: string, scope: Scope = fullScope, more: { expiresAt?: EpochMs } = {}) {
    const hash = sha256(name)
    return this.vault.credentials.add({ kind: 'token', hash, name, scope, ...more })
  }

  /** A new client certificate: any bytes stand for it. */
  certificate(name: string, scope: Scope = fullScope) {
    const bytes = new TextEncoder().encode(`certificate of ${name}`)
    const hash = sha256(bytes)
    const credential = this.vault.credentials.add({ kind: 'certificate', hash, name, scope })
    return { bytes, credential }
  }

  /** Sends a request as a listener hands it over. */
  async send(
    method: string,
    target: string,
    headers: Readonly<Record<string, string>> = {},
    more: Omit<RequestContext, 'rawTarget'> & {
      readonly body?: unknown
      readonly bytes?: Uint8Array<ArrayBuffer>
    } = {},
  ): Promise<Reply> {
    const { body, bytes, ...context } = more
    const content = bytes ?? (body === undefined ? undefined : JSON.stringify(body))
    const request = new Request('http://localhost/', {
      method,
      headers,
      ...(content === undefined ? {} : { body: content }),
    })
    const { inside, access } = this
    const api = createApi({
      ...{ vault: served(inside.vault), access: access.current, version: '0.1.0' },
      ...{ clock: { now: () => inside.now as EpochMs }, random: systemRandom },
    })
    return readReply(await api.fetch(request, { ...context, rawTarget: target }))
  }

  /** The status with a token. */
  async status(method: string, target: string, token: string, body?: unknown): Promise<number> {
    return (await this.send(method, target, { 'x-vault-token': token }, { body })).status
  }

  close(): void {
    this.inside.close()
  }
}
