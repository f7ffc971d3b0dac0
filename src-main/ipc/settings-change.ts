import type { z } from 'zod'
import type { SettingsInput } from '../contract/calls'
import type { SettingsChange } from '../kv/secret-store'

/** Settings of the window as a store takes them: what is there and undefined is left out. */
export function settingsChange(input: z.output<typeof SettingsInput>): SettingsChange {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as SettingsChange
}
