import { z } from 'zod'
import { StoredBackupSettings, defaultBackupSettings, type BackupSettings } from './backup-settings'
import { Preferences } from './calls'
import {
  StoredLocalApiSettings,
  defaultLocalApiSettings,
  type LocalApiSettings,
} from './local-api-settings'
import { DomainId } from './domain'
import { WithinDays } from './domain-calls'
import { KeptCertificateId } from './kept-certificate'
import { EpochMs, VaultId } from './model'

/** A vault file that this machine knows: its id too, so that it can be named while the file is away. */
export const KnownVault = z.strictObject({ id: VaultId, file: z.string().min(1).max(4096) })
export type KnownVault = z.infer<typeof KnownVault>

/** Where the window was, in device-independent pixels. */
export const WindowState = z.strictObject({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  isMaximized: z.boolean(),
})
export type WindowState = z.infer<typeof WindowState>

/** More are forgotten, the oldest first: people are then told once more. */
export const maxExpiryWarnings = 1000

/** A warning that was given: of which domain or kept certificate, by its id, and of which end. */
export const ExpiryWarning = z.strictObject({
  id: z.union([DomainId, KeptCertificateId]),
  endsAt: EpochMs,
  withinDays: WithinDays,
})
export type ExpiryWarning = z.infer<typeof ExpiryWarning>

/** What this machine remembers between two runs. No secret is in it, only the places of vault files. */
export interface AppSettings {
  readonly preferences: Preferences
  readonly vaults: readonly KnownVault[]
  readonly window?: WindowState | undefined
  readonly backups: BackupSettings
  readonly localApi: LocalApiSettings
  /** Of which ends of certificates people were told. */
  readonly expiryWarnings: readonly ExpiryWarning[]
}

/** The preferences of somebody who has chosen nothing. */
export const defaultPreferences: Preferences = {
  language: 'system',
  theme: 'system',
  lockAfterMinutes: 15,
  clearClipboardAfterSeconds: 20,
  listMode: 'tree',
}

const { shape } = Preferences

/**
 * The settings as read from disk. Whatever part of them is damaged, or was written by another version
 * of Coffret, falls back to its default: a broken settings file must not stand between people and their vault.
 */
export const StoredSettings = z
  .object({
    preferences: z
      .object({
        language: shape.language.catch(defaultPreferences.language),
        theme: shape.theme.catch(defaultPreferences.theme),
        lockAfterMinutes: shape.lockAfterMinutes.catch(defaultPreferences.lockAfterMinutes),
        clearClipboardAfterSeconds: shape.clearClipboardAfterSeconds.catch(
          defaultPreferences.clearClipboardAfterSeconds,
        ),
        listMode: shape.listMode.catch(defaultPreferences.listMode),
      })
      .catch(defaultPreferences),
    vaults: z
      .array(z.unknown())
      .catch([])
      .transform((list) =>
        list.flatMap((one) => {
          const known = KnownVault.safeParse(one)
          return known.success ? [known.data] : []
        }),
      ),
    window: WindowState.optional().catch(undefined),
    backups: StoredBackupSettings,
    localApi: StoredLocalApiSettings,
    expiryWarnings: z.array(ExpiryWarning).max(maxExpiryWarnings).readonly().catch([]),
  })
  .catch({
    preferences: defaultPreferences,
    vaults: [],
    window: undefined,
    backups: defaultBackupSettings,
    localApi: defaultLocalApiSettings,
    expiryWarnings: [],
  })
