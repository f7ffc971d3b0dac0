import { z } from 'zod'
import { CoffretError } from '../contract/errors'
import {
  EpochMs,
  FolderPath,
  VersionNumber,
  type Capability,
  type ListEntry,
  type MountName,
  type SecretMetadata,
  type SecretPath,
  type SecretSummary,
  type SecretVersion,
  type VersionMetadata,
} from '../contract/model'
import type { Page, PageRequest, WriteOutcome, WriteRequest } from '../kv/secret-store'
import { noSettings } from '../kv/settings-rules'
import { exactObject } from '../wire/json-shape'
import { kv1 } from '../wire/kv1-operations'
import { KeysWire } from '../wire/kv2-shapes'
import { objectOfData, secretDataOf } from '../wire/secret-data'
import { named } from './facts'
import type { Fetch } from './fetch'
import { folderAddress } from './kv2-servers'
import { eachPath, inBatches, listChildren, listTree, type NameServer } from './listing'
import type { RemoteDialect } from './remote-dialect'
import { ask, send } from './send'

const Secret = z.object({ data: exactObject })
const Keys = z.object({ data: KeysWire })

/** These servers know no versions and no times: there is one version, of no known age. */
const onlyVersion: VersionMetadata = {
  version: VersionNumber.parse(1),
  createdAt: EpochMs.parse(0),
  destroyed: false,
}

const onlyMetadata: SecretMetadata = {
  createdAt: onlyVersion.createdAt,
  updatedAt: onlyVersion.createdAt,
  currentVersion: onlyVersion.version,
  oldestVersion: 0,
  settings: noSettings,
  customMetadata: [],
  versions: [onlyVersion],
}

/**
 * KV version 1: one value a path. Whether a path is there is seen in the list of its folder, so that no
 * value travels for it; between that and the write another program may come first. Source: kv-semantics 3.
 */
export class Kv1Dialect implements RemoteDialect, NameServer {
  /** Without `exactText`: Vault and OpenBao answer with the keys in order, whatever was written. */
  readonly capabilities: readonly Capability[] = ['write', 'anyName']

  constructor(
    private readonly fetch: Fetch,
    private readonly mount: MountName,
  ) {}

  list(folder: FolderPath, page: PageRequest): Promise<Page<ListEntry>> {
    return listChildren(this, folder, page)
  }

  listAll(page: PageRequest): Promise<Page<SecretSummary>> {
    return listTree(this, page)
  }

  arriving(): AsyncGenerator<readonly SecretSummary[]> {
    return inBatches(eachPath(this))
  }

  names(folder: FolderPath): Promise<readonly string[]> {
    const [operation, params] = folderAddress(kv1, { mount: this.mount }, folder)
    const reply = ask(this.fetch, operation, { params }, Keys)
    return named(reply.then(({ body }) => body.data.keys))
  }

  async facts() {
    return {}
  }

  async readVersion(path: SecretPath, version = onlyVersion.version): Promise<SecretVersion> {
    if (version !== onlyVersion.version) {
      throw new CoffretError('not_found', 'this server keeps one version')
    }
    const { body } = await ask(this.fetch, kv1.read, this.#at(path), Secret)
    return { metadata: onlyVersion, state: 'active', data: secretDataOf(body.data) }
  }

  async write(path: SecretPath, { mode, data }: WriteRequest): Promise<WriteOutcome> {
    if (data === undefined) throw new Error('a store without versions writes data alone')
    if (mode === 'update') await this.#demand(path)
    if (mode === 'create' && (await this.#isThere(path))) {
      throw new CoffretError('exists', 'the secret exists')
    }
    await send(this.fetch, kv1.write, { ...this.#at(path), body: objectOfData(data) })
    return { metadata: onlyMetadata, version: onlyVersion }
  }

  async remove(path: SecretPath): Promise<void> {
    // The servers say 204 to what is not there.
    await this.#demand(path)
    await send(this.fetch, kv1.remove, this.#at(path))
  }

  async #demand(path: SecretPath): Promise<void> {
    if (!(await this.#isThere(path))) {
      throw new CoffretError('not_found', 'the secret does not exist')
    }
  }

  async #isThere(path: SecretPath): Promise<boolean> {
    const end = path.lastIndexOf('/')
    const names = await this.names(FolderPath.parse(path.slice(0, Math.max(end, 0))))
    return names.includes(path.slice(end + 1))
  }

  #at(path: SecretPath) {
    return { params: { mount: this.mount, path } }
  }
}
