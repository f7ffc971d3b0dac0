import { CoffretError } from '../../src-main/contract/errors'
import type { AppState } from './app-state.svelte'
import { folderId, rowsNearby, secretId } from './tree'
import type { VaultState } from './vault-state.svelte'

/** A secret, or a folder with everything in it. */
export interface Discarded {
  readonly store: string
  readonly path: string
  readonly kind: 'secret' | 'folder'
}

/** Moves it into the bin at once, and offers to undo that. An edit of it that would be lost asks first. */
export function moveToBin(app: AppState, vault: VaultState, at: Discarded): void {
  if (isEditedIn(vault, at)) vault.leave(() => void discard(app, vault, at))
  else void discard(app, vault, at)
}

async function discard(app: AppState, vault: VaultState, at: Discarded): Promise<void> {
  const { store, path, kind } = at
  const { browser, bin } = vault
  const words = app.words.bin
  const row = kind === 'secret' ? secretId(store, path) : folderId(store, path)
  // A key that is pressed twice means it once.
  if (bin.going.has(row)) return
  bin.going.add(row)
  const nearby = rowsNearby(browser.rows, row)
  // At once: the next key is meant for the next row.
  if (browser.activeId === row) browser.activeId = nearby[0]
  try {
    const ids = await bin.discard(at)
    if (isEditedIn(vault, at)) await vault.closeEditor()
    if (isOpenIn(vault, at)) vault.closeSecret()
    vault.error = undefined
    const text = kind === 'secret' ? words.discarded(path) : words.discardedMany(ids.length)
    app.notices.say(text, {
      text: words.undo,
      run: () => void undo(app, vault, at, ids),
    })
    await browser.reload(store)
    if (browser.activeIndex < 0) {
      browser.activeId = nearby.find((id) => browser.rows.some((one) => one.id === id))
    }
    focusList()
  } catch (error) {
    vault.error = error
  }
  bin.going.delete(row)
}

async function undo(
  app: AppState,
  vault: VaultState,
  { store, path, kind }: Discarded,
  ids: readonly string[],
): Promise<void> {
  const words = app.words.bin
  const { secret, editor } = vault
  try {
    const [first] = await vault.bin.restore(store, ids)
    await vault.browser.reload(store)
    app.notices.say(kind === 'secret' ? words.restored(path) : words.restoredMany(ids.length))
    // Whoever has opened another one meanwhile stays there.
    if (vault.secret !== secret || vault.editor !== editor) return
    if (kind === 'secret' && first !== undefined) vault.open(store, first)
    else await vault.browser.show(store, first ?? path)
    focusList()
  } catch (error) {
    if (error instanceof CoffretError && error.code === 'exists') {
      app.notices.say(words.undoTaken(path))
    } else {
      vault.error = error
    }
  }
}

/** What is open is what goes, or lies in it. */
function isOpenIn({ secret }: VaultState, { store, path, kind }: Discarded): boolean {
  if (secret?.store.id !== store) return false
  return kind === 'secret' ? secret.path === path : secret.path.startsWith(`${path}/`)
}

function isEditedIn(vault: VaultState, at: Discarded): boolean {
  const { editor, secret } = vault
  return isOpenIn(vault, at) && (editor?.isNew === false || secret?.settings?.isDirty === true)
}

/** What had the focus is gone; unless something else took it, the list goes on. */
function focusList(): void {
  const { activeElement } = document
  if (activeElement === null || activeElement === document.body) {
    document.querySelector<HTMLElement>('[data-list]')?.focus()
  }
}
