import { FolderPath, type ListEntry } from '../contract/model'
import type { Page } from '../kv/secret-store'
import type { Caller } from './access'
import type { Place } from './route'

/** How many entries are read from the store at once. */
const batch = 500

/** What is listed, and how much of it. */
export interface KeyRequest {
  /** Empty for the root. */
  readonly folder: string
  /** Start behind this name; a folder is written `name/`. */
  readonly after?: string
  /** All when absent. */
  readonly limit?: number
}

/**
 * The names below a folder that the caller may see, folders with `/`. `next` is absent when nothing
 * visible follows, so that no page is empty but the only one.
 */
export async function listKeys(
  { mount, store }: Place,
  caller: Caller,
  { folder, after, limit = Infinity }: KeyRequest,
): Promise<Page<string>> {
  const items: string[] = []
  const above = folder === '' ? '' : `${folder}/`
  let from = after
  do {
    const page = await store.list(FolderPath.parse(folder), {
      limit: batch,
      ...(from === undefined ? {} : { after: from }),
    })
    for (const key of page.items.map(keyOf)) {
      if (!caller.mayDo({ right: 'list', mount: mount.name, path: above + key })) continue
      if (items.length === limit) return { items, next: items.at(-1) ?? '' }
      items.push(key)
    }
    from = page.next
  } while (from !== undefined)
  return { items }
}

function keyOf(entry: ListEntry): string {
  return entry.kind === 'folder' ? `${entry.name}/` : entry.name
}
