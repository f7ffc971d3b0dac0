import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import { call } from '../bridge'
import type { Preferences } from '../../src-main/contract/calls'
import type { AppEvent } from '../../src-main/contract/events'
import {
  FolderPath,
  type ListEntry,
  type SecretSummary,
  type StoreSummary,
} from '../../src-main/contract/model'
import type { Progress } from '../../src-main/contract/search'
import { FlatList } from './flat-list.svelte'
import { Latest } from './latest'
import { ancestorsOf, folderOf, joinPath } from './paths'
import { Search } from './search.svelte'
import { folderId, secretId, treeRows, type Row } from './tree'

/** The secrets of one vault as a tree or a list, and the search over them. */
export class StoreBrowser {
  readonly search: Search
  readonly #flat: FlatList
  /** The row with the cursor. */
  activeId = $state<string>()
  error = $state.raw<unknown>()
  isLoading = $state(true)
  readonly #children = new SvelteMap<string, readonly ListEntry[]>()
  readonly #open = new SvelteSet<string>()
  /** Folders on their way open. */
  readonly #opening = new SvelteMap<string, Promise<void>>()
  /** What keys ask for that were pressed since. */
  readonly #pressed: (() => void)[] = []
  readonly #questions = new Latest()
  /** How many secrets there are; undefined until all names are read. */
  total = $state<number>()
  /** How far the names are read; undefined once they are. */
  building = $state.raw<Progress>()
  readonly #stores: () => readonly StoreSummary[]
  readonly #mode: () => Preferences['listMode']

  constructor(stores: () => readonly StoreSummary[], mode: () => Preferences['listMode']) {
    this.#stores = stores
    this.#mode = mode
    this.search = new Search(stores)
    this.#flat = new FlatList(stores)
  }

  get filter(): string {
    return this.search.text
  }

  set filter(text: string) {
    this.search.text = text
  }

  /** Rows are a flat list: by choice, or since something is searched for. */
  readonly isFlat = $derived.by(() => this.search.isOn || this.#mode() === 'list')

  readonly rows: readonly Row[] = $derived.by(() => {
    if (this.search.isOn) return this.#foundRows()
    if (this.isFlat) return this.#flatRows()
    return treeRows({ stores: this.#stores(), children: this.#children, open: this.#open })
  })

  readonly activeIndex = $derived(this.rows.findIndex((row) => row.id === this.activeId))

  #foundRows(): Row[] {
    const { hits = [] } = this.search.answer ?? {}
    return hits.map((hit, index) => {
      const prefix = this.#prefixOf(hit.store)
      const ranges = hit.ranges.map(
        ([start, end]) => [start + prefix.length, end + prefix.length] as const,
      )
      const place = { index, siblings: hits.length, prefix }
      return { ...flatRow(hit.store, hit, place), ranges, parts: hit.parts }
    })
  }

  #flatRows(): Row[] {
    const { items } = this.#flat
    const siblings = Math.max(this.total ?? 0, items.length)
    return items.map(({ store, summary }, index) =>
      flatRow(store.id, summary, { index, siblings, prefix: this.#prefixOf(store.id) }),
    )
  }

  /** The mount in front of a path, where there are several. */
  #prefixOf(id: string): string {
    const stores = this.#stores()
    if (stores.length <= 1) return ''
    return `${stores.find((store) => store.id === id)?.label ?? ''}/`
  }

  /** Loads the top of each mount, opened. */
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
      this.search.refresh()
      const flat = this.#mode() === 'list' ? [this.#flat.reload()] : []
      await Promise.all([...folders.map((id) => this.#loadFolder(id)), ...flat, this.#count()])
      this.error = undefined
    } catch (error) {
      this.error = error
    }
  }

  async #loadFolder(id: string): Promise<void> {
    const { store, folder } = fromId(id)
    const isLast = this.#questions.ask(id)
    const entries = await call('secret.list', { store, folder })
    if (isLast()) this.#children.set(id, entries)
  }

  /** The flat list is shown from now on. */
  async startFlat(): Promise<void> {
    try {
      await this.#flat.reload()
    } catch (error) {
      this.error = error
    }
  }

  /** The end of the rows is in sight. */
  async more(): Promise<void> {
    if (this.search.isOn || !this.isFlat) return
    try {
      await this.#flat.more()
    } catch (error) {
      this.error = error
    }
  }

  async #count(): Promise<void> {
    const stores = this.#stores().map(({ id }) => id)
    const isLast = this.#questions.ask()
    const { searched, building } = await call('search.query', { text: '', stores, limit: 0 })
    if (!isLast()) return
    this.building = building
    this.total = building === undefined ? searched : undefined
  }

  /** Hears how far names are read, or values opened. */
  hear({ of, done, total }: Extract<AppEvent, { name: 'search.progress' }>): void {
    if (of === 'values') return this.search.progressed({ done, total })
    this.building = { done, total }
    this.search.refresh()
    if (done === total) void this.#count().catch((error: unknown) => (this.error = error))
  }

  async toggle(row: Row): Promise<void> {
    if (row.isOpen) this.#open.delete(row.id)
    else await this.#openFolder(row.id)
  }

  #openFolder(id: string): Promise<void> {
    const opening = this.#opening.get(id) ?? this.#read(id).finally(() => this.#opening.delete(id))
    this.#opening.set(id, opening)
    return opening
  }

