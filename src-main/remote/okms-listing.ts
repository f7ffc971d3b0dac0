import type { z } from 'zod'
import { CoffretError } from '../contract/errors'
import type { FolderPath, ListEntry, SecretSummary } from '../contract/model'
import type { Operation } from '../wire/operation'
import { cursorHeader } from '../wire/okms-paging'
import type { Fetch } from './fetch'
import { ask } from './send'

/**
 * Every page of a listing, in the order of the server. Its cursors say nothing of names, so that no page
 * can begin in the middle.
 * @throws CoffretError `invalid` when the server leads us in circles
 */
export async function allPages<T>(
  fetch: Fetch,
  operation: Operation,
  params: Readonly<Record<string, string>>,
  schema: z.ZodType<readonly T[]>,
): Promise<readonly T[]> {
  const items: T[] = []
  const seen = new Set<string>()
  let cursor: string | undefined
  for (;;) {
    const headers = { 'x-pagination-size': '100', 'x-pagination-cursor': cursor }
    const reply = await ask(fetch, operation, { params, headers }, schema)
    items.push(...reply.body)
    cursor = reply.headers[cursorHeader.toLowerCase()]
    if (cursor === undefined) return items
    if (seen.has(cursor)) throw new CoffretError('invalid', `${operation.id} repeats a page`)
    seen.add(cursor)
  }
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
