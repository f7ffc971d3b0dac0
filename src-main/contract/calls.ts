import { z } from 'zod'
import { accessCalls } from './access-calls'
import { auditCalls } from './audit-calls'
import { backupCalls } from './backup-calls'
import { FromBackups, binCalls } from './bin-calls'
import { browserCalls } from './browser-calls'
import { CredentialFile, FilePath, Passphrase, call, nothing } from './call'
import { checkCalls } from './check-calls'
import { compareCalls } from './compare-calls'
import { copyCalls } from './copy-calls'
import { CredentialReport } from './credentials'
import { domainCalls } from './domain-calls'
import { keyCalls } from './key-calls'
import { UnlockWith } from './key-slots'
import {
  Cas,
  CustomMetadata,
  DurationText,
  EpochMs,
  FolderPath,
  ListEntry,
  MaxVersions,
  SecretData,
  SecretMetadata,
  SecretPath,
  SecretSummary,
  SecretVersion,
  StoreConfig,
  StoreId,
  StoreSummary,
  VaultId,
  VaultSummary,
  VersionMetadata,
  VersionNumber,
  VersionState,
} from './model'
import { keptCertificateCalls } from './kept-certificate-calls'
import { listenerCalls } from './listener-calls'
import { Pkcs12Profile } from './pkcs12-profile'
import { rotationCalls } from './rotation-calls'
import { searchCalls } from './search-calls'
import { snapshotCalls } from './snapshot-calls'

export { CertificateInfo, CredentialReport } from './credentials'

/** Which version of which secret. */
const SecretAt = z.strictObject({ store: StoreId, path: SecretPath })
const VersionAt = SecretAt.extend({ version: VersionNumber.optional() })

/** Settings that the window sends; durations as text. */
export const SettingsInput = z.strictObject({
  maxVersions: MaxVersions.optional(),
  casRequired: z.boolean().optional(),
  deactivateVersionAfter: DurationText.optional(),
  customMetadata: CustomMetadata.optional(),
})
export type SettingsInput = z.input<typeof SettingsInput>

/** An edit that was not saved. It is kept sealed in the vault. `data` may be text that is not JSON yet. */
export const Draft = z.strictObject({
  store: StoreId,
  /** As typed; empty for a new secret without a name yet. */
  path: z.string().max(4096),
  /** The version that the edit began from, 0 for a new secret. */
  baseVersion: z.number().int().min(0),
  /** The JSON text of the editor, as it stands. */
  text: z.string().max(262_144),
  /** The settings form of a new secret, as typed. */
  form: z.record(z.string(), z.string()).optional(),
})
export type Draft = z.infer<typeof Draft>

/** How the app looks and when it locks. No secret is in it. */
export const Preferences = z.strictObject({
  language: z.enum(['system', 'en', 'fr']),
  theme: z.enum(['system', 'light', 'dark']),
  /** Minutes without use of this app until it locks; 0 never. */
  lockAfterMinutes: z.number().int().min(0).max(1440),
  /** Seconds until a copied value leaves the clipboard; 0 never. */
  clearClipboardAfterSeconds: z.number().int().min(0).max(600),
  listMode: z.enum(['tree', 'list']),
})
export type Preferences = z.infer<typeof Preferences>

/** What the window shows of the program itself. */
export const AppInfo = z.object({
  version: z.string(),
  electron: z.string(),
  chrome: z.string(),
  /** The runtime is the fallback for testing, not an official Electron. */
  fallbackRuntime: z.boolean(),
  platform: z.string(),
  /** BCP 47 tag of the system's language. */
  systemLanguage: z.string(),
  /** Where a new vault is proposed. */
  defaultVaultFolder: z.string(),
})
export type AppInfo = z.infer<typeof AppInfo>

export { Pkcs12Profile }

