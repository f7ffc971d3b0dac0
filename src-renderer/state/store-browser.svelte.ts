import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import { call } from '../bridge'
import type { Preferences } from '../../src-main/contract/calls'
import type { ListEntry, SecretSummary, StoreSummary } from '../../src-main/contract/model'
import { search } from './filter'
import { ancestorsOf, folderOf, joinPath } from './paths'
import { folderId, secretId, treeRows, type Row } from './tree'

interface FlatItem {
  readonly store: StoreSummary
  readonly path: string
  /** With the mount in front when there are several. */
  readonly shown: string
  readonly summary: SecretSummary
}

/** The secrets of one vault as a tree or a list, and the filter over them. */
export class StoreBrowser {
  filter = $state('')
  /** The row with the cursor. */
  activeId = $state<string>()
  error = $state.raw<unknown>()
  isLoading = $state(true)
  readonly #children = new SvelteMap<string, readonly ListEntry[]>()
  readonly #open = new SvelteSet<string>()
  #paths = $state.raw<readonly FlatItem[]>()
  readonly #stores: () => readonly StoreSummary[]
  readonly #mode: () => Preferences['listMode']

  constructor(stores: () => readonly StoreSummary[], mode: () => Preferences['listMode']) {
    this.#stores = stores
    this.#mode = mode
  }

  /** Rows are a flat list: by choice, or since a filter is on. */
  readonly isFlat = $derived.by(() => this.filter.trim() !== '' || this.#mode() === 'list')

  readonly rows: readonly Row[] = $derived.by(() =>
    this.isFlat
      ? this.#flatRows()
      : treeRows({ stores: this.#stores(), children: this.#children, open: this.#open }),
  )

  readonly activeIndex = $derived(this.rows.findIndex((row) => row.id === this.activeId))

  /** How many secrets there are; undefined until the paths are known. */
  readonly total = $derived(this.#paths?.length)

  #flatRows(): Row[] {
    const found = search(this.#paths ?? [], (item) => item.shown, this.filter)
    return found.map(({ item, match }, index) => ({
      id: secretId(item.store.id, item.path),
      kind: 'secret',
      store: item.store.id,
      path: item.path,
      name: item.shown,
      level: 1,
      position: index + 1,
      siblings: found.length,
      version: item.summary.currentVersion,
      state: item.summary.state,
      updatedAt: item.summary.updatedAt,
      ranges: match.ranges,
    }))
  }

  /** Loads the top of each mount, opened, and all paths. */
  async start(): Promise<void> {
    for (const store of this.#stores()) this.#open.add(folderId(store.id, ''))
    await this.reload()
    this.isLoading = false
  }

  /** Loads again what is shown. */
  async reload(store?: string): Promise<void> {
    try {
      const folders = [...this.#open].filter(
        (id) => store === undefined || id.startsWith(`${store}:`),
      )
      await Promise.all([...folders.map((id) => this.#loadFolder(id)), this.#loadPaths()])
      this.error = undefined
    } catch (error) {
      this.error = error
    }
  }

  async #loadFolder(id: string): Promise<void> {
    const { store, folder } = fromId(id)
    this.#children.set(id, await call('secret.list', { store, folder }))
  }

  async #loadPaths(): Promise<void> {
    const stores = this.#stores()
    const lists = await Promise.all(
      stores.map(async (store) => {
        const summaries = await call('secret.paths', { store: store.id })
        return summaries.map((summary) => ({
          ...{ store, path: summary.path, summary },
          shown: stores.length > 1 ? joinPath(store.label, summary.path) : summary.path,
        }))
      }),
    )
    this.#paths = lists.flat()
  }

  async toggle(row: Row): Promise<void> {
    if (row.isOpen) this.#open.delete(row.id)
    else await this.#openFolder(row.id)
  }

  async #openFolder(id: string): Promise<void> {
    try {
      if (!this.#children.has(id)) await this.#loadFolder(id)
      this.#open.add(id)
    } catch (error) {
      this.error = error
    }
  }

  /** Opens the folders above a secret and puts the cursor on it. */
  async show(store: string, path: string): Promise<void> {
    for (const folder of ['', ...ancestorsOf(path)]) await this.#openFolder(folderId(store, folder))
    this.activeId = secretId(store, path)
  }

  /** Folders that exist, for completing a path: with their closing slash. */
  folders(store: string): string[] {
    const paths = (this.#paths ?? []).filter((item) => item.store.id === store)
    return [...new Set(paths.flatMap((item) => ancestorsOf(item.path)))].map((path) => `${path}/`)
  }

  /** The folder in which somebody stands: that of the row with the cursor. */
  readonly currentFolder = $derived.by(() => {
    const row = this.rows[this.activeIndex]
    if (row === undefined) return undefined
    return { store: row.store, folder: row.kind === 'secret' ? folderOf(row.path) : row.path }
  })

  /** How many secrets are known below a folder. */
  countBelow(store: string, folder: string): number {
    const below = (path: string) => path.startsWith(`${folder}/`)
    return (this.#paths ?? []).filter((item) => item.store.id === store && below(item.path)).length
  }

  /** Whether a secret is known at this path. */
  has(store: string, path: string): boolean {
    return (this.#paths ?? []).some((item) => item.store.id === store && item.path === path)
  }
}

function fromId(id: string): { store: string; folder: string } {
  const colon = id.indexOf(':')
  return { store: id.slice(0, colon), folder: id.slice(colon + 1, -1) }
}
