import { call } from '../bridge'
import type { CallOutput, Preferences } from '../../src-main/contract/calls'
import type { DomainSummary } from '../../src-main/contract/domain-calls'
import type { StoreSummary, VaultSummary } from '../../src-main/contract/model'
import { Access } from './access.svelte'
import { Activity } from './activity.svelte'
import { Backups } from './backups.svelte'
import { Bin } from './bin.svelte'
import type { Drafts } from './drafts.svelte'
import { Editor } from './editor.svelte'
import { KeptCertificates } from './kept-certificates.svelte'
import { Latest } from './latest'
import { dataOf, SecretView } from './secret-view.svelte'
import { StoreBrowser } from './store-browser.svelte'
import type { Task } from './task'

/**
 * An unlocked vault on the screen, or a domain that it leads to: its secrets, the one that is open, and the
 * edit.
 */
export class VaultState {
  vault = $state.raw<VaultSummary>() as VaultSummary
  /** The domain of which the secrets are shown; those of the vault itself when absent. */
  domain = $state.raw<DomainSummary>()
  readonly browser: StoreBrowser
  readonly bin: Bin
  readonly backups: Backups
  readonly access: Access
  readonly kept: KeptCertificates
  readonly activity: Activity
  secret = $state.raw<SecretView>()
  editor = $state.raw<Editor>()
  /** What to do once an unsaved edit may be left. */
  leaving = $state.raw<() => void>()
  error = $state.raw<unknown>()
  /** What is done between two stores just now, in a dialog. */
  task = $state.raw<Task>()
  #history = $state.raw<readonly SecretView[]>([])
  #future = $state.raw<readonly SecretView[]>([])
  /** What is to be on the screen: an edit that takes its time must not come over what was asked for since. */
  readonly #wishes = new Latest()

  constructor(
    vault: VaultSummary,
    mode: () => Preferences['listMode'],
    readonly drafts: Drafts,
    domain?: DomainSummary,
  ) {
    this.vault = vault
    this.domain = domain
    this.browser = new StoreBrowser(() => this.stores, mode)
    this.bin = new Bin(() => this.stores)
    this.backups = new Backups(vault.id)
    this.access = new Access(vault.id)
    this.kept = new KeptCertificates(vault.id)
    this.activity = new Activity(vault.id)
  }

  readonly stores = $derived((this.domain ?? this.vault).stores)

  /** Secrets can be made in it; not so in a backup. */
  readonly isWritable = $derived.by(() =>
    this.stores.some(({ capabilities }) => capabilities.includes('write')),
  )

  storeOf(id: string): StoreSummary | undefined {
    return this.stores.find((store) => store.id === id)
  }

  /** Shows a secret, once an unsaved edit is out of the way. */
  open(storeId: string, path: string): void {
    const store = this.storeOf(storeId)
    if (store === undefined) return
    if (this.editor === undefined && this.isOpen({ store: storeId, path })) return
    this.leave(() => {
      if (this.secret !== undefined) this.#history = [...this.#history.slice(-49), this.secret]
      this.#future = []
      this.#show(new SecretView(store, path))
    })
  }

