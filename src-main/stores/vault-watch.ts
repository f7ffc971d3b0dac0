import { watch } from 'node:fs'
import { dirname } from 'node:path'
import type { AppEvent } from '../contract/events'
import { CoffretError } from '../contract/errors'
import type { LocalVault } from '../vault/local-vault'

/** How long a folder must be quiet before its vaults are looked at, in milliseconds. */
const quietMs = 250

/** What the watch stands on. */
export interface WatchPorts {
  /** The vaults that are unlocked. */
  readonly unlocked: () => readonly LocalVault[]
  readonly emit: (event: AppEvent) => void
  /** Waits; both return what stops it. */
  readonly after: (milliseconds: number, work: () => void) => () => void
  readonly watchFolder?: (folder: string, onEvent: () => void) => () => void
}

/**
 * Notices what other programs do to the files of unlocked vaults: writes, so that the window shows them,
 * and another file in the place of one. It watches folders, since a file that is replaced takes a watch on
 * it along. Honest limit: where a system has no such watch (some network folders), nothing is noticed
 * until the vault is next used.
 */
export class VaultWatch {
  readonly #folders = new Map<string, () => void>()
  readonly #waiting = new Map<string, () => void>()

  constructor(private readonly ports: WatchPorts) {}

  /** Watches the folders of the vaults that are unlocked now, and no others. */
  follow(): void {
    const wanted = new Set(this.ports.unlocked().map(({ file }) => dirname(file)))
    for (const [folder, stop] of this.#folders) {
      if (wanted.has(folder)) continue
      stop()
      this.#waiting.get(folder)?.()
      this.#folders.delete(folder)
      this.#waiting.delete(folder)
    }
    const { watchFolder = watchWithSystem } = this.ports
    for (const folder of wanted) {
      if (this.#folders.has(folder)) continue
      this.#folders.set(
        folder,
        watchFolder(folder, () => this.#stir(folder)),
      )
      // From now on: what was written before is no news.
      for (const vault of this.#vaultsIn(folder)) looked(vault)
    }
  }

  close(): void {
    for (const stop of [...this.#folders.values(), ...this.#waiting.values()]) stop()
    this.#folders.clear()
    this.#waiting.clear()
  }

  /** A commit makes several events: the last of them counts. */
  #stir(folder: string): void {
    this.#waiting.get(folder)?.()
    this.#waiting.set(
      folder,
      this.ports.after(quietMs, () => {
        this.#waiting.delete(folder)
        for (const vault of this.#vaultsIn(folder)) this.#look(vault)
      }),
    )
  }

  #look(vault: LocalVault): void {
    const { emit } = this.ports
    if (vault.isReplaced) emit({ name: 'stores.changed' })
    else if (looked(vault)) {
      emit({ name: 'stores.changed' })
      for (const { id } of vault.stores()) emit({ name: 'secrets.changed', store: id })
    }
  }

  #vaultsIn(folder: string): LocalVault[] {
    return this.ports.unlocked().filter(({ file }) => dirname(file) === folder)
  }
}

/** Whether others wrote; whatever stands in the way is told by the next use of the vault. */
function looked(vault: LocalVault): boolean {
  try {
    return vault.hasNewWrites()
  } catch (error) {
    if (error instanceof CoffretError) return false
    throw error
  }
}

function watchWithSystem(folder: string, onEvent: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, onEvent)
    // The folder went, or the system has no more watches.
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => undefined
  }
}
