import type { BinId } from '../contract/bin-calls'
import { CoffretError } from '../contract/errors'
import type { Capability, StoreId } from '../contract/model'
import type { AuditTicket } from '../kv/audit-log'
import type { SecretStore } from '../kv/secret-store'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'

/** The bins of the stores that have one. */
export function binHandlers({ stores, emit }: HandlerPorts) {
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
    'bin.list': async ({ store }) => [...(await stores.get(store).bin().list())],
    'bin.discard': ({ store, ...request }, ticket) =>
      changing(store, ticket, async (from) => [...(await from.bin().discard(request))]),
    'bin.restore': ({ store, items }, ticket) =>
      changing(store, ticket, async (to) => [...(await to.bin().restore(items))]),
    'bin.purge': ({ store, items, fromBackups = false }, ticket) =>
      changing(store, ticket, async (from) => {
        if (fromBackups) await purgeBackups(stores, from, items)
        await from.bin().purge(items)
      }),
  } satisfies HandlersOf<'bin'>
}

/**
 * Erases secrets of a bin from the backups. It comes before they are erased from the bin: what fails here
 * can be tried again.
 * @throws CoffretError `unsupported` where there are none, or one of them does not open
 */
export async function purgeBackups(
  stores: HandlerPorts['stores'],
  store: SecretStore,
  items: readonly BinId[] | 'all',
): Promise<void> {
  demand(store, 'purgeBackups')
  const binned = await store.bin().list()
  const chosen = binned.filter(({ id }) => items === 'all' || items.includes(id))
  const { backups } = stores.vaultOf(store.id)
  await backups.purge(
    chosen.map(({ id }) => id),
    chosen.map(({ path }) => path),
  )
}

/** @throws CoffretError `unsupported` */
export function demand(store: SecretStore, capability: Capability): void {
  if (store.capabilities().includes(capability)) return
  throw new CoffretError('unsupported', `the store has no ${capability}`)
}
