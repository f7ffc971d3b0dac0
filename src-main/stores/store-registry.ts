import { mkdirSync } from 'node:fs'
import { dirname, extname, isAbsolute, normalize } from 'node:path'
import { CoffretError } from '../contract/errors'
import type { UnlockWith } from '../contract/key-slots'
import type { MountName, StoreId, StoreSummary, VaultId, VaultSummary } from '../contract/model'
import type { Progress } from '../contract/search'
import type { AuditTicket } from '../kv/audit-log'
import type { SecretStore } from '../kv/secret-store'
import type { BackupPlan } from '../vault/backup/backup-files'
import { LocalVault } from '../vault/local-vault'
import type { VaultOptions } from '../vault/vault-options'
import { vaultOfStore } from '../vault/backup/opened-backups'
import { Copies } from './copy/copies'
import { paced } from './copy/paced'
import type { Domains } from './domains/domains'
import {
  newDomains,
  type FoundBackup,
  type RegistryOptions,
  type Searchable,
} from './registry-options'
import { openedBackupsOf, summaryOf, vaultExtension, type Entry } from './vault-summaries'

/** At most so often somebody hears how far work is. */
const progressEveryMs = 100

/**
 * The vaults that this machine knows, and the way to every store in them. It hides from its callers
 * where a store lies.
 */
export class StoreRegistry {
  /** Copies between any two stores. */
  readonly copies: Copies
  /** The domains that the unlocked vaults lead to. */
  readonly domains: Domains
  readonly #entries = new Map<VaultId, Entry>()
  /** Rises with every lock, so that a vault that was being created does not stay unlocked. */
  #era = 0
  #unlocking = 0
  readonly #closed: Promise<void>[] = []

  constructor(private readonly options: RegistryOptions) {
    this.copies = new Copies({
      clock: options.clock,
      store: (id) => this.get(id),
      shelf: (id) => this.vault(id).copies,
      unlocked: () => this.unlocked().map(({ id }) => id),
      snapshots: {
        writable: (id) => this.vaultOf(id).storeSnapshots.writable(id),
        finished: (id, ...noted) => this.vaultOf(id).storeSnapshots.finished(id, ...noted),
      },
    })
    this.domains = newDomains(options, () => this.unlocked())
    for (const { id, file } of options.settings.read().vaults) this.#open(id, file)
  }

  /** Whether a vault is unlocked, or about to be. */
  get isInUse(): boolean {
    return this.#unlocking > 0 || this.#vaults().some((vault) => !vault.isLocked)
  }

  /** The known vaults. Files that could not be opened are tried again: a disk may be back. */
  vaults(): VaultSummary[] {
    for (const { id, file, ...rest } of [...this.#entries.values()]) {
      if ('problem' in rest) this.#open(id, file)
      else if (rest.vault.isLocked && rest.vault.isReplaced) {
        this.#closeVault(rest.vault)
        this.#open(id, file)
      }
    }
    return Array.from(this.#entries.values(), (entry) => [
      summaryOf(entry),
      ...('vault' in entry ? openedBackupsOf(entry.vault) : []),
    ]).flat()
  }

  /** A known vault, or a backup that is open. @throws CoffretError `not_found` */
  summary(id: VaultId): VaultSummary {
    const found = this.vaults().find((one) => one.id === id)
    if (found === undefined) throw new CoffretError('not_found', 'no such vault')
    return found
  }

  /** A backup that is open, with its vault; undefined when none of this id is. */
  backupOf(id: VaultId): FoundBackup | undefined {
    return this.#findOpened(id)
  }

