import { CoffretError, type FailureCode } from '../contract/errors'
import type {
  CustomMetadata,
  SecretData,
  SecretPath,
  SecretVersion,
  StoreConfig,
  VaultId,
} from '../contract/model'
import { mergePatch } from '../kv/merge-patch'
import type { NextVersion, SettingsChange, WriteOutcome, WriteRequest } from '../kv/secret-store'
import { isCasRequired } from '../kv/settings-rules'
import { findVersion } from '../kv/version-state'
import type { OkmsRestOperations } from '../wire/okms-v2-operations'
import { SecretWritten } from '../wire/okms-v2-shapes'
import { objectOfData, secretDataOf } from '../wire/secret-data'
import { ifThere } from './facts'
import type { Fetch } from './fetch'
import { mergeWords } from './kv2-fields'
import type { VersionedDialect } from './remote-dialect'
import { ask } from './send'

/** What a write is built on. */
interface Reading extends Pick<VersionedDialect, 'readMetadata' | 'readConfig'> {
  readVersion(path: SecretPath): Promise<SecretVersion>
}

/** How often a write begins again because another one came between its two requests. */
const attempts = 4

/** The fields of a change of settings; what stays is absent. */
export function configBody({
  maxVersions,
  casRequired,
  deactivateVersionAfter: life,
}: Partial<StoreConfig>) {
  return {
    ...(maxVersions === undefined ? {} : { maxVersions }),
    ...(casRequired === undefined ? {} : { casRequired }),
    ...(life === undefined ? {} : { deactivateVersionAfter: life.text }),
  }
}

/**
 * Writes over the REST API of a domain, which creates with one request and changes with another, and has
 * no merge patch: one is applied here, and check-and-set guards that nothing came between. Settings and
 * data go together. Source: okms-api 5.2, 6.
 */
export class OkmsWriter {
  constructor(
    private readonly fetch: Fetch,
    private readonly okmsId: VaultId,
    private readonly operations: OkmsRestOperations,
    private readonly reading: Reading,
  ) {}

