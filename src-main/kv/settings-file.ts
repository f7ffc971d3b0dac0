import type { AppSettings } from '../contract/settings'

/** The port to what this machine remembers between two runs. No secret is in it. */
export interface SettingsFile {
  /** All settings, with defaults for what is missing or damaged. */
  read(): AppSettings
  /**
   * Replaces the given parts, on disk before it returns.
   * @returns all settings
   */
  change(parts: Partial<AppSettings>): AppSettings
}
