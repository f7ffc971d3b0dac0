import { lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BackupSettings } from '../../contract/backup-settings'
import type { EpochMs } from '../../contract/model'
import { syncFolder, translateFileErrors } from '../vault-file'
import { discardFile, unfinishedPrefix } from '../whole-file'

/** A backup as its folder shows it. */
export interface BackupFile {
  /** Its file name, which names it. */
  readonly name: string
  readonly file: string
  /** When it was made, from its name: copying files changes their times. */
  readonly at: EpochMs
  readonly bytes: number
}

/** The time as `2026-11-21T08-39-00-123Z`: no file system minds it. */
const namePattern = /-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.coffret$/

/** How old an unfinished copy is before it counts as left by a crash: a day. */
const abandonedAfterMs = 24 * 3_600_000

/** What backups of a vault are called. @param label of the vault; no more than 40 characters of it */
export function backupName(label: string, at: EpochMs): string {
  const time = new Date(at).toISOString().replace(/[:.]/g, '-')
  return `${Array.from(label).slice(0, 40).join('')}-${time}.coffret`
}

function timeOf(name: string): EpochMs | undefined {
  const found = namePattern.exec(name)
  if (found === null) return undefined
  const [, day, hour, minute, second, millisecond] = found
  const at = Date.parse(`${day}T${hour}:${minute}:${second}.${millisecond}Z`)
  return Number.isNaN(at) ? undefined : (at as EpochMs)
}

/** The backups in a folder, the latest first; none where there is no folder. @throws CoffretError */
export function listBackupFiles(folder: string): BackupFile[] {
  return namesIn(folder)
    .flatMap((name) => {
      const at = timeOf(name)
      const file = join(folder, name)
      const found = at === undefined ? undefined : lstatSync(file, { throwIfNoEntry: false })
      // Whoever put a link there may have it back as it was.
      if (at === undefined || !found?.isFile()) return []
      return [{ name, file, at, bytes: found.size }]
    })
    .sort((a, b) => b.at - a.at || (a.name < b.name ? -1 : 1))
}

function namesIn(folder: string): string[] {
  return translateFileErrors(folder, () => {
    try {
      return readdirSync(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  })
}

/** The settings, and where the backups of all vaults lie. */
export interface BackupPlan extends BackupSettings {
  readonly folder: string
  /** Whether that folder is made where it is missing. One that a person chose may be a disk that is away. */
  readonly makesFolder: boolean
}

/**
 * Makes the folder of a vault's backups, mode 0700, and clears away what a crash left in it.
 * @throws CoffretError `not_found` when the folder for all vaults is missing, `not_writable`, `storage`
 */
export function prepareBackupFolder(
  { folder: root, makesFolder }: BackupPlan,
  folder: string,
  now: EpochMs,
): void {
  translateFileErrors(folder, () => {
    if (!makesFolder) statSync(root)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (const name of namesIn(folder).filter((one) => one.startsWith(unfinishedPrefix))) {
      const found = lstatSync(join(folder, name), { throwIfNoEntry: false })
      if (found !== undefined && now - found.mtimeMs > abandonedAfterMs) {
        discardFile(join(folder, name))
      }
    }
  })
}

/** Removes a backup, durably. @throws CoffretError `not_writable`, `storage` */
export function removeBackupFile(folder: string, name: string): void {
  translateFileErrors(folder, () => {
    rmSync(join(folder, name), { force: true })
    rmSync(join(folder, `${name}-journal`), { force: true })
    syncFolder(folder)
  })
}
