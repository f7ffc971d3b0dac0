import { CoffretError } from '../../contract/errors'
import { StoreId, VaultId, type EpochMs, type MountName } from '../../contract/model'
import type { SearchAnswer } from '../../contract/search'
import { SecretKey } from '../../crypto/secret-key'
import type { Clock, RandomBytes } from '../../env'
import type { SearchRequest } from '../../kv/search-request'
import type { SecretStore } from '../../kv/secret-store'
import type { BackupFile } from './backup-files'
import { Database, defaultBusyTimeoutMs } from '../database'
import type { JobOptions } from '../jobs/jobs'
import { LocalStore } from '../local-store'
import { WriteQueue } from '../write-queue'
import { keysOfCopy, type CopiedKeys, type OtherCopy } from '../merge/merge-source'
import { readMount, readMounts } from '../mounts'
import { ReadOnlyStore } from './read-only-store'
import type { SearchOrder, SearchSession } from '../search/search-session'
import { UnlockedVault, wipeKeys, type VaultKeys } from '../unlocked-vault'
import { randomUuid } from '../uuid'
import { VaultSearch } from '../search/vault-search'

/** A backup that somebody looks at. */
export interface OpenedBackup {
  /** Its own, so that its stores are told from those of the vault. */
  readonly id: VaultId
  readonly name: string
  readonly file: string
  readonly madeAt: EpochMs
  readonly vault: UnlockedVault
  /** Finds secrets in it; hits name its own stores. */
  readonly search: VaultSearch
  /** What opens it, for a job; the copies are the receiver's to wipe. */
  copy(): OtherCopy
}

interface Entry extends OpenedBackup {
  readonly database: Database
  /** Where the keys of the vault do not open it. */
  readonly ownKeys: VaultKeys | undefined
}

/** What looking at backups stands on. */
export interface OpenedBackupsContext {
  readonly vaultId: VaultId
  readonly clock: Clock
  readonly random: RandomBytes
  /** Gives the vault, or throws `locked`. */
  readonly unlocked: () => UnlockedVault
  readonly openSearch: (order: SearchOrder) => SearchSession
}

/** The backups of an unlocked vault that are open. Nothing in them can be changed. */
export class OpenedBackups {
  readonly #entries = new Map<VaultId, Entry>()

  constructor(private readonly context: OpenedBackupsContext) {}

  /**
   * Opens a backup, with the keys of the vault or those that a passphrase of then gives.
   * @throws CoffretError `wrong_passphrase` when it needs one, or another one; `locked`, `corrupt`
   */
  async open(backup: BackupFile, passphrase?: Uint8Array): Promise<OpenedBackup> {
    const { vaultId, unlocked } = this.context
    unlocked()
    const known = this.list().find(({ name }) => name === backup.name)
    if (known !== undefined) return known
    const copies =
      passphrase === undefined ? undefined : await keysOfCopy(backup.file, vaultId, passphrase)
    const ownKeys = copies === undefined ? undefined : keysFrom(copies)
    const database = this.#openFile(backup.file, ownKeys)
    try {
      const vault = this.#enter(database, ownKeys)
      vault.read(({ records }) => readMounts(records))
      const entry = this.#entryOf(backup, { database, vault, ownKeys })
      this.#entries.set(entry.id, entry)
      return entry
    } catch (error) {
      database.close()
      if (ownKeys !== undefined) wipeKeys(ownKeys)
      throw error
    }
  }