  async #read(id: string): Promise<void> {
    try {
      if (!this.#children.has(id)) await this.#loadFolder(id)
      this.#open.add(id)
    } catch (error) {
      this.error = error
    }
  }

  /** It is read before it opens. */
  isOpening(row: Row): boolean {
    return this.#opening.has(row.id)
  }

  /** The folder with the cursor is on its way open, so that keys wait. */
  get isBehind(): boolean {
    return this.#pressed.length > 0 || this.#opening.has(this.activeId ?? '')
  }

  /**
   * Does what a key asks for. While the folder with the cursor is on its way open it waits, also when the
   * folder turns out not to be readable: the key was meant for the rows that were to come. What waits is
   * forgotten when the cursor goes elsewhere by other means.
   */
  async press(act: () => void): Promise<void> {
    if (!this.isBehind) return act()
    this.#pressed.push(act)
    if (this.#pressed.length > 1) return
    while (this.#pressed.length > 0) {
      const { activeId } = this
      await this.#opening.get(activeId ?? '')
      if (this.activeId !== activeId) break
      this.#pressed.shift()?.()
    }
    this.#pressed.length = 0
  }

  /** Puts the cursor on a secret and opens the folders above it. */
  async show(store: string, path: string): Promise<void> {
    // At once: who moves the cursor while folders are read keeps it where they put it.
    this.activeId = secretId(store, path)
    for (const folder of ['', ...ancestorsOf(path)]) await this.#openFolder(folderId(store, folder))
  }

  /** Folders that exist, for completing a path: with their closing slash. */
  async folders(store: string): Promise<string[]> {
    return (await call('search.folders', { store })).map((path) => `${path}/`)
  }

  /** The folder in which somebody stands: that of the row with the cursor. */
  readonly currentFolder = $derived.by(() => {
    const row = this.rows[this.activeIndex]
    if (row === undefined) return undefined
    return { store: row.store, folder: row.kind === 'secret' ? folderOf(row.path) : row.path }
  })

  /** How many secrets lie below a folder. */
  countBelow(store: string, folder: string): Promise<number> {
    return call('search.countBelow', { store, folder })
  }

  /** Whether there is a secret at this path. */
  async has(store: string, path: string): Promise<boolean> {
    const folder = folderOf(path)
    // What was typed so far may be no path yet.
    if (!FolderPath.safeParse(folder).success) return false
    const entries = await call('secret.list', { store, folder })
    return entries.some(({ kind, name }) => kind === 'secret' && joinPath(folder, name) === path)
  }
}

/** A row that shows a whole path. */
function flatRow(
  store: string,
  summary: SecretSummary,
  { index, siblings, prefix }: { index: number; siblings: number; prefix: string },
): Row {
  const { path, currentVersion: version, state, updatedAt } = summary
  const at = { id: secretId(store, path), kind: 'secret', store, path } as const
  const order = { level: 1, position: index + 1, siblings }
  return { ...at, name: prefix + path, ...order, version, state, updatedAt }
}

function fromId(id: string): { store: string; folder: string } {
  const colon = id.indexOf(':')
  return { store: id.slice(0, colon), folder: id.slice(colon + 1, -1) }
}
