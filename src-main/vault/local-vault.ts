import { basename, resolve } from 'node:path'
import { CoffretError } from '../contract/errors'
import type { UnlockWith } from '../contract/key-slots'
import type { MountName, VaultId } from '../contract/model'
import type { Progress } from '../contract/search'
import type { AuditTicket } from '../kv/audit-log'
import type { Mount } from '../kv/mount-table'
import type { SecretStore } from '../kv/secret-store'
import { LocalAudit } from './audit/local-audit'
import { Continuity, type Discontinuity } from './continuity'
import { Database, defaultBusyTimeoutMs } from './database'
import { Drafts } from './drafts'
import { readHeader } from './header'
import { checkTables } from './layout'
import { jobsHere, type JobInput, type JobName, type JobOptions, type JobOutput } from './jobs/jobs'
import { eitherOf } from './jobs/either-signal'
import type { Finding } from './hot-journal'
import { LocalBackups } from './backup/local-backups'
import { ReadOnlyStore } from './backup/read-only-store'
import { eraseDueBins } from './local-bin'
import { LocalAuthority } from './local-authority'
import { LocalCopies } from './local-copies'
import { LocalCredentials } from './local-credentials'
import { LocalDomains } from './local-domains'
import { LocalKeptCertificates } from './local-kept-certificates'
import { LocalKeys } from './keys/local-keys'
import { LocalLists } from './local-lists'
import { LocalMounts } from './local-mounts'
import { LocalSnapshots } from './backup/local-snapshots'
import { LocalStore } from './local-store'
import { readMount, readMounts, type Mount as StoredMount } from './mounts'
import { LocalRotation } from './rotation/rotation'
import { searchHere, type SearchOrder, type SearchSession } from './search/search-session'
import { StoreSnapshots } from './store-snapshots'
import { UnlockedVault, deriveKeys, wipeKeys, type VaultKeys } from './unlocked-vault'
import { prepareVault, writeVaultFile } from './vault-creation'
import type { FileIdentity } from './vault-file'
import type { NewVaultOptions, VaultOptions } from './vault-options'
import { VaultSearch } from './search/vault-search'
import { WriteQueue } from './write-queue'

