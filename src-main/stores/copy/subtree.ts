import type { FolderPath, SecretPath, SecretSummary } from '../../contract/model'
import type { SecretStore } from '../../kv/secret-store'

/** Pages begin small, so that little is listed that lies behind a small folder, and grow. */
const firstPage = 100
const pageGrowth = 4
const largestPage = 6400

/**
 * Every secret below a folder, in byte order of their paths.
 * @throws CoffretError as `SecretStore.listAll`
 */
export async function* subtree(
  store: SecretStore,
  folder: FolderPath,
): AsyncGenerator<SecretSummary> {
  const above = folder === '' ? '' : `${folder}/`
  let [after, limit] = [above, firstPage]
  for (;;) {
    const { items, next } = await store.listAll({ after, limit })
    for (const item of items) {
      if (!item.path.startsWith(above)) return
      yield item
    }
    if (next === undefined || !next.startsWith(above)) return
    after = next
    limit = Math.min(limit * pageGrowth, largestPage)
  }
}

/** The paths below a folder. @throws CoffretError as `SecretStore.listAll` */
export async function pathsBelow(store: SecretStore, folder: FolderPath): Promise<Set<SecretPath>> {
  const paths = new Set<SecretPath>()
  for await (const { path } of subtree(store, folder)) paths.add(path)
  return paths
}
