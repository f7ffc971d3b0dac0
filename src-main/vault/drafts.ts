import { z } from 'zod'
import type { Draft } from '../contract/calls'
import { EpochMs, StoreId } from '../contract/model'
import { decodeJson, encodeJson } from './cells'
import { onlyId, type Place, type Records } from './records'
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

/** Makes these the drafts of a vault, in the place of those that it has. @param texts the records of drafts */
export function replaceDrafts(transaction: VaultTransaction, texts: readonly Uint8Array[]): void {
  const { records } = transaction
  const place = (text: Uint8Array) => {
    const { store, path } = decodeJson(SavedDraft, text)
    return placeOf(transaction, store, path)
  }
  for (const text of records.all('draft')) records.remove(place(text))
  for (const text of texts) records.put(place(text), text)
}

/** How many drafts there are. @throws CoffretError `corrupt` when one of them is damaged */
export function countDrafts(records: Records): number {
  return records.all('draft').map((text) => decodeJson(SavedDraft, text)).length
}

/**
 * Unites drafts with those of another copy of the vault: of two for one path the one that was kept later.
 * @param texts the records of the other copy's drafts
 * @param isApplied false to count only
 * @returns how many drafts come in
 */
export function mergeDrafts(
  transaction: VaultTransaction,
  texts: readonly Uint8Array[],
  isApplied: boolean,
): number {
  const { records } = transaction
  const news = texts.filter((text) => {
    const { store, path, savedAt } = decodeJson(SavedDraft, text)
    const known = records.find(placeOf(transaction, store, path))
    if (known === undefined) return true
    const order = savedAt - decodeJson(SavedDraft, known).savedAt || Buffer.compare(text, known)
    return order > 0
  })
  if (!isApplied) return news.length
  for (const text of news) {
    const { store, path } = decodeJson(SavedDraft, text)
    records.put(placeOf(transaction, store, path), text)
  }
  return news.length
}

/** A store id has no line break, so that store and path are told apart. */
function placeOf({ names }: VaultTransaction, store: StoreId, path: string): Place {
  return { kind: 'draft', id: names.opaque('draft', onlyId, `${store}\n${path}`), version: 0 }
}
