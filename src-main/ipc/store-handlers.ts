import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'
import { settingsChange } from './settings-change'

/** Stores and their own settings. */
export function storeHandlers({ stores }: HandlerPorts) {
  return {
    'store.list': () => stores.list(),
    'store.config': ({ store }) => stores.get(store).readConfig(),
    'store.configure': ({ store, change }, ticket) =>
      stores.get(store, ticket).writeConfig(settingsChange(change)),
  } satisfies HandlersOf<'store'>
}
