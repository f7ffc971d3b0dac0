import type { CallArguments } from '../contract/calls'
import { CoffretError } from '../contract/errors'
import {
  dataBytes,
  maxWindowDataBytes,
  type SecretData,
  type StoreId,
  type VersionMetadata,
} from '../contract/model'
import type { AuditTicket } from '../kv/audit-log'
import type { SecretStore, WriteOutcome } from '../kv/secret-store'
import { demand, purgeBackups } from './bin-handlers'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'
import { outlineOf } from './outline-of'
import { settingsChange } from './settings-change'
import { valueAt } from './value-at'

/** Secrets: read, written, copied. A value leaves for the window in `secret.reveal` alone. */
export function secretHandlers({ stores, clipboard, emit }: HandlerPorts) {
  /** Runs a change and tells the window of it, once it has happened. */
  const changing = async <T>(
    id: StoreId,
    ticket: AuditTicket,
    work: (store: SecretStore) => Promise<T>,
  ): Promise<T> => {
    const result = await work(stores.get(id, ticket))
    emit({ name: 'secrets.changed', store: id })
    return result
  }

  return {
    'secret.list': async ({ store, folder }) => [
      ...(await stores.browse(store).list(folder)).items,
    ],
    'secret.paths': ({ store, after, limit }) =>
      stores.browse(store).listAll(after === undefined ? { limit } : { after, limit }),
    'secret.metadata': ({ store, path }) => stores.get(store).readMetadata(path),
    'secret.outline': async ({ store, path, version }) =>
      outlineOf(await stores.get(store).readVersion(path, version)),
    'secret.reveal': ({ store, path, version }) => stores.get(store).readVersion(path, version),
    'secret.copy': async ({ pointer, ...at }) => {
      const data = await activeData(stores.get(at.store), at)
      const clearsAt = await clipboard.copySecret(valueAt(data, pointer ?? []))
      return { clearsAt }
    },

    'secret.create': async ({ store, path, data, settings }, ticket) =>
      changing(store, ticket, async (to) => {
        const request = { mode: 'create', data: windowSized(data) } as const
        const change = settings === undefined ? {} : { settings: settingsChange(settings) }
        return (await to.write(path, { ...request, ...change })).metadata
      }),
    'secret.write': async ({ store, path, data, cas }, ticket) =>
      changing(store, ticket, async (to) => {
        const request = { mode: 'update', data: windowSized(data) } as const
        return addedVersion(await to.write(path, cas === undefined ? request : { ...request, cas }))
      }),
    'secret.configure': async ({ store, path, settings }, ticket) =>
      changing(store, ticket, async (to) => {
        const outcome = await to.write(path, { mode: 'update', settings: settingsChange(settings) })
        return outcome.metadata
      }),
    'secret.restore': async ({ cas, ...at }, ticket) =>
      changing(at.store, ticket, async (to) => {
        const data = await activeData(to, at)
        return addedVersion(await to.write(at.path, { mode: 'update', data, cas }))
      }),

    'secret.setState': ({ store, path, versions, state }, ticket) =>
      changing(store, ticket, async (to) => [...(await to.setState(path, versions, state))]),
    'secret.remove': ({ store, path, fromBackups = false }, ticket) =>
      changing(store, ticket, async (from) => {
        if (!fromBackups) return from.remove(path)
        demand(from, 'purgeBackups')
        // The bin names what the backups know it by. What fails then leaves it there.
        const ids = await from.bin().discard({ path, kind: 'secret' })
        await purgeBackups(stores, from, ids)
        return from.bin().purge(ids)
      }),
    'secret.transfer': ({ store, ...request }, ticket) =>
      changing(store, ticket, (to) => to.transfer(request)),
  } satisfies HandlersOf<'secret'>
}

/** The data of a version that must be readable, since something is to be done with it. */
async function activeData(
  store: SecretStore,
  { path, version }: Omit<CallArguments<'secret.copy'>, 'pointer'>,
): Promise<SecretData> {
  const { state, data } = await store.readVersion(path, version)
  if (data === undefined)
    throw new CoffretError('not_found', `the version is ${state}, without data`)
  return data
}

/** The window accepts what every kind of store can keep, which is less than a local vault can. */
function windowSized(data: SecretData): SecretData {
  const size = dataBytes(data)
  if (size <= maxWindowDataBytes) return data
  const problem = `data is ${size} bytes, at most ${maxWindowDataBytes}`
  throw new CoffretError('too_large', problem, { field: 'data' })
}

function addedVersion({ version }: WriteOutcome): VersionMetadata {
  if (version === undefined) throw new Error('a write of data added no version')
  return version
}