/** A vault in one file. It opens and locks, and holds mounts, each of which is one store. */
export class LocalVault {
  /** Unsaved edits, sealed in this vault. */
  readonly drafts = new Drafts(() => this.#opened())
  /** Lists, adds and removes mounts; {@link LocalVault.store} gives what one holds. */
  readonly mounts = new LocalMounts(() => this.#opened())
  /** Copies between stores that have not ended. */
  readonly copies = new LocalCopies(() => this.#opened())
  /** Offline copies of other stores. */
  readonly storeSnapshots: StoreSnapshots
  /** Who did what in this vault. */
  readonly audit: LocalAudit
  /** Who may call the local API. */
  readonly credentials: LocalCredentials
  /** The remote domains that this vault leads to. */
  readonly domains = new LocalDomains(() => this.#opened())
  /** The certificates that a person keeps in it. */
  readonly keptCertificates: LocalKeptCertificates
  /** The last known lists of their secrets. */
  readonly lists = new LocalLists(() => this.#opened())
  /** The certificate authority of the local API. */
  readonly authority = new LocalAuthority(() => this.#opened())
  /** The ways into the vault: slots, and a PIN for this session. */
  readonly keys: LocalKeys
  /** Replaces the data key. */
  readonly rotation: LocalRotation
  /** Earlier states of the vault, loaded to be read from. */
  readonly snapshots: LocalSnapshots
  /** Copies of the file, made now and then. */
  readonly backups: LocalBackups
  /** Finds secrets by path, key names and metadata. */
  readonly search = new VaultSearch(() => this.#openSearch())
  /** What its stores change. */
  readonly #writes: WriteQueue
  #unlocked: UnlockedVault | undefined
  /** What {@link hasNewWrites} found. */
  #seen: { readonly writes: unknown; readonly generation: number } | undefined
  readonly #running = new Set<Promise<unknown>>()
  /** Ends the jobs of this unlocking. */
  #jobs = new AbortController()
  /** Rises with each locking, so that an unlocking under way knows that it came too late. */
  #lockings = 0

  private constructor(
    private readonly options: VaultOptions,
    private readonly database: Database,
    readonly id: VaultId,
  ) {
    const { clock, random, snapshots } = options
    const { audit } = options
    this.#writes = new WriteQueue(() => this.#opened(), options.sharesTurns)
    this.storeSnapshots = new StoreSnapshots(this.#writes, id)
    const onChange = () => audit?.onChange?.(id)
    this.audit = new LocalAudit({ ...audit, clock, unlocked: () => this.#unlocked, onChange })
    const snapshotOptions = { ...snapshots, vaultId: id, clock, random }
    this.snapshots = new LocalSnapshots(() => this.#opened(), snapshotOptions)
    this.credentials = new LocalCredentials(() => this.#opened(), { clock, random })
    this.keptCertificates = new LocalKeptCertificates(() => this.#opened(), { clock, random })
    const continuity = () => this.#unlocked?.continuity ?? this.#remembered()
    const keysContext = { ...options, database, vaultId: id, continuity }
    this.keys = new LocalKeys(keysContext, () => this.#opened())
    this.rotation = new LocalRotation({
      ...{ ...options, database, vaultId: id },
      ...(options.sightings === undefined ? {} : { writer: options.sightings.writer }),
      unlocked: () => this.#opened(),
      run: (job, input, more) => this.run(job, input, more),
      enter: (keys) => this.#enterRotated(keys),
    })
    this.backups = new LocalBackups({
      ...{ vaultId: id, database, clock, random },
      ...(options.backups === undefined ? {} : { plan: options.backups }),
      ...(options.chooseKdf === undefined ? {} : { chooseKdf: options.chooseKdf }),
      onChange: () => options.onBackupsChange?.(id),
      unlocked: () => this.#opened(),
      run: (job, input, more) => this.run(job, input, more),
      openSearch: (order) => this.#searchIn(order),
    })
  }

  /**
   * Creates a vault where no file is, and leaves it unlocked. The recovery words are given this once.
   * @throws CoffretError `exists`, `not_found` (the folder), `not_writable`, `storage`, `kdf_bounds`,
   * `invalid`
   */
  static async create(
    options: NewVaultOptions,
  ): Promise<{ vault: LocalVault; recoveryWords: string[] }> {
    const file = resolve(options.file)
    const { header, dataKey, recoveryWords } = await prepareVault(options)
    let vault: LocalVault | undefined
    try {
      writeVaultFile(file, header, dataKey, options)
      vault = LocalVault.open(options)
      vault.#enter(deriveKeys(dataKey, header.vaultId))
      return { vault, recoveryWords }
    } catch (error) {
      vault?.close()
      throw error
    } finally {
      dataKey.wipe()
    }
  }

  /**
   * Opens a vault file, locked: it reads the header and nothing else.
   * @throws CoffretError `not_found`, `not_a_vault`, `newer_format`, `corrupt`, `kdf_bounds`,
   * `not_writable`, `busy`, `storage`
   */
  static open(options: VaultOptions): LocalVault {
    const database = Database.open(
      resolve(options.file),
      options.busyTimeoutMs ?? defaultBusyTimeoutMs,
      options.knownIdentity,
    )
    try {
      const header = database.read(() => {
        checkTables(database)
        return readHeader(database).header
      })
      if (options.sharesTurns) database.shareReads()
      return new LocalVault(options, database, header.vaultId)
    } catch (error) {
      database.close()
      throw error
    }
  }

  /** Whether another program has put another file in the place of this one, or taken it away. */
  get isReplaced(): boolean {
    return this.database.isReplaced
  }

  /**
   * Whether another connection has written since this was last asked; lines of the audit log do not count.
   * @throws CoffretError `locked`, `corrupt`, `busy`, `storage`
   */
  hasNewWrites(): boolean {
    const before = this.#seen
    const writes = this.database.writesByOthers
    if (before?.writes === writes) return false
    const { generation } = this.#opened().state()
    this.#seen = { writes, generation }
    return before?.generation !== generation
  }

  /** The file as an absolute path. */
  get file(): string {
    return this.database.file
  }

  /** Which file it is, whatever its name: to be remembered for the next opening. */
  get identity(): FileIdentity {
    return this.database.identity
  }

  /** What was noticed while the file was opened. */
  get findings(): readonly Finding[] {
    return this.database.findings
  }

  /** The file's name without `.coffret`. */
  get label(): string {
    return basename(this.file, '.coffret')
  }

  get isLocked(): boolean {
    return this.#unlocked === undefined
  }

  /**
   * Unlocks with whatever opens it. What was given stays the caller's to wipe.
   * @throws CoffretError `cancelled` when it was locked meanwhile, and what {@link LocalKeys.open} throws
   */
  async unlock(way: UnlockWith): Promise<void> {
    const lockings = this.#lockings
    const keys = await this.keys.open(way)
    if (lockings !== this.#lockings) {
      wipeKeys(keys)
      throw new CoffretError('cancelled', 'the vault was locked while it was being unlocked')
    }
    this.#enter(keys)
    eraseDueBins(this.#opened())
  }

  /** @param passphrase 1 to 1,024 bytes, NFC @throws CoffretError as {@link unlock} */
  async unlockWithPassphrase(passphrase: Uint8Array): Promise<void> {
    await this.unlock({ kind: 'passphrase', passphrase })
  }

  /** @throws CoffretError as {@link unlock} */
  async unlockWithRecoveryWords(words: string): Promise<void> {
    await this.unlock({ kind: 'recovery', words })
  }

  /**
   * Rewrites the key slot that the current passphrase opens. Honest limit: copies of the file made
   * before still open with the old one.
   * @throws CoffretError `wrong_passphrase`, `invalid`, `busy` when another process changed the slots
   */
  async changePassphrase(current: Uint8Array, next: Uint8Array): Promise<void> {
    const proof = { kind: 'passphrase', passphrase: current } as const
    await this.keys.change(proof, { kind: 'passphrase', passphrase: next })
  }

  /** What speaks against the file as it is: see {@link Discontinuity}. Writing waits for {@link acceptAsIs}. */
  get discontinuity(): Discontinuity | undefined {
    return this.#unlocked?.discontinuity
  }

  /** Goes on from the file as it is, whatever this machine saw before. @throws CoffretError `locked` */
  acceptAsIs(): void {
    this.#opened().acceptAsIs()
  }

  /** Wipes the keys and unloads the snapshots. Stores given out before answer `locked`. */
  lock(): void {
    this.#lockings += 1
    this.audit.locking()
    this.#forget()
  }

  /** Locks, forgets the PIN, and lets the file go. */
  close(): void {
    this.lock()
    this.keys.clearPin()
    this.database.close()
  }

  /** One store for each mount. @throws CoffretError `locked`, `corrupt` */
  stores(): readonly SecretStore[] {
    const mounts = this.#opened().read(({ records }) => readMounts(records))
    return mounts.map((mount) => this.#storeIn(mount))
  }

  /** @throws CoffretError `not_found`, `locked`, `corrupt` */
  store(mount: MountName, ticket?: AuditTicket): SecretStore {
    const found = this.#opened().read(({ records }) => readMount(records, mount))
    return this.#storeIn(found, ticket)
  }

  /** The store of a mount that was just listed: nothing is read. */
  storeOf({ name, version }: Mount, ticket?: AuditTicket): SecretStore {
    return this.#store(name, version, ticket)
  }

  /**
   * Runs long work on this vault, or on a copy of its file under the same keys. Locking cancels it.
   * @param file this vault's file unless told otherwise
   * @throws CoffretError `locked`, `cancelled`, and what the job throws
   */
  async run<N extends JobName>(
    job: N,
    input: JobInput<N>,
    options: JobOptions & { readonly file?: string } = {},
  ): Promise<JobOutput<N>> {
    const { clock, random, jobs = jobsHere({ clock, random }) } = this.options
    const vault = this.#opened()
    const file = options.file ?? this.file
    // Of another file, such as a backup, nobody saw anything.
    const { continuity } = options.file === undefined ? vault : {}
    const held = continuity && { continuity: continuity.order }
    const order = { ...this.#order(), file, job, input, ...held }
    const signal = eitherOf(this.#jobs.signal, options.signal)
    const running = jobs(order, { ...options, signal })
    this.#running.add(running)
    try {
      return (await running) as JobOutput<N>
    } finally {
      // What it wrote is remembered before anybody hears of it.
      if (held !== undefined) vault.lookAgain()
      this.#running.delete(running)
    }
  }

  /** Waits for the end of the jobs and backups that run now; it never fails. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#running, this.backups.settled()])
  }

  #openSearch(): SearchSession {
    const onProgress = (progress: Progress) => this.options.onSearchProgress?.(this.id, progress)
    return this.#searchIn(this.#order(), onProgress)
  }

  #searchIn(order: SearchOrder, onProgress = (_: Progress): void => undefined): SearchSession {
    const { clock, random, search = searchHere({ clock, random }) } = this.options
    return search(order, onProgress)
  }

  /** What another connection to the file needs; its keys are the receiver's to wipe. */
  #order(): SearchOrder {
    return {
      file: this.file,
      vaultId: this.id,
      busyTimeoutMs: this.options.busyTimeoutMs ?? defaultBusyTimeoutMs,
      keys: this.#opened().copyKeys(),
    }
  }

  #storeIn({ name, version, snapshot }: StoredMount, ticket?: AuditTicket): SecretStore {
    const store = this.#store(name, version, ticket)
    return snapshot === undefined ? store : new ReadOnlyStore(store)
  }

  #store(mount: MountName, version: 1 | 2, ticket?: AuditTicket): SecretStore {
    const { isOffered } = this.backups
    return new LocalStore(this.#writes, this.id, mount, version, isOffered, ticket?.entry)
  }

  #opened(): UnlockedVault {
    if (this.#unlocked === undefined) throw new CoffretError('locked', 'the vault is locked')
    return this.#unlocked
  }

  /** What this machine remembers of the file. */
  #remembered(): Continuity | undefined {
    const { sightings } = this.options
    return sightings && new Continuity(this.id, this.identity, sightings)
  }

  #forget(): void {
    if (this.#unlocked !== undefined) {
      this.credentials.saveUses()
      this.backups.locking()
    }
    this.credentials.forget()
    this.#jobs.abort()
    this.#jobs = new AbortController()
    this.search.close()
    this.snapshots.clear()
    this.#unlocked?.wipe()
    this.#unlocked = undefined
  }

  /** The file has another data key by now: what was opened with the old one goes. */
  #enterRotated(keys: VaultKeys): void {
    this.keys.clearPin()
    this.#enter(keys)
    if (this.options.search !== undefined) this.search.build().catch(() => undefined)
  }

  /** Proves the file with the keys, and takes them over. */
  #enter(keys: VaultKeys): void {
    try {
      const { clock, random } = this.options
      const continuity = this.#remembered()
      const environment = { clock, random, ...(continuity && { continuity }) }
      const unlocked = UnlockedVault.enter(this.database, this.id, keys, environment)
      this.#forget()
      this.#unlocked = unlocked
    } catch (error) {
      wipeKeys(keys)
      throw error
    }
  }
}
