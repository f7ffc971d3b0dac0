import type {
  CallArguments,
  AppInfo,
  CredentialReport,
  Pkcs12Profile,
  Preferences,
} from '../contract/calls'
import type { AppEvent } from '../contract/events'
import type { LocalApiStatus } from '../contract/listener-calls'
import type { EpochMs } from '../contract/model'
import type { ProbeResult } from '../contract/probe'
import type { RandomBytes } from '../env'
import type { DomainSecret } from '../kv/domain-book'
import type { SettingsFile } from '../kv/settings-file'
import type { BrowserStores } from '../pki/browsers/import'
import type { LocalAccess } from '../stores/local-access'
import type { StoreRegistry } from '../stores/store-registry'

/** The system's clipboard, with a value that leaves it again. */
export interface ClipboardPort {
  /** @returns when the value will leave the clipboard; undefined when it stays */
  copySecret(text: string): Promise<EpochMs | undefined>
  /** Text that is no secret and stays. */
  copyText(text: string): Promise<void>
  /** Clears the clipboard if it still holds our value. */
  clear(): Promise<void>
}

/** What a file dialog offers. */
export interface FileQuestion {
  readonly suggestedPath?: string
  /** Without the dot. */
  readonly extension: string
  /** The kind of file in the dialog's filter. */
  readonly kind: string
}

/** The system's file dialogs; undefined when the person gave up, or the app locked meanwhile. */
export interface DialogPort {
  chooseNewFile(question: FileQuestion): Promise<string | undefined>
  chooseFile(question: FileQuestion): Promise<string | undefined>
  /** @param suggestedPath empty for wherever the dialog begins by itself */
  chooseFolder(suggestedPath: string): Promise<string | undefined>
}

/** A file as the window sent it. */
export interface NamedBytes {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What a PKCS#12 file is made of. */
export interface Pkcs12Request {
  readonly files: readonly NamedBytes[]
  readonly keyPassword: string | undefined
  readonly password: string
  readonly friendlyName: string
  readonly profile: Pkcs12Profile
}

/** What a private key and its certificates are taken out of. */
export interface PemRequest {
  readonly files: readonly NamedBytes[]
  readonly keyPassword: string | undefined
  /** Closes the key that is given; without it the key is in the clear. */
  readonly newKeyPassword: string | undefined
}

/** PEM and PKCS#12, read in a thread of its own: the files come from strangers. */
export interface CredentialTools {
  inspect(request: {
    readonly files: readonly NamedBytes[]
    readonly password: string | undefined
  }): Promise<CredentialReport>
  /** @throws CoffretError `wrong_password`, `key_mismatch`, `invalid`, `unsupported` */
  makePkcs12(request: Pkcs12Request): Promise<Uint8Array>
  /** @throws CoffretError as `makePkcs12` */
  extractPem(request: PemRequest): Promise<{ certificates: Uint8Array; key: Uint8Array }>
}

/** Files that only their owner may read. */
export interface PrivateFiles {
  /**
   * Writes a whole file, mode 0600, or nothing.
   * @throws CoffretError `exists` (unless it may replace), `not_found`, `not_writable`, `storage`
   */
  write(file: string, bytes: Uint8Array, options: { mayReplace: boolean }): Promise<void>
  /**
   * Makes a folder, mode 0700, in one that is there.
   * @throws CoffretError `exists`, `not_found`, `not_writable`, `storage`
   */
  newFolder(folder: string): Promise<void>
  /** Deletes a file that holds exactly these bytes, and that no link leads to. It never rejects. */
  removeIfSame(
    file: string,
    bytes: Uint8Array,
  ): Promise<'removed' | 'changed' | 'missing' | 'failed'>
}

/** The program around the window. */
export interface AppPort {
  info(): AppInfo
  quit(): void
  /** Shows a folder in the system's file manager. @throws CoffretError `not_found`, `storage` */
  showFolder(folder: string): Promise<void>
  /** Starts locking; the window that asked will not live to see the end. */
  lock(): void
  /** A lock waits for the unsaved edit: here it is. */
  draftKept(): void
  applyPreferences(preferences: Preferences): void
  /**
   * Opens a page in the person's browser once they said so to the system.
   * @returns whether it was opened
   * @throws CoffretError `forbidden` for any address but those of OKMS and of the local API
   */
  openPage(address: string): Promise<boolean>
}

/** The local API for programs, as the calls of `listener-calls.ts` say. */
export interface LocalApiPort {
  status(): LocalApiStatus
  start(request: CallArguments<'localApi.start'>): Promise<LocalApiStatus>
  stop(): Promise<LocalApiStatus>
  openDocumentation(): void
}

/**
 * Shows a client certificate to a server. The public authorities are trusted, and those given.
 * @throws CoffretError `invalid` with the field `url` or `authorities`
 */
export type Prober = (request: {
  readonly url: string
  /** PEM; empty for none. */
  readonly authorities: string
  readonly certificate: Extract<DomainSecret, { kind: 'certificate' }>
}) => Promise<ProbeResult>

/** What the handlers stand on. */
export interface HandlerPorts {
  readonly stores: StoreRegistry
  readonly settings: SettingsFile
  readonly clipboard: ClipboardPort
  readonly dialog: DialogPort
  readonly credentials: CredentialTools
  readonly browsers: BrowserStores
  readonly files: PrivateFiles
  readonly random: RandomBytes
  readonly probe: Prober
  /** Where backups lie unless the settings say otherwise. */
  readonly backupFolder: string
  readonly app: AppPort
  readonly localApi: LocalApiPort
  /** Who may call the local API of a vault. */
  readonly access: (vault: ReturnType<StoreRegistry['vault']>) => LocalAccess
  readonly emit: (event: AppEvent) => void
}
