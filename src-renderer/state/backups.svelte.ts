import { call } from '../bridge'
import { CoffretError } from '../../src-main/contract/errors'
import type { CallOutput } from '../../src-main/contract/calls'
import type { BackupStatus, BackupSummary } from '../../src-main/contract/backup-calls'
import type { VaultId, VaultSummary } from '../../src-main/contract/model'
import { Latest } from './latest'
import { passphraseBytes } from './strength'

/** The settings of backups as a form: numbers as they are typed. */
export type BackupSettingsOutput = CallOutput<'backups.settings'>

/** The backups of one vault. */
export class Backups {
  /** Undefined until it is known. */
  status = $state.raw<BackupStatus>()
  /** The latest first; undefined until they were read. */
  list = $state.raw<readonly BackupSummary[]>()
  settings = $state.raw<BackupSettingsOutput>()
  error = $state.raw<unknown>()
  /** Somebody looks at the list, so that it has to follow. */
  isShown = false
  readonly #loads = new Latest()

  constructor(private readonly vault: VaultId) {}

  /** Something about them changed. */
  async heard(): Promise<void> {
    await this.loadStatus()
    if (this.isShown && this.status?.isRunning === false) await this.load()
  }

  /** How the last one ended. */
  async loadStatus(): Promise<void> {
    try {
      this.status = await call('backups.status', { vault: this.vault })
    } catch {
      // Locked, or no vault any more: the rest of the window says so.
      this.status = undefined
    }
  }

  async load(): Promise<void> {
    const isLast = this.#loads.ask()
    try {
      const [settings, list] = await Promise.all([
        call('backups.settings'),
        call('backups.list', { vault: this.vault }),
      ])
      if (!isLast()) return
      this.settings = settings
      this.list = list
      this.error = undefined
    } catch (error) {
      if (isLast()) this.error = error
    }
  }

  /** @throws CoffretError as main refuses it */
  async make(): Promise<void> {
    await call('backups.make', { vault: this.vault })
    await this.load()
  }

  /** @throws CoffretError `not_found`, `not_writable` */
  async remove(backup: string): Promise<void> {
    await call('backups.remove', { vault: this.vault, backup })
    await this.load()
  }

  /** Opens one to be looked at. @throws CoffretError `wrong_passphrase` when it needs one */
  async open(backup: string, passphrase?: string): Promise<VaultSummary> {
    const which = { vault: this.vault, backup }
    if (passphrase === undefined) return call('backups.open', which)
    return call('backups.open', { ...which, passphrase: passphraseBytes(passphrase) })
  }

  async showFolder(): Promise<void> {
    await call('backups.showFolder', { vault: this.vault })
  }
}

/** Whether a failure is that of a key that does not fit. */
export function isWrongPassphrase(error: unknown): boolean {
  return error instanceof CoffretError && error.code === 'wrong_passphrase'
}
