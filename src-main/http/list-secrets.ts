import type { SecretMetadata, SecretPath } from '../contract/model'
import type { Page } from '../kv/secret-store'
import type { Caller } from './access'
import type { Place } from './route'
import { ifThere } from './secret-reading'

/** A row of the flat listing. */
export interface ListedSecret {
  readonly path: SecretPath
  readonly metadata: SecretMetadata
}

/** Where a page begins, and how long it is. */
export interface SecretRequest {
  /** Start behind this path; it need not exist any more. */
  readonly after?: string
  readonly limit: number
}

/**
 * The secrets that the caller may list and read the metadata of, by bytes of their paths. `next` is
 * absent when nothing visible follows, so that no page is empty but the only one.
 */
export async function listSecrets(
  { mount, store }: Place,
  caller: Caller,
  { after, limit }: SecretRequest,
): Promise<Page<ListedSecret>> {
  const items: ListedSecret[] = []
  let from = after
  do {
    // One more than a page holds tells whether something follows.
    const page = await store.listAll({
      limit: limit + 1,
      ...(from === undefined ? {} : { after: from }),
    })
    for (const { path } of page.items) {
      const place = { mount: mount.name, path }
      const isVisible =
        caller.mayDo({ ...place, right: 'list' }) &&
        caller.mayDo({ ...place, right: 'readMetadata' })
      if (!isVisible) continue
      if (items.length === limit) return { items, next: items.at(-1)?.path ?? '' }
      // Removed since the list was read: then it is not listed.
      const metadata = await ifThere(store.readMetadata(path))
      if (metadata !== undefined) items.push({ path, metadata })
    }
    from = page.next
  } while (from !== undefined)
  return { items }
}
