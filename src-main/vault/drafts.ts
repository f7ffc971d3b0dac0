import { z } from 'zod'
import type { Draft } from '../contract/calls'
import { EpochMs, StoreId } from '../contract/model'
import { decodeJson, encodeJson } from './cells'
import { onlyId, type Place } from './records'
import type { UnlockedVault, VaultTransaction } from './unlocked-vault'

/** A draft as a list shows it. */
export interface DraftSummary {
  readonly store: StoreId
  readonly path: string
  readonly baseVersion: number
  readonly savedAt: EpochMs
}

/** A draft in the file. The file keeps its own form, whatever the window's calls become. */
const SavedDraft = z.strictObject({
  store: StoreId,
  path: z.string(),
  baseVersion: z.number().int().min(0),
  text: z.string(),
  form: z.record(z.string(), z.string()).optional(),
  savedAt: EpochMs,
})

/** Unsaved edits, sealed in the vault: at most one for each store and path. */
export class Drafts {
  /** @param unlocked gives the vault, or throws `locked` */
  constructor(private readonly unlocked: () => UnlockedVault) {}

  /** Keeps a draft; it replaces the earlier one of its store and path. */
  keep(draft: Draft): void {
    const vault = this.unlocked()
    vault.write((transaction) => {
      const saved = encodeJson(SavedDraft, { ...draft, savedAt: vault.clock.now() })
      transaction.records.put(placeOf(transaction, draft.store, draft.path), saved)
    })
  }

  /** All drafts, the latest first. */
  list(): DraftSummary[] {
    const saved = this.unlocked().read(({ records }) => records.all('draft'))
    return saved
      .map((text) => decodeJson(SavedDraft, text))
      .map(({ store, path, baseVersion, savedAt }) => ({ store, path, baseVersion, savedAt }))
      .sort((a, b) => b.savedAt - a.savedAt)
  }

  /** The draft of a store and path; undefined when there is none. */
  open(store: StoreId, path: string): Draft | undefined {
    const text = this.unlocked().read((transaction) =>
      transaction.records.find(placeOf(transaction, store, path)),
    )
    if (text === undefined) return undefined
    const { path: at, baseVersion, text: typed, form } = decodeJson(SavedDraft, text)
    const draft = { store, path: at, baseVersion, text: typed }
    return form === undefined ? draft : { ...draft, form }
  }

  /** Erases a draft; nothing happens when there is none. */
  discard(store: StoreId, path: string): void {
    this.unlocked().write((transaction) => {
      transaction.records.remove(placeOf(transaction, store, path))
    })
  }
}

/** A store id has no line break, so that store and path are told apart. */
function placeOf({ names }: VaultTransaction, store: StoreId, path: string): Place {
  return { kind: 'draft', id: names.opaque('draft', onlyId, `${store}\n${path}`), version: 0 }
}
