import { call } from '../bridge'
import type {
  BrowserGuide,
  BrowserImport,
  BrowserList,
  BrowserStore,
  BrowserStoreId,
  BrowserTarget,
} from '../../src-main/contract/browser-calls'
import { CoffretError } from '../../src-main/contract/errors'
import type { KeptCertificate } from '../../src-main/contract/kept-certificate'
import { Latest } from './latest'
import { databasePassword, type KeptCertificates } from './kept-certificates.svelte'

/** For which browser the steps are shown first. */
const usualTarget: Readonly<Record<BrowserList['system'], BrowserTarget>> = {
  linux: 'firefox',
  macos: 'safari-macos',
  windows: 'edge-windows',
  other: 'firefox',
}

/** A kept certificate on its way into a browser. */
export class BrowserImportState {
  /** Undefined until it was read. */
  list = $state.raw<BrowserList>()
  target = $state<BrowserTarget>('firefox')
  guide = $state.raw<BrowserGuide>()
  error = $state.raw<unknown>()
  /** The store that is being written to. */
  busy = $state.raw<BrowserStoreId>()
  /** It is being imported into, which can be cancelled. */
  isAdding = $state(false)
  /** The store that asks for its primary password, what for, and whether one was wrong. */
  asking = $state.raw<{
    readonly store: BrowserStoreId
    readonly work: 'add' | 'remove'
    readonly isWrong: boolean
  }>()
  password = $state('')
  /** What was just imported. */
  done = $state.raw<{ readonly store: BrowserStoreId; readonly result: BrowserImport }>()
  /** The store that it was just taken out of. */
  takenOut = $state.raw<BrowserStoreId>()
  /** The store whose import was cancelled. */
  cancelled = $state.raw<BrowserStoreId>()
  /** What went wrong with a store. */
  failed = $state.raw<{ readonly store: BrowserStoreId; readonly error: unknown }>()
  readonly #guides = new Latest()

  constructor(
    private readonly certificates: KeptCertificates,
    private readonly certificate: KeptCertificate,
  ) {}

  async load(): Promise<void> {
    this.error = undefined
    try {
      const isFirst = this.list === undefined
      this.list = await call('browser.list')
      if (!isFirst) return
      this.target = usualTarget[this.list.system]
      await this.showSteps(this.target)
    } catch (error) {
      this.error = error
    }
  }

  async showSteps(target: BrowserTarget): Promise<void> {
    const isLast = this.#guides.ask()
    this.target = target
    const guide = await call('browser.steps', { target })
    if (isLast()) this.guide = guide
  }

  /** It is in this store, put there by Coffret. */
  isIn({ certificates }: BrowserStore): boolean {
    const { sha256Fingerprint } = this.certificate
    return certificates.some((one) => one.sha256Fingerprint === sha256Fingerprint)
  }

  /** Puts it there, or takes it out. */
  async perform(store: BrowserStoreId, work: 'add' | 'remove'): Promise<void> {
    if (this.busy !== undefined) return
    this.busy = store
    this.failed = undefined
    this.takenOut = undefined
    this.cancelled = undefined
    this.isAdding = work === 'add'
    // What was typed for one store is no business of another.
    if (this.asking?.store !== store) this.#forget()
    const { password } = this
    try {
      if (work === 'add') await this.#import(store, password)
      else await this.#remove(store, password)
      this.#forget()
      this.list = await call('browser.list')
    } catch (error) {
      const known = error instanceof CoffretError ? error : undefined
      if (known?.code === 'cancelled') await this.#wasCancelled(store)
      else if (known?.field === 'databasePassword')
        this.asking = { store, work, isWrong: password !== '' }
      else this.failed = { store, error }
    }
    this.busy = undefined
    this.isAdding = false
  }

  /** Ends the import that is under way, which then changes nothing. */
  async cancel(): Promise<void> {
    if (this.busy !== undefined && this.isAdding) {
      await call('browser.cancelImport', { store: this.busy })
    }
  }

  async #import(store: BrowserStoreId, password: string): Promise<void> {
    const { id } = this.certificate
    const result = await this.certificates.importIntoBrowser(id, store, password)
    this.done = { store, result }
  }

  async #remove(store: BrowserStoreId, password: string): Promise<void> {
    const { sha256Fingerprint } = this.certificate
    const request = { store, sha256Fingerprint, ...databasePassword(password) }
    await call('browser.remove', request)
    this.done = undefined
    this.takenOut = store
  }

  async #wasCancelled(store: BrowserStoreId): Promise<void> {
    this.cancelled = store
    // One that was made for it is there, empty.
    await this.load()
  }

  #forget(): void {
    this.asking = undefined
    this.password = ''
  }
}

/** What a store is called, in one line. */
export const storeTitle = ({ program, name }: BrowserStore): string =>
  [program, name].filter((part) => part !== '').join(' · ')

/** A word of a command as a person would type it in a shell. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** A command as a person would type it in a shell. */
export const shellText = (command: readonly string[]): string => command.map(shellWord).join(' ')
