import type { WorkId } from '../contract/compare-calls'
import type { SnapshotSummary } from '../contract/snapshot-calls'
import { CoffretError } from '../contract/errors'
import { FolderPath, type StoreId } from '../contract/model'
import type { CopyOrder, CopyReport } from '../contract/copy-calls'
import { compareSecrets, compareTrees } from '../stores/copy/compare'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'

/** Copying and comparing between any two stores. */
export function copyHandlers({ stores, emit }: HandlerPorts) {
  const following = (work: WorkId) => ({
    onProgress: stores.pacedProgress((progress) =>
      emit({ name: 'copy.progress', work, ...progress }),
    ),
  })
  const { copies } = stores
  /** The lists of both stores may be others now, however it ended. */
  const changing = async ({ from, to }: CopyOrder, work: () => Promise<CopyReport>) => {
    try {
      return await work()
    } finally {
      emit({ name: 'secrets.changed', store: to.store })
      if (from.store !== to.store) emit({ name: 'secrets.changed', store: from.store })
    }
  }
  return {
    'copy.plan': ({ work, ...request }) => copies.plan(work, request, following(work)),
    'copy.run': ({ work, order }) => {
      // The line in the audit log names what the window says: it must be what is done.
      if (JSON.stringify(order) !== JSON.stringify(copies.planned(work))) {
        throw new CoffretError('invalid', 'the plan is of another order', { field: 'order' })
      }
      return changing(order, () => copies.run(work, following(work)))
    },
    'copy.cancel': ({ work }) => copies.cancel(work),
    'copy.pending': () => copies.pending(),
    'copy.resume': async ({ vault, work }) => {
      const { order } = await stores
        .vault(vault)
        .copies.read(work)
        .then(({ job }) => job)
      return changing(order, () => copies.resume(vault, work, following(work)))
    },
    'copy.discard': ({ vault, work }) => copies.discard(vault, work),
    'compare.trees': ({ work, first, second }) =>
      copies.work(work, following(work), (options) =>
        compareTrees(
          { store: stores.get(first.store), path: first.path },
          { store: stores.get(second.store), path: second.path },
          options,
        ),
      ),
    'compare.secrets': ({ first, second }) =>
      compareSecrets(
        { ...first, store: stores.get(first.store) },
        { ...second, store: stores.get(second.store) },
      ),
  } satisfies HandlersOf<'copy' | 'compare'>
}

/** Offline copies of stores, each in a vault. */
export function snapshotHandlers({ stores, emit }: HandlerPorts) {
  const find = (id: StoreId): SnapshotSummary => {
    const found = stores
      .vaultOf(id)
      .storeSnapshots.list()
      .find((one) => one.id === id)
    if (found === undefined) throw new CoffretError('not_found', 'no such snapshot')
    return found
  }
  const fill = async (work: WorkId, id: StoreId) => {
    const { of } = find(id)
    const onProgress = stores.pacedProgress((progress) =>
      emit({ name: 'copy.progress', work, ...progress }),
    )
    try {
      const report = await stores.copies.mirror(work, orderOf(of, id), { onProgress })
      return { snapshot: find(id), report }
    } finally {
      emit({ name: 'stores.changed' })
      emit({ name: 'secrets.changed', store: id })
    }
  }
  return {
    'snapshot.list': ({ vault }) => stores.vault(vault).storeSnapshots.list(),
    'snapshot.take': ({ work, vault, store, label }) => {
      // Before anything is made, the store must be there.
      stores.get(store)
      return fill(work, stores.vault(vault).storeSnapshots.create(store, label))
    },
    'snapshot.refresh': ({ work, snapshot }) => fill(work, snapshot),
    'snapshot.remove': ({ snapshot }) => {
      stores.vaultOf(snapshot).storeSnapshots.remove(snapshot)
      emit({ name: 'stores.changed' })
    },
  } satisfies HandlersOf<'snapshot'>
}

/** All that a store holds now, into its snapshot. */
function orderOf(of: StoreId, snapshot: StoreId): CopyOrder {
  const whole = FolderPath.parse('')
  return {
    kind: 'folder',
    from: { store: of, path: whole },
    to: { store: snapshot, path: whole },
    policy: {
      ...{ versions: 'latest', conflicts: 'newVersion' },
      ...{ settings: true, move: false, acceptLoss: false },
    },
  }
}
