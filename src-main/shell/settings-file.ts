import { ipcMain } from 'electron'
import ElectronStore from 'electron-store'
import { StoredSettings, type AppSettings } from '../contract/settings'
import type { SettingsFile } from '../kv/settings-file'

/** The settings as `settings.json` in the app's own folder, readable by its owner alone. */
export function openSettingsFile(): SettingsFile {
  const store = new ElectronStore<Record<string, unknown>>({
    name: 'settings',
    clearInvalidConfig: true,
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
  })
  // The library would tell any page where this file lies. Our page asks through the table of calls.
  ipcMain.removeAllListeners('electron-store-get-data')
  const read = (): AppSettings => StoredSettings.parse(store.store)
  return {
    read,
    change: (parts) => {
      store.store = { ...read(), ...parts }
      return read()
    },
  }
}
