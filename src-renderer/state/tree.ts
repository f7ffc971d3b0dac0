import type { ListEntry, StoreSummary, VersionState } from '../../src-main/contract/model'
import type { SearchPart, TextRange } from '../../src-main/contract/search'
import { joinPath } from './paths'

/** A row of the tree or of the flat list. */
export interface Row {
  /** `store:path`, with a slash behind folders. */
  readonly id: string
  readonly kind: 'mount' | 'folder' | 'secret'
  readonly store: string
  /** Empty for a mount. */
  readonly path: string
  readonly name: string
  /** 1 at the top. */
  readonly level: number
  readonly isOpen?: boolean
  /** Position among its brothers, and their number, for assistive technology. */
  readonly position: number
  readonly siblings: number
  readonly version?: number | undefined
  readonly state?: VersionState | undefined
  readonly updatedAt?: number | undefined
  /** Matched ranges of the path, in a list of results. */
  readonly ranges?: readonly TextRange[]
  /** What matched besides the path. */
  readonly parts?: readonly SearchPart[]
}

/** Names a folder; a mount is the folder with the empty path. */
export function folderId(store: string, path: string): string {
  return `${store}:${path}/`
}

/** Names a secret. */
export function secretId(store: string, path: string): string {
  return `${store}:${path}`
}

/** What the tree is drawn from. */
export interface TreeInput {
  readonly stores: readonly StoreSummary[]
  /** Loaded folders by {@link folderId}. */
  readonly children: ReadonlyMap<string, readonly ListEntry[]>
  /** Open folders by {@link folderId}. */
  readonly open: ReadonlySet<string>
}

/** The visible rows: one mount is shown plainly, several as top folders. */
export function treeRows({ stores, children, open }: TreeInput): Row[] {
  const [only] = stores
  if (stores.length === 1 && only !== undefined) {
    return below({ children, open }, only.id, '', 1)
  }
  return stores.flatMap((store, index) => {
    const id = folderId(store.id, '')
    const isOpen = open.has(id)
    const row: Row = {
      ...{ id, kind: 'mount', store: store.id, path: '', name: store.label, level: 1, isOpen },
      ...{ position: index + 1, siblings: stores.length },
    }
    return isOpen ? [row, ...below({ children, open }, store.id, '', 2)] : [row]
  })
}

function below(
  input: Omit<TreeInput, 'stores'>,
  store: string,
  folder: string,
  level: number,
): Row[] {
  const entries = foldersFirst(input.children.get(folderId(store, folder)) ?? [])
  return entries.flatMap((entry, index) => {
    const path = joinPath(folder, entry.name)
    const place = { store, path, name: entry.name, level }
    const order = { position: index + 1, siblings: entries.length }
    if (entry.kind === 'secret') return [{ ...secretRow(entry, place), ...order }]
    const id = folderId(store, path)
    const isOpen = input.open.has(id)
    const row: Row = { id, kind: 'folder', ...place, ...order, isOpen }
    return isOpen ? [row, ...below(input, store, path, level + 1)] : [row]
  })
}

function secretRow(
  entry: Extract<ListEntry, { kind: 'secret' }>,
  place: Pick<Row, 'store' | 'path' | 'name' | 'level'>,
): Omit<Row, 'position' | 'siblings'> {
  const { currentVersion: version, state, updatedAt } = entry
  return {
    id: secretId(place.store, place.path),
    kind: 'secret',
    ...place,
    version,
    state,
    updatedAt,
  }
}

function foldersFirst(entries: readonly ListEntry[]): readonly ListEntry[] {
  const folders = entries.filter((entry) => entry.kind === 'folder')
  return [...folders, ...entries.filter((entry) => entry.kind === 'secret')]
}

/** What an arrow or letter key does in a tree. Source: WAI-ARIA tree view pattern. */
export type TreeStep =
  | { readonly kind: 'go'; readonly index: number }
  | { readonly kind: 'open' | 'close' | 'choose'; readonly index: number }

/** @returns undefined when the key is not the tree's */
export function treeStep(rows: readonly Row[], index: number, key: string): TreeStep | undefined {
  const row = rows[index]
  const last = rows.length - 1
  const go = (to: number): TreeStep => ({ kind: 'go', index: Math.max(0, Math.min(last, to)) })
  switch (key) {
    case 'ArrowDown':
      return go(index + 1)
    case 'ArrowUp':
      return go(index < 0 ? 0 : index - 1)
    case 'PageDown':
      return go(index + 10)
    case 'PageUp':
      return go(index - 10)
    case 'Home':
      return go(0)
    case 'End':
      return go(last)
    case 'ArrowRight':
      if (row === undefined || row.kind === 'secret') return undefined
      return row.isOpen ? go(index + 1) : { kind: 'open', index }
    case 'ArrowLeft':
      if (row?.isOpen) return { kind: 'close', index }
      return row === undefined ? undefined : go(parentIndex(rows, index))
    case 'Enter':
    case ' ':
      return row === undefined ? undefined : { kind: 'choose', index }
    default:
      return undefined
  }
}

const listKeys: ReadonlySet<string> = new Set([
  ...['ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowLeft', 'PageDown', 'PageUp', 'Home', 'End'],
  ...['Enter', 'Delete'],
])

/** Whether a list may make something of a key: {@link treeStep}, Delete, or letters that find a name. */
export function isListKey(key: string): boolean {
  return listKeys.has(key) || (key.length === 1 && key !== '/')
}

function parentIndex(rows: readonly Row[], index: number): number {
  const level = rows[index]?.level ?? 1
  const parent = rows.slice(0, index).findLastIndex((row) => row.level < level)
  return parent < 0 ? index : parent
}

/**
 * Where the cursor may go when a row, and what is below it, goes away; the best place first. Folders that
 * it leaves empty go too.
 */
export function rowsNearby(rows: readonly Row[], id: string): string[] {
  const at = rows.findIndex((row) => row.id === id)
  let level = rows[at]?.level ?? 0
  const next = rows.slice(at + 1).find((row) => row.level <= level)
  const nearby = next?.level === level ? [next.id] : []
  // Then the brother before it, and the folders above.
  for (const row of rows.slice(0, Math.max(0, at)).reverse()) {
    if (row.level > level) continue
    nearby.push(row.id)
    level = row.level - 1
  }
  return nearby
}

/** The next row whose name begins with what was typed, around the end; -1 when there is none. */
export function typeAhead(rows: readonly Row[], index: number, typed: string): number {
  const start = typed.length > 1 ? index : index + 1
  for (let step = 0; step < rows.length; step += 1) {
    const at = (Math.max(0, start) + step) % rows.length
    if (rows[at]?.name.toLowerCase().startsWith(typed.toLowerCase())) return at
  }
  return -1
}