  /** @throws CoffretError as `SecretStore.write` */
  async write(path: SecretPath, request: WriteRequest): Promise<WriteOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const number = await this.#attempt(path, request)
        const metadata = await this.reading.readMetadata(path)
        const version = number === undefined ? undefined : findVersion(metadata, number)
        return version === undefined ? { metadata } : { metadata, version }
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error
        if (attempt === attempts) throw error.cause
      }
    }
  }

  /** @throws CoffretError as `SecretStore.addVersion` */
  async add(path: SecretPath, { data, cas }: NextVersion): Promise<number> {
    if (cas === 0) return this.#create(path, { mode: 'create', data })
    const { added } = await this.#update(path, { mode: 'update', data, cas })
    if (added === undefined) throw new Error('a write of data adds a version')
    return added
  }

  /** @returns the number of the version that was added */
  async #attempt(path: SecretPath, request: WriteRequest): Promise<number | undefined> {
    if (request.mode === 'create') return this.#create(path, request)
    const updated = await ifThere(this.#update(path, request))
    if (updated !== undefined) return updated.added
    if (request.mode === 'update' || request.patch !== undefined) {
      throw new CoffretError('not_found', 'there is no such secret, or nothing to patch')
    }
    return this.#createInstead(path, request)
  }

  /** A secret that is not there yet: it is created under the rules of a write. */
  async #createInstead(path: SecretPath, request: WriteRequest): Promise<number | undefined> {
    const { cas } = request
    if (cas !== undefined && cas !== 0) {
      throw new CoffretError('cas_mismatch', `cas is ${cas}, there is no version`)
    }
    if (cas === undefined && (await this.reading.readConfig()).casRequired) {
      throw new CoffretError('cas_required', 'cas is required, there is no version')
    }
    try {
      return await this.#create(path, request)
    } catch (error) {
      throw hasCode(error, 'exists') ? new Overtaken(error) : error
    }
  }

  async #create(path: SecretPath, request: WriteRequest): Promise<number> {
    const { data, patch, settings, cas } = request
    if (patch !== undefined) throw new CoffretError('not_found', 'the secret does not exist')
    if (data === undefined) {
      throw new CoffretError('unsupported', 'this server makes no secret without data')
    }
    if (cas !== undefined && cas !== 0) {
      const isThere = (await ifThere(this.reading.readMetadata(path))) !== undefined
      throw new CoffretError(isThere ? 'exists' : 'cas_mismatch', `cas is ${cas}, to create is 0`)
    }
    const metadata = settings === undefined ? {} : { metadata: metadataBody(settings, []) }
    const body = { path, ...metadata, version: { data: objectOfData(data) } }
    const input = { params: { okmsId: this.okmsId }, body }
    try {
      const reply = await ask(this.fetch, this.operations.create, input, SecretWritten)
      return reply.body.metadata.currentVersion
    } catch (error) {
      // Not every server has a number of its own for what is there already.
      const mayExist = hasCode(error, 'invalid')
      if (!mayExist || (await ifThere(this.reading.readMetadata(path))) === undefined) throw error
      throw new CoffretError('exists', 'the secret exists', { cause: error })
    }
  }

  async #update(path: SecretPath, request: WriteRequest): Promise<Updated> {
    const { settings } = request
    const { data, cas, words } = await this.#basisOf(path, request)
    const fields = settings === undefined ? {} : metadataBody(settings, words)
    if (data === undefined && Object.keys(fields).length === 0) return { added: undefined }
    const body = {
      ...(settings === undefined ? {} : { metadata: fields }),
      ...(data === undefined ? {} : { version: { data: objectOfData(data) } }),
    }
    const input = { params: { okmsId: this.okmsId, path }, query: { cas }, body }
    try {
      const reply = await ask(this.fetch, this.operations.update, input, SecretWritten)
      return { added: data === undefined ? undefined : reply.body.metadata.currentVersion }
    } catch (error) {
      const isOurs = cas !== undefined && request.cas === undefined
      throw isOurs && hasCode(error, 'cas_mismatch') ? new Overtaken(error) : error
    }
  }

  /** What a change is made of; where it is built on what is there, with the number that must still be current. */
  async #basisOf(path: SecretPath, request: WriteRequest): Promise<Basis> {
    const { data, patch, settings, cas } = request
    // The server asks for a number with settings too; who writes through us need not give one.
    const isFree = data === undefined && cas === undefined && request.casGuards !== 'settings'
    if (patch === undefined && settings?.customMetadataPatch === undefined && !isFree) {
      return { data, cas, words: [] }
    }
    const current = await this.reading.readMetadata(path)
    const words = current.customMetadata
    if (patch === undefined) return { data, cas: isFree ? current.currentVersion : cas, words }
    if (cas === undefined && isCasRequired(current.settings, await this.reading.readConfig())) {
      throw new CoffretError('cas_required', `the current version is ${current.currentVersion}`)
    }
    const version = await this.reading.readVersion(path)
    if (version.data === undefined) {
      throw new CoffretError('not_found', 'the current version has no data to patch')
    }
    const merged = secretDataOf(mergePatch(objectOfData(version.data), objectOfData(patch)))
    return { data: merged, cas: cas ?? version.metadata.version, words }
  }
}

interface Updated {
  /** The number of the version that was added. */
  readonly added: number | undefined
}

interface Basis {
  readonly data: SecretData | undefined
  readonly cas: number | undefined
  /** The custom metadata that a patch of it changes. */
  readonly words: CustomMetadata
}

/** Another program wrote between two requests of one write. */
class Overtaken extends Error {
  constructor(override readonly cause: unknown) {
    super('another write came first')
  }
}

function hasCode(error: unknown, code: FailureCode): boolean {
  return error instanceof CoffretError && error.code === code
}

/** The fields of a change of a secret; custom metadata is always sent as a whole. */
function metadataBody(change: SettingsChange, words: CustomMetadata) {
  const { customMetadata: replaced, customMetadataPatch: patch } = change
  const after = patch === undefined ? replaced : mergeWords(replaced ?? words, patch)
  return {
    ...configBody(change),
    ...(after === undefined ? {} : { customMetadata: new Map(after) }),
  }
}