  #show(secret: SecretView): void {
    this.#wishes.ask()
    this.secret?.revealed.hideAll()
    this.editor = undefined
    this.secret = secret
    void secret.load()
    void this.browser.show(secret.store.id, secret.path)
  }

  back(): void {
    const last = this.#history.at(-1)
    const { secret } = this
    if (last === undefined || secret === undefined) return
    this.leave(() => {
      this.#history = this.#history.slice(0, -1)
      this.#future = [secret, ...this.#future]
      this.#show(last)
    })
  }

  forward(): void {
    const [next, ...rest] = this.#future
    const { secret } = this
    if (next === undefined || secret === undefined) return
    this.leave(() => {
      this.#future = rest
      this.#history = [...this.#history, secret]
      this.#show(next)
    })
  }

  /** There is an edit of a secret, or of its settings, to lose. */
  readonly isEdited = $derived.by(
    () => this.editor?.isDirty === true || this.secret?.settings?.isDirty === true,
  )

  /** Goes on at once, or asks first when an edit would be lost. */
  leave(next: () => void): void {
    if (this.isEdited) this.leaving = next
    else next()
  }

  /** The answer to the question: discard the edit and go on. */
  async discardAndLeave(): Promise<void> {
    const next = this.leaving
    this.leaving = undefined
    if (this.secret !== undefined) this.secret.settings = undefined
    await this.closeEditor()
    next?.()
  }

  /** The settings of a secret were saved: shows them, unless the person wanted to go on meanwhile. */
  async settled(secret: SecretView): Promise<void> {
    secret.settings = undefined
    if (this.secret !== secret) return
    const { leaving } = this
    this.leaving = undefined
    leaving?.()
    if (this.secret === secret) await secret.load()
  }

  /** Starts a new secret where the cursor is. */
  startNew(): void {
    this.leave(() => {
      const here = this.browser.currentFolder
      const store = this.storeOf(here?.store ?? '') ?? this.stores[0]
      if (!store?.capabilities.includes('write')) return
      const path = here?.folder ? `${here.folder}/` : ''
      this.#wishes.ask()
      this.editor = new Editor({ store, path, baseVersion: 0, base: new Map(), isNew: true })
    })
  }

  /** Edits the open secret, from its current version or an older one. */
  async startEdit(): Promise<void> {
    const { secret } = this
    if (!secret?.can('write') || this.editor !== undefined) return
    if (this.isEdited) return this.leave(() => void this.startEdit())
    secret.revealed.hideAll()
    const isLast = this.#wishes.ask()
    try {
      const editor = await editorFor(secret.store, secret.path)
      if (!isLast()) return
      this.editor = editor
      this.error = undefined
    } catch (error) {
      if (isLast()) this.error = error
    }
  }

  /** Puts back an edit that was kept. */
  async resume(offer: CallOutput<'draft.list'>[number]): Promise<void> {
    const store = this.storeOf(offer.store)
    if (store === undefined) return
    if (this.secret?.settings?.isDirty) return this.leave(() => void this.resume(offer))
    const isLast = this.#wishes.ask()
    const draft = await this.drafts.open(offer)
    if (draft === undefined) return
    try {
      const isNew = draft.baseVersion === 0 && !(await this.browser.has(store.id, draft.path))
      const editor = isNew
        ? new Editor({ store, path: '', baseVersion: 0, base: new Map(), isNew })
        : await editorFor(store, draft.path, draft.baseVersion)
      if (!isLast()) return
      this.drafts.take(offer)
      editor.resume(draft)
      if (!isNew) this.#show(new SecretView(store, draft.path))
      this.editor = editor
      this.error = undefined
    } catch (error) {
      if (isLast()) this.error = error
    }
  }

  /** The edit was saved or given up: its draft goes. */
  async closeEditor(): Promise<void> {
    const { editor } = this
    this.editor = undefined
    this.leaving = undefined
    if (editor?.store.capabilities.includes('drafts')) {
      await this.drafts.drop(editor.store.id, editor.path)
    }
  }

  /** The edit was saved: shows what came of it, unless the person has left it meanwhile. */
  async saved(editor: Editor): Promise<void> {
    if (this.editor === editor) {
      const { leaving } = this
      const closing = this.closeEditor()
      // At once: what was there before is out of date, and would be used.
      this.#show(new SecretView(editor.store, editor.path))
      // Who was asked about what is saved by now wanted to go on.
      leaving?.()
      await closing
    }
    await this.browser.reload(editor.store.id)
  }

  isOpen({ store, path }: { readonly store: string; readonly path: string }): boolean {
    return this.secret?.store.id === store && this.secret.path === path
  }

  /** The open secret is no longer there. */
  closeSecret(): void {
    this.#wishes.ask()
    this.secret?.revealed.hideAll()
    this.secret = undefined
  }

  /** Somebody changed secrets: shows them as they are. */
  async refresh(store: string): Promise<void> {
    if (this.storeOf(store) === undefined) return
    await this.browser.reload(store)
    if (this.bin.isShown) await this.bin.load()
    if (this.secret?.store.id === store && this.editor === undefined) await this.secret.load()
  }
}

/** An editor for a secret that exists. @param baseVersion the version it begins from; the current one when absent */
async function editorFor(store: StoreSummary, path: string, baseVersion?: number): Promise<Editor> {
  const at = { store: store.id, path }
  if (store.capabilities.includes('metadata')) {
    const { currentVersion } = await call('secret.metadata', at)
    if (currentVersion === 0) {
      return new Editor({ store, path, baseVersion: 0, base: new Map(), isNew: false })
    }
  }
  const isNumbered = baseVersion !== undefined && baseVersion > 0
  const found = await call('secret.reveal', isNumbered ? { ...at, version: baseVersion } : at)
  const base = dataOf(found)
  return new Editor({
    ...{ store, path, baseVersion: found.metadata.version, isNew: false },
    base: base ?? new Map(),
    ...(base === undefined ? { baseState: found.state } : {}),
  })
}
