import { CoffretError } from '../contract/errors'
import type {
  EpochMs,
  FolderPath,
  ListEntry,
  SecretPath,
  SecretSummary,
  VersionState,
} from '../contract/model'
import { compareBytes } from '../kv/byte-order'
import type { Page, PageRequest } from '../kv/secret-store'
import { versionState } from '../kv/version-state'
import type { NameRow, SecretRow } from './names'
import { listName, type Tree } from './tree'

/** One slice of a folder's children. @throws CoffretError `corrupt`, `invalid` */
export function listChildren(
  tree: Tree,
  folder: FolderPath,
  page: PageRequest,
  now: EpochMs,
): Page<ListEntry> {
  const after = page.after ?? ''
  const rows = tree.children(folder).filter((row) => compareBytes(listName(row), after) > 0)
  return slice(rows, page, listName, (row) => listEntry(row, now))
}

/** One slice of all secrets of a mount. @throws CoffretError `corrupt`, `invalid` */
export function listSecrets(tree: Tree, page: PageRequest, now: EpochMs): Page<SecretSummary> {
  return slice(
    tree.walk('', page.after),
    page,
    ({ path }) => path,
    ({ path, row }) => ({ path: path as SecretPath, ...summary(row, now) }),
  )
}

function listEntry(row: NameRow, now: EpochMs): ListEntry {
  if (row.kind === 'folder') return { kind: 'folder', name: row.name }
  return { kind: 'secret', name: row.name, ...summary(row, now) }
}

function summary(row: SecretRow, now: EpochMs) {
  const { currentVersion, updatedAt } = row
  return { currentVersion, updatedAt, ...stateOf(row, now) }
}

function stateOf(row: SecretRow, now: EpochMs): { state?: VersionState } {
  return row.currentVersion === 0 ? {} : { state: versionState(row, now) }
}

/** Takes as many rows as the page wants, and one more to see whether any follows. */
function slice<R, T>(
  rows: Iterable<R>,
  { limit = Infinity }: PageRequest,
  nameOf: (row: R) => string,
  itemOf: (row: R) => T,
): Page<T> {
  if (!(limit >= 1)) throw new CoffretError('invalid', 'a page has at least one item')
  const items: T[] = []
  let last = ''
  for (const row of rows) {
    if (items.length >= limit) return { items, next: last }
    items.push(itemOf(row))
    last = nameOf(row)
  }
  return { items }
}
