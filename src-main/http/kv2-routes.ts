import { CoffretError } from '../contract/errors'
import type { SecretPath, VersionState } from '../contract/model'
import type { SettingsChange, SecretStore, WriteRequest } from '../kv/secret-store'
import { currentVersionOf } from '../kv/version-state'
import {
  casWarning,
  configWire,
  invalidPathWarning,
  metadataWire,
  patchRequestOf,
  settingsOf,
  settingsPatchOf,
  versionNumbers,
  versionWire,
  wantedVersion,
  writeRequestOf,
} from '../wire/kv2'
import { kv2 } from '../wire/kv2-operations'
import { float64Data, objectOfData, subkeysOf } from '../wire/secret-data'
import { done, emptyNotFound, ok, type Answer } from './answer'
import { listKeys, type KeyRequest } from './list-keys'
import { mount, type Circumstances, type Place, type Route } from './route'
import { ifThere, readSecret } from './secret-reading'

/** Version 2 mounts under `/v1`. Source: kv-semantics 2. */
export const kv2Routes: readonly Route<Place>[] = [
  mount(kv2.readConfig, async (_call, { store }) => ok(configWire(await store.readConfig()))),
  mount(kv2.writeConfig, async ({ body }, { store }) => {
    const change = settingsOf(body)
    if (change !== undefined) await store.writeConfig(change)
    return done()
  }),
  mount(kv2.read, async ({ params, query }, { store }) => {
    const reading = await readSecret(store, params.path, wantedVersion(query.version))
    const metadata = versionWire(reading.version, reading.secret.customMetadata)
    return reading.data === undefined
      ? gone({ data: null, metadata })
      : ok({ data: float64Data(reading.data), metadata })
  }),
  mount(kv2.write, ({ params, body }, { store }) =>
    write(store, params.path, writeRequestOf(body)),
  ),
  mount(kv2.patch, ({ params, body }, { store }) =>
    patch(store, params.path, patchRequestOf(body)),
  ),
  mount(kv2.deactivate, async ({ params }, { store }) => {
    await ifThere(store.setState(params.path, 'current', 'deactivated'))
    return done()
  }),
  mount(kv2.deactivateVersions, ({ params, body }, { store }) =>
    setState(store, params.path, body.versions, 'deactivated'),
  ),
  mount(kv2.activateVersions, ({ params, body }, { store }) =>
    setState(store, params.path, body.versions, 'active'),
  ),
  mount(kv2.destroyVersions, ({ params, body }, { store }) =>
    setState(store, params.path, body.versions, 'deleted'),
  ),
  mount(kv2.list, (call, place) =>
    list(call, place, { folder: call.params.path, ...paging(call.query) }),
  ),
  mount(kv2.listRoot, (call, place) => list(call, place, { folder: '', ...paging(call.query) })),
  mount(kv2.readMetadata, async ({ params }, { store }) =>
    ok(metadataWire(await store.readMetadata(params.path))),
  ),
  mount(kv2.writeMetadata, async ({ params, body }, { store }) =>
    writeSettings(store, params.path, 'upsert', settingsOf(body)),
  ),
  mount(kv2.patchMetadata, async ({ params, body }, { store }) =>
    writeSettings(store, params.path, 'update', settingsPatchOf(body)),
  ),
  mount(kv2.remove, async ({ params }, { store }) => {
    await ifThere(store.remove(params.path))
    return done()
  }),
  mount(kv2.readSubkeys, async ({ params, query }, { store }) => {
    const reading = await readSecret(store, params.path, wantedVersion(query.version))
    const metadata = versionWire(reading.version, reading.secret.customMetadata)
    if (reading.data === undefined) return gone({ subkeys: null, metadata })
    return ok({ subkeys: subkeysOf(objectOfData(reading.data), query.depth ?? 0), metadata })
  }),
]

/** The answer to a path that is none of a version 2 mount. */
export function invalidPath(verb: string, segments: readonly string[]): Answer {
  return { status: 404, data: null, warnings: [invalidPathWarning(verb, segments)] }
}

/** A deleted or destroyed version: a 404 that carries what a success does. */
function gone(data: unknown): Answer {
  return { status: 404, data }
}

async function write(store: SecretStore, path: SecretPath, request: WriteRequest): Promise<Answer> {
  const { metadata, version } = await store.write(path, request)
  if (version === undefined) throw new Error('a write of data made no version')
  return ok(versionWire(version, metadata.customMetadata))
}

/** Source: kv-semantics 2.5. Without anything to merge into, the answer says what there is. */
async function patch(store: SecretStore, path: SecretPath, request: WriteRequest): Promise<Answer> {
  const written = await ifThere(write(store, path, request))
  if (written !== undefined) return written
  const metadata = await ifThere(store.readMetadata(path))
  const current = metadata && currentVersionOf(metadata)
  if (metadata === undefined || current === undefined) return emptyNotFound
  return gone(versionWire(current, metadata.customMetadata))
}

async function setState(
  store: SecretStore,
  path: SecretPath,
  versions: readonly number[] | undefined,
  state: VersionState,
): Promise<Answer> {
  if (versions === undefined || versions.length === 0) {
    // Clients compare the text; the servers write it so.
    const problem = `${state === 'deleted' ? 'no' : 'No'} version number provided`
    throw new CoffretError('invalid', problem, { field: 'versions' })
  }
  await ifThere(store.setState(path, versionNumbers(versions), state))
  return done()
}

function paging({ after, limit }: { after?: string | undefined; limit?: number | undefined }) {
  return {
    ...(after === undefined || after === '' ? {} : { after }),
    ...(limit === undefined || limit <= 0 ? {} : { limit }),
  }
}

async function list({ caller }: Circumstances, place: Place, request: KeyRequest): Promise<Answer> {
  const { items } = await listKeys(place, caller, request)
  if (items.length === 0) throw new CoffretError('not_found', 'nothing is listed here')
  return ok({ keys: items })
}

/** Settings of a secret. Without a known field nothing happens, not even creation. */
async function writeSettings(
  store: SecretStore,
  path: SecretPath,
  mode: 'upsert' | 'update',
  settings: SettingsChange | undefined,
): Promise<Answer> {
  if (settings === undefined) return done()
  const written = await ifThere(store.write(path, { mode, settings }))
  if (written === undefined) return emptyNotFound
  const isMandated = settings.casRequired === false && (await store.readConfig()).casRequired
  return done(isMandated ? [casWarning] : [])
}