/** A version without its values: what a list of masked rows needs. Keys and bytes only while it is active. */
export const SecretOutline = z.object({
  metadata: VersionMetadata,
  state: VersionState,
  /** Size of the data, in bytes of compact UTF-8. */
  bytes: z.number().int().min(0).optional(),
  /** The keys of the object, in its order. */
  keys: z
    .array(
      z.object({
        key: z.string(),
        kind: z.enum(['text', 'number', 'boolean', 'null', 'list', 'object']),
      }),
    )
    .readonly()
    .optional(),
})
export type SecretOutline = z.infer<typeof SecretOutline>

/** The table of calls: all that the window may ask. Both ends are derived from it. */
export const calls = {
  'app.info': call(nothing, AppInfo),
  'app.quit': call(nothing, nothing),
  'preferences.read': call(nothing, Preferences),
  'preferences.write': call(Preferences.partial(), Preferences),

  /** The vaults that this machine knows. */
  'vault.list': call(nothing, z.array(VaultSummary)),
  /** Asks for a place with the system's dialog; undefined when the person gave up. */
  'vault.choose': call(
    z.strictObject({
      purpose: z.enum(['create', 'open']),
      suggestedName: z.string().max(255).optional(),
    }),
    z.string().optional(),
  ),
  /** Creates, unlocks and lists a vault. The words are given this once. */
  'vault.create': call(
    z.strictObject({ file: FilePath, passphrase: Passphrase }),
    z.object({ vault: VaultSummary, recoveryWords: z.array(z.string()) }),
  ),
  /** Lists an existing vault file, without unlocking it. */
  'vault.add': call(z.strictObject({ file: FilePath }), VaultSummary),
  /** Takes a vault off the list; the file stays. */
  'vault.forget': call(z.strictObject({ vault: VaultId }), nothing),
  'vault.unlock': call(z.strictObject({ vault: VaultId, with: UnlockWith }), VaultSummary),
  /** Goes on from the file as it is, though it is an older or another copy. */
  'vault.acceptAsIs': call(z.strictObject({ vault: VaultId }), nothing),
  /** Locks every vault; the window is replaced. */
  'vault.lock': call(nothing, nothing),

  ...keyCalls,
  ...searchCalls,

  'store.list': call(nothing, z.array(StoreSummary)),
  'store.config': call(z.strictObject({ store: StoreId }), StoreConfig),
  'store.configure': call(
    z.strictObject({ store: StoreId, change: SettingsInput.omit({ customMetadata: true }) }),
    StoreConfig,
  ),

  'secret.list': call(z.strictObject({ store: StoreId, folder: FolderPath }), z.array(ListEntry)),
  /** A page of all secrets of a store by path. `next` is what to pass as `after`; absent at the end. */
  'secret.paths': call(
    z.strictObject({
      store: StoreId,
      after: z.string().max(4096).optional(),
      limit: z.number().int().min(1).max(1000),
    }),
    z.object({ items: z.array(SecretSummary).readonly(), next: z.string().optional() }),
  ),
  'secret.metadata': call(SecretAt, SecretMetadata),
  /** The keys of a version, so that its rows can be shown masked and copied without any value here. */
  'secret.outline': call(VersionAt, SecretOutline),
  /** The only call that brings a value to the window. */
  'secret.reveal': call(VersionAt, SecretVersion),
  /** From the store to the clipboard, in main. `pointer` names the value; absent for the whole data. */
  'secret.copy': call(
    VersionAt.extend({
      pointer: z.array(z.union([z.string(), z.number().int().min(0)])).optional(),
    }),
    z.object({ clearsAt: EpochMs.optional() }),
  ),
  'secret.create': call(
    SecretAt.extend({ data: SecretData, settings: SettingsInput.optional() }),
    SecretMetadata,
  ),
  /** A new version, with the version it was edited from; without it only where a store has no `cas`. */
  'secret.write': call(SecretAt.extend({ data: SecretData, cas: Cas.optional() }), VersionMetadata),
  'secret.configure': call(SecretAt.extend({ settings: SettingsInput }), SecretMetadata),
  'secret.setState': call(
    SecretAt.extend({ versions: z.array(VersionNumber).min(1).max(24_000), state: VersionState }),
    z.array(VersionMetadata),
  ),
  /** Writes an old version's data as a new version. */
  'secret.restore': call(SecretAt.extend({ version: VersionNumber, cas: Cas }), VersionMetadata),
  /** Erases it at once; see `bin.discard`. */
  'secret.remove': call(SecretAt.extend({ fromBackups: FromBackups }), nothing),
  'secret.transfer': call(
    z.strictObject({
      store: StoreId,
      from: SecretPath,
      to: SecretPath,
      kind: z.enum(['secret', 'folder']),
      keepSource: z.boolean(),
    }),
    nothing,
  ),

  ...binCalls,
  ...checkCalls,
  ...backupCalls,
  ...rotationCalls,
  ...listenerCalls,
  ...auditCalls,
  ...accessCalls,

  /** Keeps an unsaved edit, sealed; it replaces the store's earlier draft for that path. */
  'draft.keep': call(Draft, nothing),
  'draft.list': call(
    nothing,
    z.array(
      z.object({
        store: StoreId,
        path: z.string(),
        baseVersion: z.number().int(),
        savedAt: EpochMs,
      }),
    ),
  ),
  /** Gives back what the window itself had sent. */
  'draft.open': call(
    z.strictObject({ store: StoreId, path: z.string().max(4096) }),
    Draft.optional(),
  ),
  'draft.discard': call(z.strictObject({ store: StoreId, path: z.string().max(4096) }), nothing),

  'clipboard.clear': call(nothing, nothing),
  /** Text that is no secret: a path, a command. It is not cleared. */
  'clipboard.copyText': call(z.strictObject({ text: z.string().max(4096) }), nothing),
  /** A secret of the window itself: the recovery words, a generated password. It is cleared as values are. */
  'clipboard.copySecret': call(
    z.strictObject({ text: z.string().max(4096) }),
    z.object({ clearsAt: EpochMs.optional() }),
  ),

  'credential.inspect': call(
    z.strictObject({
      files: z.array(CredentialFile).min(1).max(16),
      password: z.string().max(1024).optional(),
    }),
    CredentialReport,
  ),
  /** Asks for a place and writes a PKCS#12 file there (0600); undefined when the person gave up. */
  'credential.savePkcs12': call(
    z.strictObject({
      files: z.array(CredentialFile).min(1).max(16),
      keyPassword: z.string().max(1024).optional(),
      password: z.string().min(1).max(1024),
      friendlyName: z.string().max(128),
      profile: Pkcs12Profile,
    }),
    z.string().optional(),
  ),
  /**
   * Asks for a place and writes the private key (PKCS#8), its certificate and the chain above it as
   * one PEM file there (0600); undefined when the person gave up. `newKeyPassword` closes the key.
   */
  'credential.savePem': call(
    z.strictObject({
      files: z.array(CredentialFile).min(1).max(16),
      keyPassword: z.string().max(1024).optional(),
      newKeyPassword: z.string().min(1).max(1024).optional(),
      /** Proposed for the file. */
      name: z.string().max(128),
    }),
    z.string().optional(),
  ),

  ...browserCalls,
  ...keptCertificateCalls,
  ...compareCalls,
  ...copyCalls,
  ...domainCalls,
  ...snapshotCalls,
} as const

/** The name of a call. */
export type CallName = keyof typeof calls

/** What the caller passes: before defaults and transforms. */
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>

/** What the handler receives: parsed. */
export type CallArguments<N extends CallName> = z.output<(typeof calls)[N]['input']>

/** What the handler returns and the caller gets. */
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>

/** One function for each call. */
export type Handlers = {
  readonly [N in CallName]: (input: CallArguments<N>) => Promise<CallOutput<N>> | CallOutput<N>
}
