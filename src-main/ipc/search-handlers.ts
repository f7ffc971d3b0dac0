import type { CallArguments } from '../contract/calls'
import { MountName, type StoreId } from '../contract/model'
import type { SearchAnswer } from '../contract/search'
import type { SearchRequest } from '../kv/search-request'
import type { StoreRegistry } from '../stores/store-registry'
import type { HandlersOf } from './handlers-of'
import type { HandlerPorts } from './ports'

/** The search over unlocked vaults and their domains. Values are searched for one search at a time. */
export function searchHandlers({ stores, emit }: HandlerPorts) {
  let running = new AbortController()
  const beginValues = () => {
    running.abort()
    running = new AbortController()
    return running.signal
  }

  return {
    'search.query': async (input) => {
      const signal = input.values === true ? beginValues() : undefined
      const answers: SearchAnswer[] = []
      for (const { vault, request } of searchesOf(stores, input)) {
        const onProgress = ({ done, total }: { done: number; total: number }) =>
          emit({ name: 'search.progress', vault: vault.id, of: 'values', done, total })
        const options = signal === undefined ? {} : { signal, onProgress }
        answers.push(await vault.search.query(request, options))
      }
      return united(answers, input.limit)
    },
    'search.cancel': () => running.abort(),
    'search.folders': ({ store }) => stores.searchOf(store).search.folders(mountOf(store)),
    'search.countBelow': ({ store, folder }) =>
      stores.searchOf(store).search.countBelow(mountOf(store), folder),
  } satisfies HandlersOf<'search'>
}

/** One search for each vault or domain. */
function searchesOf(
  stores: StoreRegistry,
  { stores: ids, ...request }: CallArguments<'search.query'>,
) {
  if (ids === undefined) return stores.searchable().map((vault) => ({ vault, request }))
  const mounts = new Map<ReturnType<StoreRegistry['searchOf']>, MountName[]>()
  for (const id of ids) {
    const vault = stores.searchOf(id)
    mounts.set(vault, [...(mounts.get(vault) ?? []), mountOf(id)])
  }
  return Array.from(mounts, ([vault, names]) => {
    const inMounts: SearchRequest = { ...request, mounts: names }
    return { vault, request: inMounts }
  })
}

/** Vault after vault; each is in its own order. */
function united(answers: readonly SearchAnswer[], limit: number): SearchAnswer {
  const sum = (of: (answer: SearchAnswer) => number) =>
    answers.reduce((all, answer) => all + of(answer), 0)
  const answer = {
    hits: answers.flatMap(({ hits }) => hits).slice(0, limit),
    total: sum(({ total }) => total),
    searched: sum(({ searched }) => searched),
    unreadable: sum(({ unreadable }) => unreadable),
  }
  if (answers.every(({ building }) => building === undefined)) return answer
  const building = {
    done: sum(({ building: one }) => one?.done ?? 0),
    total: sum(({ building: one }) => one?.total ?? 0),
  }
  return { ...answer, building }
}

function mountOf(store: StoreId): MountName {
  return MountName.parse(store.slice(store.indexOf('/') + 1))
}
