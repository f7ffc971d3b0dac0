import type { z } from 'zod'
import { CoffretError } from '../contract/errors'
import type {
  Capability,
  FolderPath,
  ListEntry,
  SecretMetadata,
  SecretPath,
  SecretSummary,
  SecretVersion,
  StoreConfig,
  VaultId,
  VersionMetadata,
  VersionNumber,
  VersionState,
} from '../contract/model'
import type { NextVersion, Page, PageRequest, WriteOutcome, WriteRequest } from '../kv/secret-store'
import { findVersion } from '../kv/version-state'
import { okmsCentral, okmsV2, type OkmsRestOperations } from '../wire/okms-v2-operations'
import {
  readOkmsV2Config,
  readOkmsV2Metadata,
  readOkmsV2Row,
  readOkmsV2Version,
} from '../wire/okms-v2-reading'
import { ConfigReply, stateReplies, stateWord } from '../wire/okms-v2-shapes'
import type { Fetch } from './fetch'
import { pageOf } from './listing'
import { allPages, childrenOf, eachPage } from './okms-listing'
import { configBody, OkmsWriter } from './okms-writing'
import type { RemoteDialect, VersionedDialect } from './remote-dialect'
import { ask, send } from './send'

/** Under which prefix the REST API is reached; they spell states differently. */
const prefixes = {
  domain: { operations: okmsV2, states: 'lower' },
  central: { operations: okmsCentral, states: 'upper' },
} as const

/** A secret as it is answered. */
type Answered = z.output<ReturnType<typeof stateReplies>['Secret']>

/**
 * The REST API of an OKMS domain. It lists all secrets at once, knows the state of each version itself,
 * and changes versions one by one. Source: okms-api 5 and 11.
 */
export class OkmsDialect implements RemoteDialect, VersionedDialect {
  readonly capabilities: readonly Capability[] = [
    ...(['write', 'versions', 'cas', 'metadata', 'settings', 'states'] as const),
    ...(['exactText', 'emptyData'] as const),
  ]
  readonly #operations: OkmsRestOperations
  readonly #states: 'lower' | 'upper'
  readonly #replies: ReturnType<typeof stateReplies>
  readonly #writer: OkmsWriter
  /** A list of which a page was given, until the next page is asked for. */
  #begun: { readonly next: string; readonly rows: readonly SecretSummary[] } | undefined

  constructor(
    private readonly fetch: Fetch,
    private readonly okmsId: VaultId,
    prefix: keyof typeof prefixes = 'domain',
  ) {
    this.#operations = prefixes[prefix].operations
    this.#states = prefixes[prefix].states
    this.#replies = stateReplies(this.#states)
    this.#writer = new OkmsWriter(fetch, okmsId, this.#operations, this)
  }

  get versioned(): VersionedDialect {
    return this
  }

