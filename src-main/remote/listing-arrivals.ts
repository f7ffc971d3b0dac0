import { CoffretError } from '../contract/errors'
import type { SecretSummary } from '../contract/model'
import { mapBounded } from './listing'
import type { RemoteDialect } from './remote-dialect'

/** What arrives of a list. */
export type Arrival =
  /** Secrets that are there. */
  | { readonly kind: 'secrets'; readonly rows: readonly SecretSummary[] }
  /** The same again with more to say of them. */
  | {
      readonly kind: 'facts'
      readonly rows: readonly SecretSummary[]
      /** Paths that are gone meanwhile. */
      readonly gone: readonly SecretSummary['path'][]
      readonly done: number
      readonly total: number
    }

/** How many secrets are asked about before it is told. */
const factsAtOnce = 50

/**
 * A whole list as it arrives: first all names, then, five requests at a time, what the server did not
 * tell along with them. Who leaves the loop, or aborts, ends it. Order is that of the server.
 * @param signal ends it also between two requests; those under way end with the `Fetch` of the dialect
 * @throws CoffretError `cancelled`, and as `SecretStore.listAll`
 */
export async function* arrivals(
  dialect: Pick<RemoteDialect, 'arriving' | 'facts' | 'versioned'>,
  signal?: AbortSignal,
): AsyncGenerator<Arrival> {
  const paths = new Set<SecretSummary['path']>()
  for await (const rows of dialect.arriving()) {
    checkWanted(signal)
    const news = rows.filter(({ path }) => !paths.has(path))
    for (const { path } of news) paths.add(path)
    if (news.length > 0) yield { kind: 'secrets', rows: news }
  }
  // Without versions there is nothing more to be known of a secret.
  if (dialect.facts === undefined || dialect.versioned === undefined) return
  const all = [...paths]
  for (let at = 0; at < all.length; at += factsAtOnce) {
    checkWanted(signal)
    yield await factsOfSome(dialect, all, at)
  }
}

async function factsOfSome(
  dialect: Pick<RemoteDialect, 'facts'>,
  all: readonly SecretSummary['path'][],
  at: number,
): Promise<Arrival> {
  const some = all.slice(at, at + factsAtOnce)
  const found = await mapBounded(some, async (path) => {
    const facts = await dialect.facts?.(path)
    return { path, facts }
  })
  return {
    kind: 'facts',
    rows: found.flatMap(({ path, facts }) => (facts === undefined ? [] : [{ path, ...facts }])),
    gone: found.flatMap(({ path, facts }) => (facts === undefined ? [path] : [])),
    ...{ done: at + some.length, total: all.length },
  }
}

function checkWanted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new CoffretError('cancelled', 'the list was given up')
}
