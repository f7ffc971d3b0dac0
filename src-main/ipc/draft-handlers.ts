import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'

/** Unsaved edits, sealed in the vault they belong to. */
export function draftHandlers({ stores, app }: HandlerPorts) {
  return {
    'draft.keep': (draft) => {
      stores.vaultOf(draft.store).drafts.keep(draft)
      app.draftKept()
    },
    'draft.list': () => stores.unlocked().flatMap((vault) => [...vault.drafts.list()]),
    'draft.open': ({ store, path }) => stores.vaultOf(store).drafts.open(store, path),
    'draft.discard': ({ store, path }) => stores.vaultOf(store).drafts.discard(store, path),
  } satisfies HandlersOf<'draft'>
}