  /** The stores of the unlocked vaults, and of their domains. */
  list(): StoreSummary[] {
    const vaults = Array.from(this.#entries.values(), summaryOf)
    return [...vaults, ...this.domains.list()].flatMap(({ stores }) => stores)
  }

  /**
   * @param ticket its line goes with the first write
   * @throws CoffretError `locked`, `not_found`, or why the file cannot be opened
   */
  get(store: StoreId, ticket?: AuditTicket): SecretStore {
    const mount = store.slice(store.indexOf('/') + 1) as MountName
    const opened = this.#findOpened(vaultOfStore(store))
    if (opened !== undefined) return opened.vault.backups.opened.store(opened.backup.id, mount)
    const domain = this.domains.ofStore(store)
    if (domain !== undefined) return domain.store(store)
    return this.vaultOf(store).store(mount, ticket)
  }

  /**
   * What there is to be browsed in a store: of a domain what is known of it, which may be old, or a part.
   * @throws CoffretError as {@link get}
   */
  browse(store: StoreId): Pick<SecretStore, 'list' | 'listAll'> {
    return this.domains.ofStore(store)?.listing(store) ?? this.get(store)
  }

  /** Tells at most ten times a second how far work is, and always its end. */
  pacedProgress(tell: (progress: Progress) => void): (progress: Progress) => void {
    return paced(this.options.clock, progressEveryMs, tell)
  }

  /**
   * The search over a store's vault or domain, or over the backup that it is in: one and the same for all
   * stores of it. @throws CoffretError as {@link get}
   */
  searchOf(store: StoreId): Searchable {
    const opened = this.#findOpened(vaultOfStore(store))?.backup
    return opened ?? this.domains.ofStore(store) ?? this.vaultOf(store)
  }

  /** All that is searched when nobody says where. */
  searchable(): readonly Searchable[] {
    return [...this.unlocked(), ...this.domains.all()]
  }

  /** A backup that is open, with its vault. @throws CoffretError `not_found` */
  openedBackup(id: VaultId): FoundBackup {
    const found = this.#findOpened(id)
    if (found === undefined) throw new CoffretError('not_found', 'no such backup is open')
    return found
  }

  /** Makes the backups that are due. To be called now and then; it never rejects. */
  async backUp(): Promise<void> {
    for (const vault of this.unlocked()) await vault.backups.tick()
  }

  /** Ends once no job runs and no backup is being made any more, also of vaults that were closed. */
  async settled(): Promise<void> {
    await Promise.all([...this.#closed, ...this.#vaults().map((vault) => vault.settled())])
  }

  /**
   * The vault of a store, unlocked.
   * @throws CoffretError `locked`, `not_found`, or why the file cannot be opened
   */
  vaultOf(store: StoreId): LocalVault {
    const vault = this.vault(store.slice(0, store.indexOf('/')) as VaultId)
    if (vault.isLocked) throw new CoffretError('locked', 'the vault is locked')
    return vault
  }

  /** A known vault, locked or not. @throws CoffretError `not_found`, or why the file cannot be opened */
  vault(id: VaultId): LocalVault {
    let entry = this.#entries.get(id)
    if (entry === undefined) throw new CoffretError('not_found', 'no such vault')
    if ('problem' in entry) entry = this.#open(id, entry.file)
    if ('problem' in entry) throw new CoffretError(entry.problem, 'the vault file cannot be opened')
    return entry.vault
  }

  /** The vaults that are unlocked. */
  unlocked(): LocalVault[] {
    return this.#vaults().filter((vault) => !vault.isLocked)
  }

  /**
   * Creates a vault, unlocked, and lists it. `.coffret` is appended to a name without it.
   * @throws CoffretError `invalid`, `exists`, `not_found` when the folder is missing, `not_writable`, `storage`
   */
  async create(
    path: string,
    passphrase: Uint8Array,
  ): Promise<{ vault: VaultSummary; recoveryWords: string[] }> {
    const named = extname(path) === vaultExtension ? path : path + vaultExtension
    const file = absolute(named)
    if (dirname(file) === normalize(this.options.defaultFolder)) {
      mkdirSync(this.options.defaultFolder, { recursive: true, mode: 0o700 })
    }
    const { chooseKdf } = this.options
    const era = this.#era
    const { vault, recoveryWords } = await this.#whileUnlocking(async () =>
      LocalVault.create({ ...this.#vaultOptions(file), passphrase, kdf: await chooseKdf() }),
    )
    if (era !== this.#era) vault.lock()
    this.#startSearch(vault)
    this.#remember({ id: vault.id, file, vault })
    return { vault: summaryOf({ id: vault.id, file, vault }), recoveryWords }
  }

  /**
   * Lists an existing vault file, locked. A known vault that has moved is found at its new place.
   * @throws CoffretError `exists` when the same vault is listed from another file, or what opening throws
   */
  add(path: string): VaultSummary {
    const file = absolute(path)
    const listed = [...this.#entries.values()].find((entry) => entry.file === file)
    if (listed !== undefined && 'vault' in listed) return summaryOf(listed)
    const vault = LocalVault.open(this.#vaultOptions(file))
    const known = this.#entries.get(vault.id)
    if (known !== undefined && 'vault' in known) {
      vault.close()
      throw new CoffretError('exists', 'this vault is listed already, from another file')
    }
    const entry: Entry = { id: vault.id, file, vault }
    this.#remember(entry)
    return summaryOf(entry)
  }

  /** Lets a file go that was replaced, and opens what is there now, locked. @throws CoffretError `not_found` */
  reopen(id: VaultId): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) throw new CoffretError('not_found', 'no such vault')
    if ('vault' in entry) this.#closeVault(entry.vault)
    this.#open(id, entry.file)
    this.options.onChange()
  }

  /** Takes a vault off the list; the file stays. @throws CoffretError `not_found` */
  forget(id: VaultId): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) throw new CoffretError('not_found', 'no such vault')
    if ('vault' in entry) this.#closeVault(entry.vault)
    this.#entries.delete(id)
    this.#save()
  }

  /** @throws CoffretError `wrong_passphrase`, `cancelled` when a lock came in between, or what opening throws */
  async unlock(id: VaultId, key: UnlockWith): Promise<VaultSummary> {
    const vault = this.vault(id)
    try {
      await this.#whileUnlocking(() => vault.unlock(key))
      this.#startSearch(vault)
    } finally {
      // A wrong PIN changes something too: it may have been the last try.
      this.options.onChange()
    }
    return summaryOf({ id, file: vault.file, vault })
  }

  /** Locks every vault: the keys are wiped when it returns. */
  lockAll(): void {
    this.#era += 1
    this.copies.stop()
    this.domains.leave()
    for (const vault of this.#vaults()) vault.lock()
    this.options.onChange()
  }

  /** Locks and closes every vault. */
  close(): void {
    this.domains.leave()
    for (const vault of this.#vaults()) this.#closeVault(vault)
    this.#entries.clear()
  }

  #closeVault(vault: LocalVault): void {
    this.domains.leave(vault.id)
    vault.close()
    this.#closed.push(vault.settled())
  }

  #findOpened(id: VaultId): FoundBackup | undefined {
    for (const vault of this.unlocked()) {
      const backup = vault.backups.opened.list().find((one) => one.id === id)
      if (backup !== undefined) return { vault, backup }
    }
    return undefined
  }

  async #whileUnlocking<T>(work: () => Promise<T>): Promise<T> {
    this.#unlocking += 1
    try {
      return await work()
    } finally {
      this.#unlocking -= 1
    }
  }

  /** In the background; what goes wrong is told to whoever searches. */
  #startSearch(vault: LocalVault): void {
    if (this.options.search === undefined || vault.isLocked) return
    vault.search.build().catch(() => undefined)
  }

  #vaults(): LocalVault[] {
    return [...this.#entries.values()].flatMap((entry) => ('vault' in entry ? [entry.vault] : []))
  }

  #open(id: VaultId, file: string): Entry {
    const known = this.options.sightings?.read(id)
    const options = this.#vaultOptions(file)
    const entry = opened(
      id,
      known === undefined ? options : { ...options, knownIdentity: known.file },
    )
    this.#entries.set(id, entry)
    return entry
  }

