import { CoffretError } from '../contract/errors'
import type { SecretPath, VersionState } from '../contract/model'
import type { SecretStore, SettingsChange, WriteRequest } from '../kv/secret-store'
import { currentVersionOf } from '../kv/version-state'
import { okmsError } from '../wire/error-body'
import { versionNumbers, wantedVersion } from '../wire/kv2'
import { cursorHeader, defaultPageSize } from '../wire/okms-paging'
import { localUrn, settingsWarnings, unknownFieldsWarning } from '../wire/okms-rules'
import {
  okmsPatchOf,
  okmsSettingsOf,
  okmsSettingsPatchOf,
  okmsV1ConfigWire,
  okmsV1MetadataWire,
  okmsV1VersionWire,
  okmsWriteOf,
} from '../wire/okms-v1'
import { okmsV1 } from '../wire/okms-v1-operations'
import { RenderedJson } from '../wire/json-shape'
import { vaultEnvelope } from '../wire/vault-envelope'
import { objectOfData, subkeysOf } from '../wire/secret-data'
import { done, ok, type Answer } from './answer'
import type { ApiParts } from './api'
import { listKeys } from './list-keys'
import { mountOfPath } from './mount-routes'
import type { Cursors } from './okms-paging'
import { okmsWrite } from './okms-writing'
import { mount, type Circumstances, type Place, type Route } from './route'
import { ifThere, readSecret } from './secret-reading'

/** The KV2-compatible API of an OKMS domain. Source: okms-api 4. */
export function okmsV1Routes({ vault }: ApiParts, cursors: Cursors): readonly Route<Place>[] {
  return [...dataRoutes, ...stateRoutes, ...configRoutes, ...metadataRoutes(vault.id, cursors)]
}

const dataRoutes: readonly Route<Place>[] = [
  mount(okmsV1.read, async ({ params, query, arrival }, { store }) => {
    const reading = await readSecret(store, params.path, wantedVersion(query.version))
    const metadata = okmsV1VersionWire(reading.version, reading.secret)
    return reading.data === undefined
      ? gone(arrival.requestId, reading.state, { data: null, metadata })
      : ok({ data: new RenderedJson(reading.data), metadata })
  }),
  mount(okmsV1.write, ({ params, body, unknownFields }, { store }) =>
    write(store, params.path, okmsWriteOf(body), unknownFields),
  ),
  mount(okmsV1.patch, ({ params, body, unknownFields, arrival }, { store }) =>
    patch(store, params.path, okmsPatchOf(body), { unknownFields, arrival }),
  ),
  mount(okmsV1.readSubkeys, async ({ params, query, arrival }, { store }) => {
    const reading = await readSecret(store, params.path, wantedVersion(query.version))
    const metadata = okmsV1VersionWire(reading.version, reading.secret)
    return reading.data === undefined
      ? gone(arrival.requestId, reading.state)
      : ok({ subkeys: subkeysOf(objectOfData(reading.data), query.depth ?? 0), metadata })
  }),
]

const stateRoutes: readonly Route<Place>[] = [
  mount(okmsV1.deactivate, async ({ params }, { store }) => {
    await ifThere(store.setState(params.path, 'current', 'deactivated'))
    return done()
  }),
  mount(okmsV1.deactivateVersions, ({ params, body }, { store }) =>
    setState(store, params.path, body.versions, 'deactivated'),
  ),
  mount(okmsV1.activateVersions, ({ params, body }, { store }) =>
    setState(store, params.path, body.versions, 'active'),
  ),
  mount(okmsV1.destroyVersions, ({ params, body }, { store }) =>
    setState(store, params.path, body.versions, 'deleted'),
  ),
]

const configRoutes: readonly Route<Place>[] = [
  mount(okmsV1.readConfig, async (_call, { store }) =>
    ok(okmsV1ConfigWire(await store.readConfig())),
  ),
  mount(okmsV1.writeConfig, async ({ body }, { store }) => {
    const change = okmsSettingsOf(body)
    if (change !== undefined) await store.writeConfig(change)
    return done()
  }),
]

