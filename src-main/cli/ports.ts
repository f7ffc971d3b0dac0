import type { Clock, RandomBytes } from '../env'
import type { VaultId } from '../contract/model'
import type { Listener } from '../kv/listener'
import type { BrowserStores } from '../pki/browsers/import'
import type { LocalAccess } from '../stores/local-access'
import type { P12Ports } from './p12-commands'

/** Somebody in front of a screen, or the programs that stand in for it. */
export interface Terminal {
  /** One line on the standard output. */
  print(line: string): void
  /** One line on the standard error output. */
  warn(line: string): void
  /** Somebody reads what is printed: it goes to no file and no other program. */
  readonly isSeen: boolean
  /** Somebody can be asked. */
  readonly canAsk: boolean
  /**
   * Asks for something that is not shown. The receiver wipes it.
   * @throws CoffretError `invalid` when nobody can be asked, `cancelled`
   */
  askHidden(question: string): Promise<Uint8Array>
}

/** A vault that a command opened; `LocalVault` is one. */
export interface OpenedVault {
  readonly id: VaultId
  readonly file: string
  readonly discontinuity: unknown
  unlockWithPassphrase(passphrase: Uint8Array): Promise<void>
  lock(): void
  close(): void
  settled(): Promise<void>
}

/** A vault with what it takes to serve it. */
export interface ServableVault {
  readonly vault: OpenedVault
  readonly access: LocalAccess
  readonly listener: Listener
}

/** What the commands stand on; `cli.ts` builds it. */
export interface CommandPorts extends P12Ports {
  readonly version: string
  readonly terminal: Terminal
  readonly clock: Clock
  readonly random: RandomBytes
  readonly browsers: BrowserStores
  /** The built program, to be started again by `--detach`. */
  readonly program: string
  /** @throws CoffretError what opening throws */
  openVault(file: string): ServableVault
  /** @throws CoffretError what creating throws */
  createVault(
    file: string,
    passphrase: Uint8Array,
  ): Promise<{ readonly vault: OpenedVault; readonly recoveryWords: readonly string[] }>
}
