import { z } from 'zod'
import { Draft } from '../contract/calls'
import { EpochMs, type StoreId } from '../contract/model'
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

const SavedDraft = z.strictObject({ draft: Draft, savedAt: EpochMs })

/** Unsaved edits, sealed in the vault: at most one for each store and path. */
export class Drafts {
  /** @param unlocked gives the vault, or throws `locked` */
  constructor(private readonly unlocked: () => UnlockedVault) {}

  /** Keeps a draft; it replaces the earlier one of its store and path. */
  keep(draft: Draft): void {
    const vault = this.unlocked()
    vault.write((transaction) => {
      const saved = encodeJson({ draft, savedAt: vault.clock.now() })
      transaction.records.put(placeOf(transaction, draft.store, draft.path), saved)
    })
  }

  /** All drafts, the latest first. */
  list(): DraftSummary[] {
    const saved = this.unlocked().read(({ records }) => records.all('draft'))
    return saved
      .map((text) => decodeJson(SavedDraft, text))
      .map(({ draft: { store, path, baseVersion }, savedAt }) => ({
        store,
        path,
        baseVersion,
        savedAt,
      }))
      .sort((a, b) => b.savedAt - a.savedAt)
  }

  /** The draft of a store and path; undefined when there is none. */
  open(store: StoreId, path: string): Draft | undefined {
    const text = this.unlocked().read((transaction) =>
      transaction.records.find(placeOf(transaction, store, path)),
    )
    return text === undefined ? undefined : decodeJson(SavedDraft, text).draft
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
