import { FolderPath, SecretPath, type ListEntry, type SecretSummary } from '../contract/model'
import { compareBytes } from '../kv/byte-order'
import type { Page, PageRequest } from '../kv/secret-store'
import { ListingBudget } from './listing-limits'

/** How many requests of one listing are under way at once. */
const atOnce = 5

/** What a list says of a secret beside its name; empty when the store does not tell. */
export type Facts = Omit<SecretSummary, 'path'>

/** A server that lists the names below a folder, and nothing more. */
export interface NameServer {
  /**
   * The names below a folder in any order, folders with `/`; none when there is no such folder. The
   * server may take the page into account or ignore it: it is cut here.
   */
  names(folder: FolderPath, page: PageRequest): Promise<readonly string[]>
  /** Undefined when the secret is gone meanwhile. */
  facts(path: SecretPath): Promise<Facts | undefined>
}

/** Cuts a page out of all rows. */
export function pageOf<T>(
  rows: readonly T[],
  { after = '', limit = Infinity }: PageRequest,
  nameOf: (row: T) => string,
): Page<T> {
  const sorted = rows
    .filter((row) => compareBytes(nameOf(row), after) > 0)
    .sort((a, b) => compareBytes(nameOf(a), nameOf(b)))
  const items = sorted.slice(0, limit)
  const last = items.at(-1)
  return sorted.length > items.length && last !== undefined
    ? { items, next: nameOf(last) }
    : { items }
}

/** The children of a folder, facts included: one request for the names and one for each secret. */
export async function listChildren(
  server: NameServer,
  folder: FolderPath,
  page: PageRequest,
): Promise<Page<ListEntry>> {
  const found = await server.names(folder, page)
  new ListingBudget().entries(found.length)
  const names = pageOf(found, page, (name) => name)
  const rows = await mapBounded(names.items, async (name): Promise<ListEntry | undefined> => {
    if (name.endsWith('/')) return { kind: 'folder', name: name.slice(0, -1) }
    const path = SecretPath.safeParse(below(folder) + name)
    // Other programs may have used a name that is no path here; it is listed, and cannot be asked about.
    const facts = path.success ? await server.facts(path.data) : {}
    return facts && { kind: 'secret', name, ...facts }
  })
  return { ...names, items: rows.filter((row) => row !== undefined) }
}

/** Every secret of a page, facts included; folders that lie before the page are not asked for. */
export async function listTree(
  server: NameServer,
  page: PageRequest,
): Promise<Page<SecretSummary>> {
  const { after = '', limit = Infinity } = page
  const paths: SecretPath[] = []
  for await (const path of eachPath(server, after)) {
    paths.push(path)
    // One more than the page holds tells whether something follows.
    if (paths.length > limit) break
  }
  const cut = pageOf(paths, { limit }, (path) => path)
  const rows = await mapBounded(cut.items, async (path) => {
    const facts = await server.facts(path)
    return facts && { path, ...facts }
  })
  return { ...cut, items: rows.filter((row) => row !== undefined) }
}

/** Every path behind `after`, by bytes. @throws RemoteFailure `too_much` for a tree without end */
export function eachPath(server: NameServer, after = ''): AsyncGenerator<SecretPath> {
  return walk(server, FolderPath.parse(''), after, new ListingBudget())
}

/**
 * Paths behind `after`, by bytes: in this order a folder, written with `/`, stands among its brothers
 * where everything below it belongs.
 */
async function* walk(
  server: NameServer,
  folder: FolderPath,
  after: string,
  budget: ListingBudget,
): AsyncGenerator<SecretPath> {
  budget.request()
  const found = await server.names(folder, {})
  budget.entries(found.length)
  const names = pageOf(found, {}, (name) => name).items
  for (const name of names) {
    const full = below(folder) + name
    const path = SecretPath.safeParse(name.endsWith('/') ? full.slice(0, -1) : full)
    // The bound on the length of a path is also the bound on how deep a hostile server leads us.
    if (!path.success) continue
    if (!name.endsWith('/')) {
      if (compareBytes(full, after) > 0) yield path.data
    } else if (compareBytes(full, after) > 0 || after.startsWith(full)) {
      yield* walk(server, FolderPath.parse(path.data), after, budget)
    }
  }
}

/** How many paths are shown at once while they arrive. */
const batchSize = 100

/** Paths as rows, without facts. */
export async function* inBatches(
  paths: AsyncGenerator<SecretPath>,
): AsyncGenerator<readonly SecretSummary[]> {
  let rows: SecretSummary[] = []
  for await (const path of paths) {
    rows.push({ path })
    if (rows.length < batchSize) continue
    yield rows
    rows = []
  }
  if (rows.length > 0) yield rows
}

function below(folder: string): string {
  return folder === '' ? '' : `${folder}/`
}

/** Does the work for each item, five at a time; the results are in the order of the items. */
export async function mapBounded<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  const waiting = items.entries()
  const runner = async () => {
    for (const [at, item] of waiting) results[at] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, runner))
  return results
}
