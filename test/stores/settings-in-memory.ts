import { defaultBackupSettings } from '../../src-main/contract/backup-settings'
import { defaultLocalApiSettings } from '../../src-main/contract/local-api-settings'
import { defaultPreferences, type AppSettings } from '../../src-main/contract/settings'
import type { SettingsFile } from '../../src-main/kv/settings-file'

/** Settings that last as long as the test. */
export function settingsInMemory(start: Partial<AppSettings> = {}): SettingsFile {
  let settings: AppSettings = {
    ...{ preferences: defaultPreferences, vaults: [], backups: defaultBackupSettings },
    localApi: defaultLocalApiSettings,
    expiryWarnings: [],
    ...start,
  }
  return {
    read: () => settings,
    change: (parts) => (settings = { ...settings, ...parts }),
  }
}