  async list(folder: FolderPath, page: PageRequest): Promise<Page<ListEntry>> {
    const children = childrenOf(folder, await this.#all())
    return pageOf(children, page, ({ kind, name }) => (kind === 'folder' ? `${name}/` : name))
  }

  async listAll(page: PageRequest): Promise<Page<SecretSummary>> {
    // Pages cannot begin in the middle: who goes on gets the rest of the list that was begun.
    const begun = this.#begun
    this.#begun = undefined
    const isNext = begun !== undefined && begun.next === page.after
    const rows = isNext ? begun.rows : await this.#all()
    const slice = pageOf(rows, page, ({ path }) => path)
    if (slice.next !== undefined) this.#begun = { next: slice.next, rows }
    return slice
  }

  async *arriving(): AsyncGenerator<readonly SecretSummary[]> {
    const listing = {
      operation: this.#operations.list,
      params: { okmsId: this.okmsId },
      schema: this.#replies.Secrets,
    }
    for await (const page of eachPage(this.fetch, listing)) {
      yield page.map(readOkmsV2Row).filter((row) => row !== undefined)
    }
  }

  async readMetadata(path: SecretPath): Promise<SecretMetadata> {
    const { body } = await ask(
      this.fetch,
      this.#operations.read,
      this.#at(path),
      this.#replies.Secret,
    )
    return readOkmsV2Metadata(body, onlyVersion(body) ?? (await this.#versions(path)))
  }

  async readVersion(path: SecretPath, version?: VersionNumber): Promise<SecretVersion> {
    const query = { includeData: true, version }
    const input = { ...this.#at(path), query }
    const { body } = await ask(this.fetch, this.#operations.read, input, this.#replies.Secret)
    if (body.version === undefined) {
      throw new CoffretError('not_found', 'the secret has no version')
    }
    return readOkmsV2Version(body.version)
  }

  write(path: SecretPath, request: WriteRequest): Promise<WriteOutcome> {
    return this.#writer.write(path, request)
  }

  addVersion(path: SecretPath, next: NextVersion): Promise<number> {
    return this.#writer.add(path, next)
  }

  async setState(
    path: SecretPath,
    versions: readonly VersionNumber[] | 'current',
    state: VersionState,
  ): Promise<readonly VersionMetadata[]> {
    const before = await this.readMetadata(path)
    const wanted = versions === 'current' ? [before.currentVersion] : versions
    const found = [...new Set<number>(wanted)]
      .sort((a, b) => a - b)
      .flatMap((number) => findVersion(before, number) ?? [])
    const changed: VersionMetadata[] = []
    for (const version of found) {
      // Asked to leave the state of being deleted, the server would refuse.
      changed.push(version.destroyed ? version : await this.#changeState(path, version, state))
    }
    return changed
  }

  async remove(path: SecretPath): Promise<void> {
    await send(this.fetch, this.#operations.remove, this.#at(path))
  }

  async readConfig(): Promise<StoreConfig> {
    const input = { params: { okmsId: this.okmsId } }
    const { body } = await ask(this.fetch, this.#operations.readConfig, input, ConfigReply)
    return readOkmsV2Config(body)
  }

  async writeConfig(change: Partial<StoreConfig>): Promise<StoreConfig> {
    const body = configBody(change)
    if (Object.keys(body).length === 0) return this.readConfig()
    const input = { params: { okmsId: this.okmsId }, body }
    const reply = await ask(this.fetch, this.#operations.writeConfig, input, ConfigReply)
    return readOkmsV2Config(reply.body)
  }

  async #changeState(
    path: SecretPath,
    { version }: VersionMetadata,
    state: VersionState,
  ): Promise<VersionMetadata> {
    const params = { okmsId: this.okmsId, path, version: String(version) }
    const input = { params, body: { state: stateWord(state, this.#states) } }
    const { body } = await ask(this.fetch, this.#operations.setState, input, this.#replies.Version)
    return readOkmsV2Version(body).metadata
  }

  async #all(): Promise<readonly SecretSummary[]> {
    const rows = new Map<SecretPath, SecretSummary>()
    // What is written meanwhile may move a row to another page: each is there once.
    for await (const page of this.arriving()) for (const row of page) rows.set(row.path, row)
    return [...rows.values()]
  }

  async #versions(path: SecretPath): Promise<readonly VersionMetadata[]> {
    const { listVersions } = this.#operations
    const rows = await allPages(
      this.fetch,
      listVersions,
      this.#at(path).params,
      this.#replies.Versions,
    )
    return rows.map((row) => readOkmsV2Version(row).metadata)
  }

  #at(path: SecretPath) {
    return { params: { okmsId: this.okmsId, path } }
  }
}

/** The first version of a secret that has no other comes along with it; others have to be asked for. */
function onlyVersion({ metadata, version }: Answered): readonly VersionMetadata[] | undefined {
  if (metadata.currentVersion !== 1 || version?.id !== 1) return undefined
  return [readOkmsV2Version(version).metadata]
}
