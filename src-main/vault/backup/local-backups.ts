import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { BackupStatus, BackupSummary, RestoreCounts } from '../../contract/backup-calls'
import { CoffretError } from '../../contract/errors'
import type { EpochMs, SecretPath, VaultId } from '../../contract/model'
import type { KdfSettings } from '../../crypto/kdf'
import { isBackupDue, keptBackups } from '../../kv/backup-rules'
import {
  backupName,
  listBackupFiles,
  prepareBackupFolder,
  removeBackupFile,
  type BackupFile,
  type BackupPlan,
} from './backup-files'
import { markOfBackup, stateOfBackup } from './backup-state'
import type { Database } from '../database'
import { copyVaultFile, exportToFile, type ExportTarget } from './export-to-file'
import type { JobInput, JobName, JobOptions, JobOutput } from '../jobs/jobs'
import { OpenedBackups, type OpenedBackupsContext } from './opened-backups'
import { versionTimes } from './purge-secrets'
import { restoreOne, type RestoreOne } from './restore-secrets'
import { stateMark } from '../state'
import { identify } from '../vault-file'
import { bringToPlace, discardFile, newFileBeside } from '../whole-file'

/** What the backups of a vault stand on. */
export interface BackupsContext extends OpenedBackupsContext {
  /** The vault's own connection. */
  readonly database: Database
  /** Asked each time; absent where no backups are made. */
  readonly plan?: () => BackupPlan
  /** Something about the backups changed: one was made, or failed. */
  readonly onChange?: () => void
  /** What guessing the passphrase of an export is to cost. */
  readonly chooseKdf?: () => Promise<KdfSettings>
  readonly run: <N extends JobName>(
    job: N,
    input: JobInput<N>,
    options?: JobOptions & { readonly file?: string },
  ) => Promise<JobOutput<N>>
}

/**
 * Backups of a vault: whole copies of its file, each in itself a vault that opens with the keys of then.
 * They are made without any key, page by page, and proved with the keys before older ones go. What fails
 * is told by {@link LocalBackups.status} and disturbs nothing else.
 *
 * Honest limits: they hold what was destroyed since, until they are dropped; those in a folder that the
 * settings named before are not known; and a copy that a lock begins is proved once the vault is unlocked.
 */
export class LocalBackups {
  /** Those that somebody looks at. */
  readonly opened: OpenedBackups
  #isRunning = false
  #last: Promise<unknown> = Promise.resolve()
  #problem: BackupStatus['problem']
  /** Since the vault was unlocked. */
  #triedAt: EpochMs | undefined
  /** What proving said of files in this run of the program, by name. */
  readonly #proved = new Map<string, boolean>()

  constructor(private readonly context: BackupsContext) {
    this.opened = new OpenedBackups(context)
  }

  /** Whether there are backups at all. */
  get isOffered(): boolean {
    return this.context.plan !== undefined
  }

