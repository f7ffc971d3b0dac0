import { call } from '../bridge'
import type { CallOutput, Draft } from '../../src-main/contract/calls'

type DraftSummary = CallOutput<'draft.list'>[number]

const quietMs = 500

/** Unsaved edits, kept sealed in the vault while somebody types. */
export class Drafts {
  /** Those of an earlier time, to be offered. */
  offered = $state.raw<readonly DraftSummary[]>([])
  #pending: (() => Draft | undefined) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Where the last one was put: a new secret's path changes while it is typed. */
  #kept: { readonly store: string; readonly path: string } | undefined

  async load(): Promise<void> {
    this.offered = await call('draft.list')
  }

  /** Keeps an edit when the typing pauses. */
  keepSoon(draft: () => Draft | undefined): void {
    this.#pending = draft
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), quietMs)
  }

  /** Keeps what is pending at once: the vault is about to lock. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    const draft = this.#pending?.()
    this.#pending = undefined
    if (draft === undefined) return
    const earlier = this.#kept
    this.#kept = { store: draft.store, path: draft.path }
    try {
      await call('draft.keep', draft)
      if (earlier !== undefined && (earlier.path !== draft.path || earlier.store !== draft.store)) {
        await call('draft.discard', earlier)
      }
    } catch {
      // The edit is still on the screen; the next pause tries again.
      this.#pending ??= () => draft
    }
  }

  /** The edit was saved or given up. */
  async drop(store: string, path: string): Promise<void> {
    clearTimeout(this.#timer)
    this.#pending = undefined
    const kept = this.#kept
    this.#kept = undefined
    this.#withdraw({ store, path })
    await call('draft.discard', { store, path })
    if (kept !== undefined && (kept.path !== path || kept.store !== store)) {
      await call('draft.discard', kept)
    }
  }

  /** Reads an offered edit. One that is gone is offered no more. */
  async open({ store, path }: DraftSummary): Promise<Draft | undefined> {
    const draft = await call('draft.open', { store, path })
    if (draft === undefined) this.#withdraw({ store, path })
    return draft
  }

  /** From here on an offered edit is the current one. */
  take({ store, path }: DraftSummary): void {
    this.#withdraw({ store, path })
    this.#kept = { store, path }
  }

  #withdraw({ store, path }: { readonly store: string; readonly path: string }): void {
    this.offered = this.offered.filter((one) => one.store !== store || one.path !== path)
  }
}
