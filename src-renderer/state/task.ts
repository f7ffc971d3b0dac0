import type { PendingCopy } from '../../src-main/contract/copy-calls'
import type { StoreSummary } from '../../src-main/contract/model'
import type { Words } from '../words'
import type { CopySource } from './copy-form.svelte'
import { nameOf } from './paths'

/** What a person does between two stores, in a dialog. */
export type Task =
  | { readonly kind: 'copy' | 'move' | 'compare'; readonly source: CopySource }
  | { readonly kind: 'resume'; readonly pending: PendingCopy }
  | { readonly kind: 'take' | 'refresh' | 'erase'; readonly store: StoreSummary }

/** A line of a menu. */
interface TaskItem {
  readonly text: string
  readonly run: () => void
}

/** What can be done with a secret, a folder or a whole store beyond its own store. */
export function taskItems(
  words: Words,
  source: CopySource,
  begin: (task: Task) => void,
): TaskItem[] {
  const { copies } = words
  const { store, path } = source
  const isWhole = source.kind === 'folder' && path === ''
  const item = (text: string, task: Task) => ({ text, run: () => begin(task) })
  return [
    item(copies.copyTo, { kind: 'copy', source }),
    ...(store.capabilities.includes('write')
      ? [item(copies.moveTo, { kind: 'move', source })]
      : []),
    item(copies.compareWith, { kind: 'compare', source }),
    ...(isWhole && store.kind === 'domain'
      ? [item(copies.takeSnapshot, { kind: 'take', store })]
      : []),
    ...(isWhole && store.snapshot !== undefined
      ? [
          item(copies.snapshotRefresh, { kind: 'refresh', store }),
          item(copies.snapshotErase, { kind: 'erase', store }),
        ]
      : []),
  ]
}

/** What a source is called in a sentence. */
export function sourceName(words: Words, { path, store }: CopySource): string {
  return path === '' ? words.copies.everything(store.label) : nameOf(path)
}