  /** Where the backups of this vault lie. @throws CoffretError `unsupported` where none are made */
  get folder(): string {
    return join(this.#plan().folder, this.context.vaultId)
  }

  status(): BackupStatus {
    const isRunning = this.#isRunning
    return this.#problem === undefined ? { isRunning } : { isRunning, problem: this.#problem }
  }

  /** The backups, the latest first. @throws CoffretError `locked`, `not_writable`, `storage` */
  async list(): Promise<BackupSummary[]> {
    return this.#inTurn(() => {
      const found = this.#files().map((file) => ({ ...file, state: this.#stateOf(file) }))
      const kept = this.#kept(found)
      return found.map(({ name, at, bytes, state }) => {
        return { name, madeAt: at, bytes, state, kept: kept.get(at) ?? [] }
      })
    })
  }

  /** Makes a backup now. @throws CoffretError `locked`, `not_writable`, `storage`, `corrupt` */
  async make(): Promise<void> {
    this.context.unlocked()
    await this.#tracked(() => this.#make())
  }

  /**
   * Makes a backup if one is due, and proves one that a lock had made. To be called now and then while the
   * vault is unlocked. It never rejects.
   */
  async tick(): Promise<void> {
    const { plan, clock, unlocked } = this.context
    if (plan?.().isOn !== true || this.#isRunning) return
    // Of a file that is older than it should be the good backups are what may help: they stay.
    await this.#quietly(async () => {
      if (unlocked().discontinuity !== undefined) return
      const occasion = { when: 'open', triedAt: this.#triedAt, now: clock.now() } as const
      const { everyMinutes } = this.#plan()
      if (isBackupDue({ ...occasion, everyMinutes, isChanged: this.#isChanged() })) {
        await this.#tracked(() => this.#make())
      } else {
        await this.#proveNewest()
      }
    })
  }

  /** The vault is about to be locked: copies it if it changed. Nothing waits for it, and it never throws. */
  locking(): void {
    const { plan, clock, unlocked } = this.context
    this.opened.closeAll()
    const [triedAt, now] = [this.#triedAt, clock.now()]
    this.#triedAt = undefined
    if (plan?.().isOn !== true) return
    void this.#quietly(async () => {
      if (unlocked().discontinuity !== undefined) return
      const { everyMinutes } = this.#plan()
      const isChanged = this.#isChanged()
      if (!isBackupDue({ when: 'lock', triedAt, now, everyMinutes, isChanged })) return
      await this.#tracked(() => this.#copy())
    })
  }

  /** Ends once nothing is being done any more. It never rejects. */
  async settled(): Promise<void> {
    await this.#last.catch(() => undefined)
  }

  /** Removes a backup. @throws CoffretError `not_found`, `not_writable` */
  async remove(name: string): Promise<void> {
    this.find(name)
    this.opened.closeAll(name)
    await this.#inTurn(async () => removeBackupFile(this.folder, name))
    this.#changed()
  }

  /** @throws CoffretError `not_found`, `locked` */
  find(name: string): BackupFile {
    const found = this.#files().find((one) => one.name === name)
    if (found === undefined) throw new CoffretError('not_found', 'there is no such backup')
    return found
  }

  /**
   * Erases secrets from every backup.
   * @param ids the ids of their records, as the bin names them
   * @param paths where they may lie in the backups, which spares looking through all names. There they are
   * found too where they had another id, before they came back from a backup
   * @returns how many backups held one of them
   * @throws CoffretError `unsupported`, with nothing erased, when a backup does not open with the vault's
   * keys: it has to be removed first; `cancelled`, `corrupt`, `storage`
   */
  async purge(ids: readonly string[], paths: readonly SecretPath[] = []): Promise<number> {
    return this.#inTurn(async () => {
      const files = this.#files()
      const closed = files.filter((file) => this.#stateOf(file) !== 'opens').length
      if (closed > 0) throw new CoffretError('unsupported', `${closed} backups do not open`)
      let count = 0
      this.opened.closeAll()
      this.#changed()
      const input = { ids, paths, times: versionTimes(this.context.unlocked(), ids) }
      for (const { file } of files) {
        if ((await this.context.run('purge', input, { file })) === 0) continue
        await this.context.run('proveBackup', undefined, { file })
        count += 1
      }
      return count
    })
  }

  /** Brings one secret back from an opened backup. @throws CoffretError as `restoreOne` */
  restoreOne(id: VaultId, one: RestoreOne): void {
    restoreOne(this.context.unlocked(), this.opened.get(id).vault, one)
  }

  /**
   * Brings everything back from an opened backup, or counts what that would do.
   * @throws CoffretError `not_found`, `cancelled`, `busy`, `storage`
   */
  async restoreAll(id: VaultId, apply: boolean, options: JobOptions = {}): Promise<RestoreCounts> {
    const { vaultId, run } = this.context
    const copy = this.opened.get(id).copy()
    try {
      return await run('restore', { ...copy, vaultId, apply }, options)
    } finally {
      if (copy.keys !== undefined) Object.values(copy.keys).forEach((key) => key.fill(0))
    }
  }

  /**
   * Writes the vault as one file that opens with this passphrase alone: see `export-to-file.ts`.
   * @throws CoffretError `exists`, `not_found` (the folder), `not_writable`, `storage`, `corrupt`, `cancelled`
   */
  async export(to: ExportTarget, options: JobOptions = {}): Promise<void> {
    const { database, plan } = this.context
    if (plan !== undefined) this.#prepareFolder()
    // A disk that had room for the vault before.
    const beside = plan === undefined ? database.file : join(this.folder, 'export')
    await exportToFile(this.context, beside, to, options)
  }

  async #make(): Promise<void> {
    const { name, file } = await this.#copy()
    try {
      await this.context.run('proveBackup', undefined, { file })
    } catch (error) {
      // Locked meanwhile: it is proved later. Else it is of no use, and must not crowd out good ones.
      if (!hasCode(error, 'locked', 'cancelled')) removeBackupFile(this.folder, name)
      throw error
    }
    this.#proved.set(name, true)
    this.#rotate()
  }

  async #copy(): Promise<BackupFile> {
    const { database, clock, random } = this.context
    this.#triedAt = clock.now()
    this.#prepareFolder()
    const taken = new Set(this.#files().map(({ at }) => at))
    let at = clock.now()
    while (taken.has(at)) at = (at + 1) as EpochMs
    const name = backupName(basename(database.file, '.coffret'), at)
    const file = join(this.folder, name)
    const unfinished = newFileBeside(file, random)
    try {
      await copyVaultFile(database.file, unfinished)
      bringToPlace(unfinished, file)
    } catch (error) {
      discardFile(unfinished)
      throw error
    }
    return { name, file, at, bytes: statSync(file).size }
  }

  #prepareFolder(): void {
    prepareBackupFolder(this.#plan(), this.folder, this.context.clock.now())
  }

  async #proveNewest(): Promise<void> {
    const newest = this.#newest()
    if (newest === undefined || this.#proved.has(newest.name)) return
    if (this.#stateOf(newest) !== 'opens') return
    await this.#tracked(async () => {
      try {
        await this.context.run('proveBackup', undefined, { file: newest.file })
      } catch (error) {
        if (hasCode(error, 'corrupt')) this.#proved.set(newest.name, false)
        throw error
      }
      this.#proved.set(newest.name, true)
      this.#rotate()
    })
  }

  /** Drops what the policy does not keep. Backups that do not open stay, for a person to decide. */
  #rotate(): void {
    const found = this.#files().map((file) => ({ ...file, state: this.#stateOf(file) }))
    const kept = this.#kept(found)
    for (const { name, at, state } of found) {
      // One that somebody looks at goes with the next rotation.
      if (state === 'damaged' || kept.has(at) || this.opened.has(name)) continue
      removeBackupFile(this.folder, name)
    }
  }

  #kept(found: readonly (BackupFile & Pick<BackupSummary, 'state'>)[]) {
    const times = found.filter(({ state }) => state !== 'damaged').map(({ at }) => at)
    return keptBackups(times, this.#plan(), this.context.clock.now())
  }

  #files(): BackupFile[] {
    const { folder, makesFolder } = this.#plan()
    // A disk that is away is not one without backups.
    if (!makesFolder) identify(folder)
    return listBackupFiles(this.folder)
  }

  /** The one that was made last. One of a time to come was made by a clock that was wrong. */
  #newest(): BackupFile | undefined {
    const files = this.#files()
    return files.find(({ at }) => at <= this.context.clock.now()) ?? files[0]
  }

  #stateOf({ name, file }: BackupFile): BackupSummary['state'] {
    const vault = this.context.unlocked()
    if (this.#proved.get(name) === false) return 'damaged'
    return stateOfBackup(file, this.context.vaultId, vault)
  }

  /** Whether the vault is not what the newest backup holds. */
  #isChanged(): boolean {
    const mark = stateMark(this.context.database)
    try {
      const newest = this.#newest()
      return newest === undefined || markOfBackup(newest.file) !== mark
    } catch {
      // A folder or backup that cannot be read is reason enough to make one, which says why it fails.
      return true
    }
  }

  #plan(): BackupPlan {
    const plan = this.context.plan?.()
    if (plan === undefined) throw new CoffretError('unsupported', 'no backups are made here')
    return plan
  }

  /** One after the other, so that none reads or removes what another is making. */
  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.catch(() => undefined).then(work)
    this.#last = turn
    return turn
  }

  /** The same for making backups, of which the status tells. */
  #tracked<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      this.#isRunning = true
      this.#changed()
      try {
        const result = await work()
        this.#problem = undefined
        return result
      } catch (error) {
        if (error instanceof CoffretError && !hasCode(error, 'locked', 'cancelled')) {
          this.#problem = { code: error.code, at: this.context.clock.now() }
        }
        throw error
      } finally {
        this.#isRunning = false
        this.#changed()
      }
    })
  }

  async #quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      // What concerns a backup is told by the status; the rest shows where it is asked for.
      if (!(error instanceof CoffretError)) throw error
    }
  }

  #changed(): void {
    this.context.onChange?.()
  }
}

function hasCode(error: unknown, ...codes: readonly CoffretError['code'][]): boolean {
  return error instanceof CoffretError && codes.includes(error.code)
}
