import { expect } from 'vitest'
import { noDuration } from '../../src-main/contract/duration'
import {
  FolderPath,
  MountName,
  SecretPath,
  StoreId,
  VaultId,
  VersionNumber,
  type EpochMs,
} from '../../src-main/contract/model'
import type { SecretStore } from '../../src-main/kv/secret-store'
import { Kv1Dialect } from '../../src-main/remote/kv1-dialect'
import { Kv2Dialect } from '../../src-main/remote/kv2-dialect'
import { okmsKv2, vaultKv2 } from '../../src-main/remote/kv2-servers'
import { OkmsDialect } from '../../src-main/remote/okms-dialect'
import { RemoteStore } from '../../src-main/remote/remote-store'
import type { RemoteReply } from '../../src-main/remote/fetch'
import type { RequestText } from '../../src-main/wire/request-text'
import { ApiUnderTest } from './api-under-test'
import type { KvModel, ModelSecret, ModelVersion } from './kv-model'

/** The dialects that tell of versions. */
export const dialectNames = ['kv2', 'okms-v1', 'okms-v2', 'okms-central'] as const
export type DialectName = (typeof dialectNames)[number]

const mounts = { secret: MountName.parse('secret'), kv: MountName.parse('kv') }

/** A vault behind its API, with a client of each dialect, for one sequence after another. */
export class ModelSession {
  /** Each sequence has a folder of its own, so that a vault serves many. */
  folder = FolderPath.parse('s0')
  readonly clients: Readonly<Record<DialectName | 'kv1', SecretStore>>

  private constructor(private readonly api: ApiUnderTest) {
    const fetch = (request: RequestText) => this.send(request)
    const okmsId = this.okmsId
    const clock = { now: () => this.api.now as EpochMs }
    const dialects = {
      kv2: new Kv2Dialect(fetch, vaultKv2(mounts.secret), clock),
      'okms-v1': new Kv2Dialect(fetch, okmsKv2(okmsId), clock),
      'okms-v2': new OkmsDialect(fetch, okmsId),
      'okms-central': new OkmsDialect(fetch, okmsId, 'central'),
      kv1: new Kv1Dialect(fetch, mounts.kv),
    }
    const id = StoreId.parse(`${okmsId}/remote`)
    const storeOf = (name: keyof typeof dialects) => new RemoteStore(id, dialects[name])
    this.clients = {
      kv2: storeOf('kv2'),
      'okms-v1': storeOf('okms-v1'),
      'okms-v2': storeOf('okms-v2'),
      'okms-central': storeOf('okms-central'),
      kv1: storeOf('kv1'),
    }
  }

  static async create(): Promise<ModelSession> {
    return new ModelSession(await ApiUnderTest.create())
  }

  get okmsId(): VaultId {
    return VaultId.parse(this.api.vault.id)
  }

  async send({ method, target, headers, body }: RequestText): Promise<RemoteReply> {
    const parts = { method, headers: { ...headers }, ...(body === undefined ? {} : { body }) }
    const request = new Request('http://coffret.test/', parts)
    const reply = await this.api.api.fetch(request, { rawTarget: target })
    const { status } = reply
    return { status, headers: Object.fromEntries(reply.headers), body: await reply.text() }
  }

  /** The clock of both, which may jump in either direction. */
  jump(model: KvModel, ms: number): void {
    this.api.now += ms
    model.now = this.api.now
  }

  /** The settings of the store as a new one has them. */
  async resetStore(): Promise<void> {
    const unset = { maxVersions: 0, casRequired: false, deactivateVersionAfter: noDuration }
    await this.clients.kv2.writeConfig(unset)
  }

  lock(): void {
    this.api.vault.lock()
  }

  async unlock(): Promise<void> {
    // Each costs a key derivation.
    if (!this.api.vault.isLocked) return
    const passphrase = new TextEncoder().encode('a passphrase for tests')
    await this.api.vault.unlockWithPassphrase(passphrase)
  }

  at(path: string): SecretPath {
    return SecretPath.parse(`${this.folder}/${path}`)
  }

  /** Everything in the folder of the sequence must be what the model says, and nothing else. */
  async expectEqual(model: KvModel, name: DialectName): Promise<void> {
    for (const [path, secret] of model.secrets) await this.#expectSecret(model, name, path, secret)
    const lister = this.clients[name === 'kv2' ? 'kv2' : 'okms-v1']
    const paths = [...model.secrets.keys()]
    expect(await this.#listed(lister)).toEqual(childrenOf(paths))
    for (const [path, text] of model.plain) {
      expect((await this.clients.kv1.readVersion(this.at(path))).data).toBe(text)
    }
    expect(await this.#listed(this.clients.kv1)).toEqual(childrenOf([...model.plain.keys()]))
  }

  close(): void {
    this.api.close()
  }

  async #expectSecret(model: KvModel, name: DialectName, path: string, secret: ModelSecret) {
    const client = this.clients[name]
    const found = await client.readMetadata(this.at(path))
    // The REST API tells whole seconds.
    const isCoarse = name === 'okms-v2' || name === 'okms-central'
    const time = (at: number) => (isCoarse ? Math.floor(at / 1000) * 1000 : at)
    const { deactivateVersionAfter: life, ...others } = found.settings
    expect({ ...found, settings: { ...others, life: life.seconds } }).toEqual({
      createdAt: time(secret.createdAt),
      updatedAt: time(secret.updatedAt),
      currentVersion: secret.current,
      oldestVersion: secret.oldest,
      settings: {
        maxVersions: secret.settings.kept,
        casRequired: secret.settings.isCasRequired,
        life: secret.settings.life,
      },
      customMetadata: Object.entries(secret.words),
      versions: secret.versions.map(({ number, createdAt, endsAt, isDestroyed }) => ({
        version: number,
        createdAt: time(createdAt),
        ...(endsAt === undefined ? {} : { deactivatedAt: time(endsAt) }),
        destroyed: isDestroyed,
      })),
    })
    for (const version of secret.versions) await this.#expectVersion(model, name, path, version)
  }

  async #expectVersion(model: KvModel, name: DialectName, path: string, version: ModelVersion) {
    const number = VersionNumber.parse(version.number)
    const { state, data } = await this.clients[name].readVersion(this.at(path), number)
    const wanted = model.stateOf(version)
    expect(state).toBe(wanted)
    const text = wanted === 'active' ? version.data : undefined
    if (name !== 'kv2' || data === undefined) expect(data).toBe(text)
    // Numbers pass through float64 there.
    else expect(JSON.parse(data)).toEqual(JSON.parse(text ?? 'null'))
  }

  async #listed(client: SecretStore): Promise<readonly string[]> {
    const { items } = await client.list(this.folder)
    return items.map(({ kind, name }) => (kind === 'folder' ? `${name}/` : name))
  }
}

/** The children of a folder that holds these paths, in order. */
function childrenOf(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map((path) => /^[^/]+\/?/.exec(path)?.[0] ?? ''))].sort()
}
