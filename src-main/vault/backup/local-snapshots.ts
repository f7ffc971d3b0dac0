import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CoffretError } from '../../contract/errors'
import type { EpochMs, VaultId } from '../../contract/model'
import type { Clock, RandomBytes } from '../../env'
import type { Mount } from '../../kv/mount-table'
import type { SecretStore } from '../../kv/secret-store'
import { snapshotLifeMs, type Snapshot, type SnapshotShelf } from '../../kv/snapshot-shelf'
import { Database, defaultBusyTimeoutMs } from '../database'
import { LocalStore } from '../local-store'
import { WriteQueue } from '../write-queue'
import { readMounts } from '../mounts'
import type { UnlockedVault } from '../unlocked-vault'
import { randomUuid } from '../uuid'

/** The largest snapshot, unless told otherwise: 512 MiB. */
export const maxSnapshotBytes = 512 * 1024 * 1024

/** How many snapshots are loaded at once: each may be as large as the limit. */
export const maxSnapshots = 4

/** Where snapshots lie, and how large they may be. */
export interface SnapshotLimits {
  /** Holds a private folder for each snapshot; the system's folder for temporary files unless told. */
  readonly folder?: string
  /** {@link maxSnapshotBytes} unless told. */
  readonly maxBytes?: number
}

/** What the snapshots of one vault need. */
export interface SnapshotOptions extends SnapshotLimits {
  readonly vaultId: VaultId
  readonly clock: Clock
  readonly random: RandomBytes
}

/** A snapshot with what is behind it. */
interface Entry {
  readonly snapshot: Omit<Snapshot, 'status'>
  /** Private, mode 0700: the file and whatever SQLite puts beside it. */
  readonly folder: string
  /** Present once it is ready. */
  opened?: { readonly database: Database; readonly vault: UnlockedVault }
}

/**
 * Snapshots as private copies of files of the vault. They open with the keys of the unlocked vault and
 * share them, so that wiping those ends every snapshot.
 *
 * Honest limits: a snapshot whose time is over is unloaded when the shelf is next asked for anything, and
 * a crash leaves the copies behind, which are as sealed as the vault itself.
 */
export class LocalSnapshots implements SnapshotShelf {
  readonly maxBytes: number
  readonly #entries = new Map<string, Entry>()

  /** @param unlocked gives the vault, or throws `locked` */
  constructor(
    private readonly unlocked: () => UnlockedVault,
    private readonly options: SnapshotOptions,
  ) {
    this.maxBytes = options.maxBytes ?? maxSnapshotBytes
  }

  async load(bytes: AsyncIterable<Uint8Array>): Promise<Snapshot> {
    const entry = this.#begin()
    try {
      await this.#receive(entry, bytes)
      this.#prove(entry)
      return snapshotOf(entry)
    } catch (error) {
      this.#unload(entry)
      throw error
    }
  }

  async list(): Promise<readonly Snapshot[]> {
    return [...this.#current().values()].map(snapshotOf)
  }

  async get(id: string): Promise<Snapshot> {
    return snapshotOf(this.#entry(id))
  }

  async remove(id: string): Promise<void> {
    this.#unload(this.#entry(id))
  }

  async store(id: string, { name, version }: Mount): Promise<SecretStore> {
    const vault = () => this.#vault(id)
    vault()
    return new LocalStore(new WriteQueue(vault), this.options.vaultId, name, version)
  }

  /** Unloads every snapshot; for a vault that is being locked. It never fails. */
  clear(): void {
    for (const entry of [...this.#entries.values()]) this.#unload(entry)
  }

  #begin(): Entry {
    const entries = this.#current()
    if (entries.size >= maxSnapshots) {
      const problem = `at most ${maxSnapshots} snapshots are loaded at once: unload one`
      throw new CoffretError('invalid', problem)
    }
    const { clock, random, folder = tmpdir() } = this.options
    const createdAt = clock.now()
    const expiresAt = (createdAt + snapshotLifeMs) as EpochMs
    const entry = {
      snapshot: { id: randomUuid(random), createdAt, expiresAt },
      // Made with mode 0700, under a name that was not there. Source: Node's fs.mkdtemp.
      folder: stored(() => mkdtempSync(join(folder, 'coffret-snapshot-'))),
    }
    entries.set(entry.snapshot.id, entry)
    return entry
  }

  async #receive(entry: Entry, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const handle = await open(fileOf(entry), 'wx', 0o600).catch(notStored)
    try {
      let length = 0
      for await (const part of bytes) {
        this.#checkKept(entry)
        length += part.length
        if (length > this.maxBytes) {
          throw new CoffretError('too_large', `a snapshot is at most ${this.maxBytes} bytes`)
        }
        await handle.appendFile(part).catch(notStored)
      }
    } finally {
      await handle.close()
    }
    this.#checkKept(entry)
  }

  /** Someone may have unloaded it, or locked the vault, while its bytes arrived. */
  #checkKept(entry: Entry): void {
    if (this.#current().get(entry.snapshot.id) === entry) return
    throw new CoffretError('cancelled', 'the snapshot was unloaded while it was being loaded')
  }

  #prove(entry: Entry): void {
    const database = Database.openReadOnly(fileOf(entry), defaultBusyTimeoutMs)
    try {
      const vault = this.unlocked().earlier(database)
      vault.read(({ records }) => readMounts(records))
      entry.opened = { database, vault }
    } catch (error) {
      database.close()
      throw error
    }
  }

  #vault(id: string): UnlockedVault {
    const { opened } = this.#entry(id)
    if (opened === undefined) throw new CoffretError('invalid', 'the snapshot is still loading')
    return opened.vault
  }

  #entry(id: string): Entry {
    const entry = this.#current().get(id)
    if (entry === undefined) throw new CoffretError('not_found', 'no such snapshot is loaded')
    return entry
  }

  /** Those whose time is not over. @throws CoffretError `locked` */
  #current(): Map<string, Entry> {
    this.unlocked()
    const now = this.options.clock.now()
    for (const entry of [...this.#entries.values()]) {
      if (entry.snapshot.expiresAt <= now) this.#unload(entry)
    }
    return this.#entries
  }

  #unload(entry: Entry): void {
    this.#entries.delete(entry.snapshot.id)
    entry.opened?.database.close()
    try {
      rmSync(entry.folder, { recursive: true, force: true })
    } catch {
      // Where an open file cannot be removed (Windows), the load that holds it removes it on its way out.
    }
  }
}

function fileOf({ folder }: Entry): string {
  return join(folder, 'snapshot.coffret')
}

function snapshotOf({ snapshot, opened }: Entry): Snapshot {
  return { ...snapshot, status: opened === undefined ? 'loading' : 'ready' }
}

function stored<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    return notStored(error)
  }
}

function notStored(cause: unknown): never {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
  throw new CoffretError('storage', `the snapshot was not stored: ${reason}`, { cause })
}
