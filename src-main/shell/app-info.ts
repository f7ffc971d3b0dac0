import { join } from 'node:path'
import { app } from 'electron'
import type { AppInfo } from '../contract/calls'

/** What the window shows of the program and the computer. */
export function appInfo(): AppInfo {
  return {
    version: app.getVersion(),
    electron: process.versions['electron'] ?? '',
    chrome: process.versions['chrome'] ?? '',
    fallbackRuntime: process.env['COFFRET_RUNTIME_FALLBACK'] === '1',
    platform: process.platform,
    systemLanguage: systemLanguage(),
    defaultVaultFolder: defaultVaultFolder(),
  }
}

/** BCP 47 tag of the language that the person prefers. */
export function systemLanguage(): string {
  return app.getPreferredSystemLanguages()[0] ?? app.getLocale()
}

/**
 * Where backups lie unless the settings say otherwise. Beside the app's data and not beside the vault: what
 * happens to a vault's folder (a stick that is lost, a sync tool, a hand that slips) happens to what lies in it.
 */
export function backupFolder(): string {
  return join(app.getPath('userData'), 'backups')
}

/** Where new vaults are proposed: the app's own folder. */
export function defaultVaultFolder(): string {
  return join(app.getPath('userData'), 'vaults')
}
