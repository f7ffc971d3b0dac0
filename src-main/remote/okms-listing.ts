import type { z } from 'zod'
import type { FolderPath, ListEntry, SecretSummary } from '../contract/model'
import { RemoteFailure } from '../contract/remote-failure'
import type { Operation } from '../wire/operation'
import { cursorHeader } from '../wire/okms-paging'
import type { Fetch } from './fetch'
import { ListingBudget } from './listing-limits'
import { ask } from './send'

/** A listing of a domain. */
interface Listing<T> {
  readonly operation: Operation
  readonly params: Readonly<Record<string, string>>
  readonly schema: z.ZodType<readonly T[]>
}

/**
 * The pages of a listing, in the order of the server. Its cursors say nothing of names, so that none can
 * begin in the middle.
 * @throws CoffretError `invalid` when the server leads us in circles, `too_large` when it never ends
 */
export async function* eachPage<T>(
  fetch: Fetch,
  { operation, params, schema }: Listing<T>,
): AsyncGenerator<readonly T[]> {
  const budget = new ListingBudget()
  const seen = new Set<string>()
  let cursor: string | undefined
  for (;;) {
    budget.request()
    const headers = { 'x-pagination-size': '100', 'x-pagination-cursor': cursor }
    const reply = await ask(fetch, operation, { params, headers }, schema)
    budget.entries(reply.body.length)
    yield reply.body
    cursor = reply.headers[cursorHeader.toLowerCase()]
    // Some servers say with an empty cursor that nothing follows.
    if (cursor === undefined || cursor === '') return
    if (seen.has(cursor)) {
      throw new RemoteFailure('invalid', 'wrong_form', `${operation.id} repeats a page`)
    }
    seen.add(cursor)
  }
}

/** All pages in one. @throws CoffretError as {@link eachPage} */
export async function allPages<T>(
  fetch: Fetch,
  operation: Operation,
  params: Readonly<Record<string, string>>,
  schema: z.ZodType<readonly T[]>,
): Promise<readonly T[]> {
  const items: T[] = []
  for await (const page of eachPage(fetch, { operation, params, schema })) {
    for (const item of page) items.push(item)
  }
  return items
}

/** The children of a folder, seen in the list of all secrets. */
export function childrenOf(folder: FolderPath, all: readonly SecretSummary[]): ListEntry[] {
  const above = folder === '' ? '' : `${folder}/`
  const folders = new Set<string>()
  const secrets: ListEntry[] = []
  for (const { path, ...facts } of all) {
    if (!path.startsWith(above)) continue
    const name = path.slice(above.length)
    const end = name.indexOf('/')
    if (end === -1) secrets.push({ kind: 'secret', name, ...facts })
    else folders.add(name.slice(0, end))
  }
  return [...Array.from(folders, (name): ListEntry => ({ kind: 'folder', name })), ...secrets]
}