  #vaultOptions(file: string): VaultOptions {
    const { clock, random, jobs, search, keychain, chooseKdf, sightings, backupFolder } =
      this.options
    const { sharesTurns = false } = this.options
    return {
      ...{ file, clock, random, chooseKdf, sharesTurns },
      ...(jobs === undefined ? {} : { jobs }),
      ...(search === undefined ? {} : { search }),
      onSearchProgress: (id, progress) => this.options.onSearchProgress?.(id, progress),
      ...(backupFolder === undefined ? {} : { backups: () => this.#backupPlan(backupFolder) }),
      onBackupsChange: (id) => this.options.onBackupsChange?.(id),
      audit: {
        after: this.options.after,
        onChange: (id) => this.options.onAuditChange?.(id),
        onFault: this.options.onAuditFault,
      },
      ...(sightings === undefined ? {} : { sightings }),
      ...(keychain === undefined ? {} : { keychain }),
    }
  }

  #backupPlan(defaultFolder: string): BackupPlan {
    const { backups } = this.options.settings.read()
    const { folder } = backups
    return { ...backups, folder: folder ?? defaultFolder, makesFolder: folder === undefined }
  }

  #remember(entry: Entry): void {
    this.#entries.set(entry.id, entry)
    this.#save()
  }

  #save(): void {
    const vaults = Array.from(this.#entries.values(), ({ id, file }) => ({ id, file }))
    this.options.settings.change({ vaults })
    this.options.onChange()
  }
}

function opened(id: VaultId, options: VaultOptions): Entry {
  const { file } = options
  try {
    const vault = LocalVault.open(options)
    if (vault.id === id) return { id, file, vault }
    // Another vault lies there now: it is not the one that was unlocked here before.
    vault.close()
    return { id, file, problem: 'not_found' }
  } catch (error) {
    if (error instanceof CoffretError) return { id, file, problem: error.code }
    throw error
  }
}

function absolute(path: string): string {
  if (!isAbsolute(path))
    throw new CoffretError('invalid', 'path is not absolute', { field: 'file' })
  return normalize(path)
}
