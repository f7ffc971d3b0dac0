import { call } from '../bridge'
import type { Draft } from '../../src-main/contract/calls'
import { CoffretError } from '../../src-main/contract/errors'
import { stringifyJson, type JsonObject } from '../../src-main/contract/json'
import type { StoreSummary, VersionState } from '../../src-main/contract/model'
import { Conflict } from './conflict.svelte'
import { Content } from './content.svelte'
import { diff, differs } from './diff'
import { isSecretPath } from './paths'
import { dataOf } from './secret-view.svelte'
import { SettingsForm } from './settings-form.svelte'

/** Where the edit stands. */
export type EditorPhase = 'edit' | 'review' | 'conflict'

/** Where an edit begins. */
export interface EditorStart {
  readonly store: StoreSummary
  /** Empty or a folder with its slash for a new secret. */
  readonly path: string
  /** 0 for a new secret. */
  readonly baseVersion: number
  readonly base: JsonObject
  readonly isNew: boolean
  /** State of the version that it began from, when that one could not be read. */
  readonly baseState?: VersionState
}

const noData: JsonObject = new Map()

/** A secret being made or changed, until it is saved. */
export class Editor {
  readonly isNew: boolean
  readonly baseState: VersionState | undefined
  store = $state.raw<StoreSummary>() as StoreSummary
  path = $state('')
  phase = $state<EditorPhase>('edit')
  isSaving = $state(false)
  /** Somebody tried to go on: problems are shown from here. */
  isTried = $state(false)
  showValues = $state(false)
  error = $state.raw<unknown>()
  conflict = $state.raw<Conflict>()
  /** The version that the save made. */
  savedVersion = $state<number>()
  readonly content: Content
  readonly form = new SettingsForm()
  readonly base: JsonObject
  readonly baseVersion: number
  readonly #startPath: string

  constructor({ store, path, baseVersion, base, isNew, baseState }: EditorStart) {
    this.store = store
    this.path = path
    this.#startPath = path
    this.baseVersion = baseVersion
    this.base = base
    this.isNew = isNew
    this.baseState = baseState
    this.content = new Content(base)
    // What somebody types first is no secret to them.
    this.showValues = isNew
    if (isNew) this.content.addRow()
  }

  readonly changes = $derived.by(() => {
    const { reading } = this.content
    return reading.ok ? diff(this.base, reading.data) : []
  })

  /** There is something to lose. */
  readonly isDirty = $derived.by(() => {
    const { reading, rows, mode } = this.content
    if (!this.isNew) return !reading.ok || differs(this.base, reading.data)
    const isBlank =
      mode === 'rows'
        ? rows.every(({ key, text }) => key === '' && text === '')
        : reading.ok && reading.data.size === 0
    return !isBlank || this.path !== this.#startPath || !this.form.isEmpty
  })

  readonly pathProblem: 'empty' | 'invalid' | undefined = $derived.by(() => {
    if (!this.isNew) return undefined
    if (this.path === '') return 'empty'
    return isSecretPath(this.path) ? undefined : 'invalid'
  })

  readonly isValid = $derived.by(
    () =>
      this.content.reading.ok &&
      this.content.size.fill !== 'over' &&
      this.pathProblem === undefined &&
      this.form.isValid,
  )

  /** The first step of saving: a new secret is written, an edit is reviewed. @returns whether it was saved */
  async proceed(): Promise<boolean> {
    this.isTried = true
    this.error = undefined
    if (!this.isValid || this.isSaving) return false
    if (this.isNew) return this.#create()
    if (!this.isDirty) return false
    if (this.phase === 'edit') {
      this.phase = 'review'
      return false
    }
    return this.#write(this.baseVersion)
  }

  /** Not while it is saved: what would be typed then would not be. */
  backToEdit(): void {
    if (this.isSaving) return
    this.phase = 'edit'
    this.error = undefined
  }

  async #create(): Promise<boolean> {
    const { reading } = this.content
    if (!reading.ok) return false
    const hasForm = this.store.capabilities.includes('settings') && !this.form.isEmpty
    return this.#saving(() =>
      call('secret.create', {
        ...{ store: this.store.id, path: this.path, data: stringifyJson(reading.data) },
        ...(hasForm ? { settings: this.form.input() } : {}),
      }),
    )
  }

  async #write(cas: number, data?: JsonObject): Promise<boolean> {
    const { reading } = this.content
    const result = data ?? (reading.ok ? reading.data : noData)
    const check = this.store.capabilities.includes('cas') ? { cas } : {}
    return this.#saving(async () => {
      const written = await call('secret.write', {
        ...{ store: this.store.id, path: this.path, data: stringifyJson(result) },
        ...check,
      })
      this.savedVersion = written.version
    })
  }

  /** Saves what was chosen key by key, after their version. */
  async saveMerged(): Promise<boolean> {
    const { conflict } = this
    if (conflict === undefined || conflict.lines.length === 0 || this.isSaving) return false
    return this.#write(conflict.theirVersion, conflict.result)
  }

  async #saving(work: () => Promise<unknown>): Promise<boolean> {
    this.isSaving = true
    this.error = undefined
    try {
      await work()
      return true
    } catch (error) {
      if (!(await this.#isConflict(error))) this.error = error
      return false
    } finally {
      this.isSaving = false
    }
  }

  /** Somebody saved before: reads their version and lays it beside mine. */
  async #isConflict(error: unknown): Promise<boolean> {
    const { reading } = this.content
    if (!(error instanceof CoffretError) || error.code !== 'cas_mismatch' || !reading.ok)
      return false
    try {
      const theirs = await call('secret.reveal', { store: this.store.id, path: this.path })
      // A second conflict starts from what the first was merged onto.
      const base = this.conflict?.theirs ?? { version: this.baseVersion, data: this.base }
      const mine = this.conflict?.result ?? reading.data
      this.conflict = new Conflict(
        base,
        { version: theirs.metadata.version, data: dataOf(theirs) ?? noData, state: theirs.state },
        mine,
      )
      this.phase = 'conflict'
      return true
    } catch {
      return false
    }
  }

  /** What is kept while it is not saved. */
  draft(): Draft | undefined {
    if (!this.isDirty) return undefined
    const rows = this.content.mode === 'rows' ? { rows: this.content.rowsText() } : {}
    const form = this.isNew ? this.form.toText() : {}
    return {
      store: this.store.id as Draft['store'],
      path: this.path,
      baseVersion: this.baseVersion,
      text: this.content.text,
      form: { ...form, ...rows },
    }
  }

  /** Puts a kept edit back. */
  resume(draft: Draft): void {
    this.path = draft.path
    this.content.json = draft.text
    const rows = draft.form?.['rows']
    if (rows === undefined) this.content.mode = 'json'
    else this.content.setRows(rows)
    if (this.isNew && draft.form !== undefined) this.form.fromText(draft.form)
  }
}