function metadataRoutes(okmsId: string, cursors: Cursors): readonly Route<Place>[] {
  return [
    mount(okmsV1.listRoot, (call, place) => list(call, place, '', cursors)),
    mount(okmsV1.list, (call, place) => list(call, place, call.params.path, cursors)),
    mount(okmsV1.readMetadata, async ({ params }, { store }) => {
      const metadata = await store.readMetadata(params.path)
      return ok(okmsV1MetadataWire(metadata, localUrn(okmsId, params.path)))
    }),
    mount(okmsV1.writeMetadata, ({ params, body, unknownFields }, { store }) =>
      writeSettings(store, params.path, { mode: 'upsert' }, okmsSettingsOf(body), unknownFields),
    ),
    mount(okmsV1.patchMetadata, ({ params, body, unknownFields }, { store }) =>
      writeSettings(
        store,
        params.path,
        { mode: 'update' },
        okmsSettingsPatchOf(body),
        unknownFields,
      ),
    ),
    mount(okmsV1.remove, async ({ params }, { store }) => {
      await ifThere(store.remove(params.path))
      return done()
    }),
    mount(okmsV1.mountOf, async ({ params, caller, arrival }, place) => {
      const answer = mountOfPath([place.mount], caller, params.path)
      if (answer.isWhole) return answer
      const parts = { mountType: 'system' }
      return ok(vaultEnvelope(arrival.requestId, answer.data, parts), { isWhole: true })
    }),
  ]
}

/** A deactivated or deleted version: an error that carries metadata. Source: okms-api 3.1. */
function gone(requestId: string, state: VersionState, data?: unknown): Answer {
  const { status, body } = okmsError('no_version', [`the version is ${state}`], requestId, data)
  return { status, data: body, isWhole: true }
}

async function write(
  store: SecretStore,
  path: SecretPath,
  request: WriteRequest,
  unknownFields: readonly string[],
): Promise<Answer> {
  const { metadata, version } = await okmsWrite(store, path, request)
  if (version === undefined) throw new Error('a write of data made no version')
  return ok(okmsV1VersionWire(version, metadata), { warnings: unknownFieldsWarning(unknownFields) })
}

async function patch(
  store: SecretStore,
  path: SecretPath,
  request: WriteRequest,
  { unknownFields, arrival }: Pick<Circumstances, 'unknownFields' | 'arrival'>,
): Promise<Answer> {
  const written = await ifThere(write(store, path, request, unknownFields))
  if (written !== undefined) return written
  const metadata = await store.readMetadata(path)
  const current = currentVersionOf(metadata)
  if (current === undefined) throw new CoffretError('not_found', 'the secret has no version')
  const state = current.destroyed ? 'deleted' : 'deactivated'
  return gone(arrival.requestId, state, okmsV1VersionWire(current, metadata))
}

async function setState(
  store: SecretStore,
  path: SecretPath,
  versions: readonly number[],
  state: VersionState,
): Promise<Answer> {
  if (versions.length === 0) {
    throw new CoffretError('invalid', 'versions is empty', { field: 'versions' })
  }
  await ifThere(store.setState(path, versionNumbers(versions), state))
  return done()
}

async function writeSettings(
  store: SecretStore,
  path: SecretPath,
  request: Pick<WriteRequest, 'mode'>,
  settings: SettingsChange | undefined,
  unknownFields: readonly string[],
): Promise<Answer> {
  const unknown = unknownFieldsWarning(unknownFields)
  if (settings !== undefined) await okmsWrite(store, path, { ...request, settings })
  const refused = settings === undefined ? [] : settingsWarnings(settings, await store.readConfig())
  const warnings = [...refused, ...unknown]
  // The one answer of this API that has no wrapper.
  return warnings.length === 0 ? done() : ok({ warnings }, { isWhole: true })
}

/** Without a paging header the whole folder, since Vault clients cannot page. Source: okms-api L14, L43. */
async function list(
  call: Circumstances & {
    readonly headers: {
      readonly 'x-pagination-size'?: number | undefined
      readonly 'x-pagination-cursor'?: string | undefined
    }
  },
  place: Place,
  folder: string,
  cursors: Cursors,
): Promise<Answer> {
  const { 'x-pagination-size': size, 'x-pagination-cursor': cursor } = call.headers
  const listing = `v1:${folder}`
  const isPaged = size !== undefined || cursor !== undefined
  const { items, next } = await listKeys(place, call.caller, {
    folder,
    ...(cursor === undefined ? {} : { after: cursors.read(listing, cursor) }),
    ...(isPaged ? { limit: size ?? defaultPageSize } : {}),
  })
  if (items.length === 0 && folder !== '' && cursor === undefined) {
    throw new CoffretError('not_found', 'nothing is listed here')
  }
  const headers = next === undefined ? {} : { [cursorHeader]: cursors.make(listing, next) }
  return ok({ keys: items }, { headers })
}
