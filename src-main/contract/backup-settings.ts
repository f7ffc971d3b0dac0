import { z } from 'zod'

/** A number of backups to keep of one sort. */
const kept = (least: number) => z.number().int().min(least).max(1000)

/** When backups are made, and which are kept. They hold for every vault of this machine. */
export const BackupSettings = z.strictObject({
  /** Made by themselves; by hand they are made in any case. */
  isOn: z.boolean(),
  /** An absolute path; a folder beside the app's own data when absent. Each vault has a folder in it. */
  folder: z.string().min(1).max(4096).optional(),
  /** While a vault is written to, the least time between two of them, in minutes. */
  everyMinutes: z.number().int().min(1).max(1440),
  /** How many of the latest are kept. */
  last: kept(1),
  /** For how many days the last one of the day is kept. */
  daily: kept(0),
  /** For how many weeks the last one of the week is kept. */
  weekly: kept(0),
})
export type BackupSettings = z.infer<typeof BackupSettings>

/** The settings of somebody who has chosen nothing. */
export const defaultBackupSettings: BackupSettings = {
  isOn: true,
  everyMinutes: 30,
  last: 10,
  daily: 7,
  weekly: 4,
}

const { shape } = BackupSettings
const fallback = defaultBackupSettings

/** As read from disk: whatever part is damaged falls back to its default. */
export const StoredBackupSettings = z
  .object({
    isOn: shape.isOn.catch(fallback.isOn),
    folder: shape.folder.catch(undefined),
    everyMinutes: shape.everyMinutes.catch(fallback.everyMinutes),
    last: shape.last.catch(fallback.last),
    daily: shape.daily.catch(fallback.daily),
    weekly: shape.weekly.catch(fallback.weekly),
  })
  .catch(fallback)