  /** Those that are open, in the order of opening. */
  list(): readonly OpenedBackup[] {
    return [...this.#entries.values()]
  }

  /** Whether the backup with this file name is open. */
  has(name: string): boolean {
    return this.list().some((one) => one.name === name)
  }

  /** @throws CoffretError `not_found` */
  get(id: VaultId): OpenedBackup {
    const entry = this.#entries.get(id)
    if (entry === undefined) throw new CoffretError('not_found', 'no such backup is open')
    return entry
  }

  /** One store for each mount that there was. */
  stores(id: VaultId): readonly SecretStore[] {
    const mounts = this.get(id).vault.read(({ records }) => readMounts(records))
    return mounts.map(({ name, version }) => this.#store(id, name, version))
  }

  /** @throws CoffretError `not_found` */
  store(id: VaultId, mount: MountName): SecretStore {
    const found = this.get(id).vault.read(({ records }) => readMount(records, mount))
    return this.#store(id, found.name, found.version)
  }

  /** @throws CoffretError `not_found` */
  close(id: VaultId): void {
    this.get(id)
    const entry = this.#entries.get(id)
    this.#entries.delete(id)
    entry?.search.close()
    entry?.database.close()
    if (entry?.ownKeys !== undefined) wipeKeys(entry.ownKeys)
  }

  /** Closes all, or those with this name. */
  closeAll(name?: string): void {
    for (const entry of this.list()) {
      if (name === undefined || entry.name === name) this.close(entry.id)
    }
  }

  #store(id: VaultId, mount: MountName, version: 1 | 2): SecretStore {
    const vault = () => {
      this.context.unlocked()
      return this.get(id).vault
    }
    return new ReadOnlyStore(new LocalStore(new WriteQueue(vault), id, mount, version))
  }

  #openFile(file: string, ownKeys: VaultKeys | undefined): Database {
    try {
      return Database.openReadOnly(file, defaultBusyTimeoutMs)
    } catch (error) {
      if (ownKeys !== undefined) wipeKeys(ownKeys)
      throw error
    }
  }

  #enter(database: Database, ownKeys: VaultKeys | undefined): UnlockedVault {
    const { vaultId, clock, random, unlocked } = this.context
    if (ownKeys !== undefined) {
      return UnlockedVault.enter(database, vaultId, ownKeys, { clock, random })
    }
    try {
      return unlocked().earlier(database)
    } catch (cause) {
      if (!(cause instanceof CoffretError) || cause.code !== 'invalid') throw cause
      throw new CoffretError('wrong_passphrase', 'the backup has another data key', { cause })
    }
  }

  #entryOf(
    { name, file, at }: BackupFile,
    opened: Pick<Entry, 'database' | 'vault' | 'ownKeys'>,
  ): Entry {
    const id = VaultId.parse(randomUuid(this.context.random))
    const { ownKeys, vault } = opened
    const copy = () => (ownKeys === undefined ? { file } : { file, keys: vault.copyKeys() })
    const order = () => ({
      ...{ file, vaultId: this.context.vaultId, busyTimeoutMs: defaultBusyTimeoutMs },
      keys: vault.copyKeys(),
    })
    const search = new BackupSearch(id, () => this.context.openSearch(order()))
    return { id, name, file, madeAt: at, copy, search, ...opened }
  }
}

/** The index knows the stores by the id of the vault: it is that of the backup here. */
class BackupSearch extends VaultSearch {
  constructor(
    private readonly id: VaultId,
    openSession: () => SearchSession,
  ) {
    super(openSession)
  }

  override async query(request: SearchRequest, options?: JobOptions): Promise<SearchAnswer> {
    const answer = await super.query(request, options)
    const hits = answer.hits.map((hit) => ({ ...hit, store: this.#own(hit.store) }))
    return { ...answer, hits }
  }

  #own(store: StoreId): StoreId {
    return StoreId.parse(this.id + store.slice(store.indexOf('/')))
  }
}

/** The id of a store's vault, or of the opened backup that it is in. */
export function vaultOfStore(store: StoreId): VaultId {
  return VaultId.parse(store.slice(0, store.indexOf('/')))
}

function keysFrom({ record, name, header }: CopiedKeys): VaultKeys {
  return {
    record: new SecretKey(record),
    name: new SecretKey(name),
    header: new SecretKey(header),
  }
}
