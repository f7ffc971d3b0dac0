import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { isJsonObject, parseJson, type JsonObject } from '../../src-main/contract/json'
import type { EpochMs } from '../../src-main/contract/model'
import { systemRandom } from '../../src-main/env'
import { insideAccess, type Access } from '../../src-main/http/access'
import { createApi, type Api } from '../../src-main/http/api'
import type { ServedVault } from '../../src-main/kv/mount-table'
import type { SnapshotLimits } from '../../src-main/vault/backup/local-snapshots'
import { LocalVault } from '../../src-main/vault/local-vault'
import { plain } from '../../src-main/wire/json-shape'
import { declaredOkmsProblems } from './declared-okms-replies'
import { declaredProblems } from './declared-replies'
import { centralProblems, replyProblems } from './okms-description'

/** A reply, read. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Plain JSON; undefined when there is no body. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests reach deep into replies
  readonly body: any
  /** The body without loss. */
  readonly exact: JsonObject
}

/** How a test sends a request. */
export interface Sending {
  readonly body?: unknown
  /** The body as text, instead of `body`. */
  readonly text?: string
  /** The body as bytes, instead of `body`. */
  readonly bytes?: Uint8Array<ArrayBuffer>
  readonly headers?: Record<string, string>
  /** Problems with OVHcloud's description that are meant to be, because another dialect wrote so. */
  readonly deviation?: RegExp
}

/** The API over a real vault in a temporary folder, with a clock that tests set. */
export class ApiUnderTest {
  /** 2026-02-03T10:15:30.120Z */
  now = 1_770_113_730_120

  private constructor(
    readonly api: Api,
    readonly vault: LocalVault,
    private readonly folder: string,
  ) {}

  static async create(
    access: Access = insideAccess,
    onFault?: (error: unknown) => void,
    snapshots: SnapshotLimits = {},
  ): Promise<ApiUnderTest> {
    const folder = mkdtempSync(join(tmpdir(), 'coffret-api-'))
    const clock = { now: () => 0 as EpochMs }
    const { vault } = await LocalVault.create({
      file: join(folder, 'test.coffret'),
      clock: { now: () => clock.now() },
      random: systemRandom,
      snapshots,
      // As the app opens it.
      sharesTurns: true,
      passphrase: new TextEncoder().encode('a passphrase for tests'),
      kdf: { memoryKib: 19 * 1024, passes: 1, lanes: 1 },
    })
    const parts = {
      vault: served(vault),
      access,
      random: systemRandom,
      version: '0.1.0',
      ...(onFault && { onFault }),
    }
    const api = createApi({ ...parts, clock: { now: () => clock.now() } })
    const made = new ApiUnderTest(api, vault, folder)
    clock.now = () => made.now as EpochMs
    return made
  }

  /** Sends a request whose target is not touched by `URL`. */
  async send(method: string, target: string, sending: Sending = {}): Promise<Reply> {
    const text =
      sending.bytes ??
      sending.text ??
      (sending.body === undefined ? undefined : JSON.stringify(sending.body))
    const request = new Request('http://coffret.test/', {
      method,
      headers: sending.headers ?? {},
      ...(text === undefined ? {} : { body: text }),
    })
    const response = await this.api.fetch(request, { rawTarget: target })
    const reply = await readReply(response)
    const problems = problemsOf(method, target, reply)
    expect(problems.filter((one) => !sending.deviation?.test(one))).toEqual([])
    return reply
  }

  /** The address of the vault's OKMS domain. */
  get okms(): string {
    return `/api/${this.vault.id}`
  }

  /** The same under the prefix of the central API. */
  get central(): string {
    return `/v2/okms/resource/${this.vault.id}`
  }

  /** Moves the clock forward. */
  advance(ms: number): void {
    this.now += ms
  }

  close(): void {
    this.vault.close()
    rmSync(this.folder, { recursive: true })
  }
}

/** Every reply of every test has the form that is declared, and that OVHcloud describes. */
function problemsOf(method: string, target: string, reply: Reply): string[] {
  const { status, headers, text, body } = reply
  const problems = []
  if (headers.get('content-type') !== 'application/json') problems.push('content type')
  if (headers.get('cache-control') !== 'no-store') problems.push('cache control')
  if (method === 'HEAD') return problems
  if (target.startsWith('/v1/')) {
    const exact = text === '' ? undefined : parseJson(text)
    problems.push(...declaredProblems(method, target, status, exact))
  }
  if (/^\/api\/[^/]+\/v[12]\/secret/.test(target)) {
    problems.push(...replyProblems(method, target, status, body))
  }
  if (status < 400) {
    const exact = text === '' ? undefined : parseJson(text)
    problems.push(...declaredOkmsProblems(method, target, status, exact))
  }
  if (/^\/v2\/okms\/resource\/[^/]+\/secret/.test(target)) {
    problems.push(...centralProblems(method, target, status, body))
  }
  return problems
}

export async function readReply(response: Response): Promise<Reply> {
  const text = await response.text()
  const value = text === '' ? new Map() : parseJson(text)
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? undefined : plain(value),
    exact: isJsonObject(value) ? value : new Map(),
  }
}

export function served(vault: LocalVault): ServedVault {
  return {
    id: vault.id,
    isLocked: () => vault.isLocked,
    mounts: vault.mounts,
    snapshots: vault.snapshots,
    storeOf: (mount, ticket) => vault.storeOf(mount, ticket),
    audit: vault.audit,
  }
}
