import { CoffretError } from '../contract/errors'
import type { SecretData, SecretPath } from '../contract/model'
import type { MountVersion } from '../kv/mount-table'
import type { SecretStore } from '../kv/secret-store'
import type { SnapshotShelf } from '../kv/snapshot-shelf'
import { versionWire } from '../wire/kv2'
import { objectOfData } from '../wire/secret-data'
import { recovery } from '../wire/snapshot-operations'
import { done, ok } from './answer'
import type { Arrival } from './arrival'
import { matchPath } from './match'
import { Refusal } from './refusal'
import { mount, type Call, type Place, type Route } from './route'
import { vaultAddress } from './secret-address'
import { ifThere } from './secret-reading'
import { orUnknown } from './snapshot-routes'

const idHeader = 'x-vault-recover-snapshot-id'
const sourceHeader = 'x-vault-recover-source-path'
const idParameter = 'recover_snapshot_id'

/** Whether a write means "take it from the snapshot" in any of the ways to say so, be it incompletely. */
export function asksForRecovery({ request, target }: Arrival): boolean {
  const { headers } = request
  return headers.has(idHeader) || headers.has(sourceHeader) || target.query.has(idParameter)
}

/**
 * Bringing one secret back from a snapshot, for each KV version. The data is read first, so that nothing
 * is touched when it cannot be had. Source: kv-semantics 4.
 */
export function recoveryRoutes(
  snapshots: SnapshotShelf,
): Readonly<Record<MountVersion, Route<Place>>> {
  const read = async (call: RecoverCall, place: Place): Promise<SecretData> => {
    const snapshot = await orUnknown(snapshots.store(snapshotIdOf(call), place.mount))
    return dataOf(snapshot, sourceOf(call, place))
  }
  return {
    1: mount(recovery.version1, async (call, place) => {
      const data = await read(call, place)
      if (objectOfData(data).size === 0) throw new CoffretError('invalid', 'missing data fields')
      await place.store.write(call.params.path, { mode: 'upsert', data })
      return done()
    }),
    2: mount(recovery.version2, async (call, place) => {
      const data = await read(call, place)
      const { metadata, version } = await place.store.write(call.params.path, {
        mode: 'upsert',
        data,
      })
      if (version === undefined) throw new Error('a write of data made no version')
      return ok(versionWire(version, metadata.customMetadata))
    }),
  }
}

type RecoverCall = Pick<
  Call<
    { path: SecretPath },
    { recover_snapshot_id?: string | undefined },
    { [idHeader]?: string | undefined; [sourceHeader]?: string | undefined },
    unknown
  >,
  'params' | 'query' | 'headers' | 'demand' | 'arrival'
>

/** The command line sends the id twice; of two that differ, neither is the one that was meant. */
function snapshotIdOf({ query, headers }: RecoverCall): string {
  const [id, ...others] = new Set([headers[idHeader], query[idParameter]].filter(Boolean))
  if (id === undefined) throw new CoffretError('invalid', 'no snapshot in request')
  if (others.length > 0) throw new CoffretError('invalid', 'two snapshots in request')
  return id
}

/**
 * The secret to take, another one only for whoever may read that one.
 * @throws CoffretError `invalid`, `forbidden`; Refusal `bad_request`
 */
function sourceOf(
  { params, headers, demand, arrival }: RecoverCall,
  { mount: { name, version } }: Place,
) {
  const text = headers[sourceHeader]
  if (text === undefined) return params.path
  const operation = version === 2 ? recovery.version2 : recovery.version1
  // A header is not percent-encoded; what is left are the bytes of the path, as in a request target.
  const { segments, hasTrailingSlash } = vaultAddress(text.replaceAll('%', '%25').split('/'))
  const [match] = matchPath([{ operation }], ['v1', ...segments], 'many')
  const found = operation.params.safeParse(match?.params)
  if (!found.success || found.data.mount !== name || hasTrailingSlash) {
    const shape = operation.path.slice('/v1/'.length).replace('{mount}', name)
    throw new CoffretError('invalid', `the recover source path is expected as ${shape}`)
  }
  if (found.data.path !== params.path) {
    arrival.ticket.describe({ source: found.data.path })
    demand('readData', found.data.path)
  }
  return found.data.path
}

/** The current version, if it is readable. */
async function dataOf(snapshot: SecretStore, path: SecretPath): Promise<SecretData> {
  const found = await ifThere(snapshot.readVersion(path))
  if (found?.data === undefined) throw new CoffretError('invalid', 'no data provided')
  return found.data
}

/** The snapshot that a read asks for; undefined for the vault as it is. @throws CoffretError `invalid` */
export function readSnapshotId({ target }: Arrival): string | undefined {
  const ids = target.query.get('read_snapshot_id')
  if (ids === undefined) return undefined
  const [id, ...others] = ids
  if (id && others.length === 0) return id
  throw new Refusal('bad_request', ['no snapshot in request'])
}
