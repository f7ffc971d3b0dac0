import { CoffretError } from '../contract/errors'
import {
  StoreId,
  type Capability,
  type EpochMs,
  type FolderPath,
  type ListEntry,
  type MountName,
  type SecretMetadata,
  type SecretPath,
  type SecretSummary,
  type SecretVersion,
  type StoreConfig,
  type VersionMetadata,
  type VersionNumber,
  type VersionState,
} from '../contract/model'
import type { AuditEntry } from '../kv/audit-log'
import type { SecretBin } from '../kv/secret-bin'
import type {
  NextVersion,
  Page,
  PageRequest,
  SecretStore,
  TransferRequest,
  WholeReading,
  WriteOutcome,
  WriteRequest,
} from '../kv/secret-store'
import { applyStoreConfig } from '../kv/settings-rules'
import { planStates } from '../kv/state-rules'
import { findVersion, versionState } from '../kv/version-state'
import { planWrite } from '../kv/write-rules'
import { listChildren, listSecrets } from './listing'
import { LocalBin } from './local-bin'
import { writeMountConfig } from './mounts'
import { idBytes, idText, type SecretRow } from './names'
import { naming } from './naming'
import {
  describeSecret,
  eraseData,
  eraseSecret,
  readData,
  readValue,
  readSecret,
  topLevelKeys,
  writeData,
  writeSecret,
} from './secret-records'
import { enterStore, readStore, type StoreTransaction } from './store-transaction'
import { transfer } from './transfer'
import type { WriteQueue } from './write-queue'

const plainCapabilities = [
  ...(['write', 'rename', 'drafts', 'exactText', 'anyName', 'emptyData', 'bin'] as const),
]

const capabilitiesOf: Readonly<Record<1 | 2, readonly Capability[]>> = {
  1: plainCapabilities,
  2: ['versions', 'cas', 'metadata', 'settings', 'states', 'emptySecrets', ...plainCapabilities],
}

/**
 * One mount of a local vault. Reads are done before the call returns; what changes it goes through the
 * queue of the vault, all or nothing.
 */
export class LocalStore implements SecretStore {
  readonly id: StoreId

  /**
   * @param writes the queue of the vault
   * @param mountVersion 2 with versions, 1 with one value a path
   * @param hasBackups backups of the vault are made, from which secrets can be erased
   * @param entry the line of the audit log that goes with its first write
   */
  constructor(
    private readonly writes: WriteQueue,
    vaultId: string,
    private readonly mount: MountName,
    private readonly mountVersion: 1 | 2,
    private readonly hasBackups = false,
    private readonly entry?: AuditEntry,
  ) {
    this.id = StoreId.parse(`${vaultId}/${mount}`)
  }

  capabilities(): readonly Capability[] {
    const own = capabilitiesOf[this.mountVersion]
    return this.hasBackups ? [...own, 'purgeBackups'] : own
  }

  async list(folder: FolderPath, page: PageRequest = {}): Promise<Page<ListEntry>> {
    return this.#read(this.#mounted(), ({ tree, now }) => listChildren(tree, folder, page, now))
  }

  async listAll(page: PageRequest = {}): Promise<Page<SecretSummary>> {
    return this.#read(this.#mounted(), ({ tree, now }) => listSecrets(tree, page, now))
  }

  async readMetadata(path: SecretPath): Promise<SecretMetadata> {
    this.#demand('metadata')
    return this.#read(nameOf(path), (store) => readSecret(store.records, existing(store, path)))
  }

  async readVersion(path: SecretPath, version?: VersionNumber): Promise<SecretVersion> {
    return this.#read(nameOf(path), (store) => {
      const row = existing(store, path)
      const metadata = readSecret(store.records, row)
      const number = version ?? metadata.currentVersion
      const found = findVersion(metadata, number)
      if (found === undefined) {
        throw new CoffretError('not_found', `${nameOf(path)} has no version ${number}`)
      }
      return versionAt(store, row, found)
    })
  }

  async readSecret(path: SecretPath, number?: number): Promise<WholeReading> {
    this.#demand('metadata')
    return this.#read(nameOf(path), (store) => {
      const row = there(path, store.tree.findAgain('secret', path))
      const metadata = readSecret(store.records, row)
      const found = findVersion(metadata, number ?? metadata.currentVersion)
      return found === undefined
        ? { metadata }
        : { metadata, version: versionAt(store, row, found, readValue) }
    })
  }

  async write(path: SecretPath, request: WriteRequest): Promise<WriteOutcome> {
    this.#checkWrite(request)
    return this.#write(nameOf(path), (store) => writeAt(store, path, request))
  }

  async addVersion(path: SecretPath, next: NextVersion): Promise<number> {
    this.#demand('cas')
    const { metadata } = await this.write(path, { mode: 'upsert', ...next })
    return metadata.currentVersion
  }

  async setState(
    path: SecretPath,
    versions: readonly VersionNumber[] | 'current',
    state: VersionState,
  ): Promise<readonly VersionMetadata[]> {
    this.#demand('states')
    return this.#write(nameOf(path), (store) => {
      const row = existing(store, path)
      const metadata = readSecret(store.records, row)
      const plan = planStates(metadata, versions, state, store.config, store.now)
      for (const version of plan.erased) eraseData(store.records, idBytes(row), version)
      save(store, path, { id: idBytes(row), movedAt: row.movedAt }, plan.metadata, row.keys)
      return plan.named
    })
  }

  async remove(path: SecretPath): Promise<void> {
    return this.#write(nameOf(path), (store) => {
      const row = existing(store, path)
      eraseSecret(store.records, idBytes(row))
      store.tree.remove('secret', path)
    })
  }

  bin(): SecretBin {
    return new LocalBin(this.writes, this.mount, this.entry)
  }

  async transfer(request: TransferRequest): Promise<void> {
    return this.#write(`${request.kind} "${request.from}"`, (store) => transfer(store, request))
  }

  async readConfig(): Promise<StoreConfig> {
    this.#demand('settings')
    return this.#read(this.#mounted(), ({ config }) => config)
  }

  async writeConfig(change: Partial<StoreConfig>): Promise<StoreConfig> {
    this.#demand('settings')
    return this.#write(this.#mounted(), ({ records, config }) => {
      const changed = applyStoreConfig(config, change)
      writeMountConfig(records, this.mount, changed)
      return changed
    })
  }

  #mounted(): string {
    return `mount "${this.mount}"`
  }

  #checkWrite(request: WriteRequest): void {
    if (request.cas !== undefined) this.#demand('cas')
    if (request.settings !== undefined) this.#demand('settings')
    if (request.patch !== undefined) this.#demand('versions')
  }

  #demand(capability: Capability): void {
    if (this.capabilities().includes(capability)) return
    throw new CoffretError(
      'unsupported',
      `a version ${this.mountVersion} mount has no ${capability}`,
    )
  }

  #read<T>(subject: string, work: (store: StoreTransaction) => T): T {
    return naming(subject, () => readStore(this.writes.unlocked(), this.mount, work))
  }

  #write<T>(subject: string, work: (store: StoreTransaction) => T): Promise<T> {
    return this.writes.add({
      ...{ subject, entry: this.entry },
      work: (transaction, vault) => work(enterStore(vault, transaction, this.mount)),
    })
  }
}

/** Writes to a path as {@link SecretStore.write} says, inside a transaction. */
export function writeAt(
  store: StoreTransaction,
  path: SecretPath,
  request: WriteRequest,
): WriteOutcome {
  const { records, tree, config, now } = store
  const row = tree.find('secret', path)
  const id = row === undefined ? records.newId() : idBytes(row)
  const current = row === undefined ? undefined : readSecret(records, row)
  const currentData = () => readData(records, id, current?.currentVersion ?? 0)
  const plan = planWrite({ current, currentData, request, store: config, now })
  for (const version of plan.dropped) eraseData(records, id, version)
  if (plan.added !== undefined) {
    writeData(records, id, plan.added.version.version, plan.added.data)
  }
  const keys = plan.added === undefined ? (row?.keys ?? []) : topLevelKeys(plan.added.data)
  save(store, path, { id, movedAt: row?.movedAt }, plan.metadata, keys)
  const { metadata, added } = plan
  return added === undefined ? { metadata } : { metadata, version: added.version }
}

function nameOf(path: SecretPath): string {
  return `secret "${path}"`
}

function existing(store: StoreTransaction, path: SecretPath): SecretRow {
  return there(path, store.tree.find('secret', path))
}

function there(path: SecretPath, row: SecretRow | undefined): SecretRow {
  if (row === undefined) throw new CoffretError('not_found', `there is no ${nameOf(path)}`)
  return row
}

/**
 * A version as it is now, with its data while it is active.
 * @param read `readValue` for programs, which ask for the same values again and again
 */
function versionAt(
  store: StoreTransaction,
  row: SecretRow,
  metadata: VersionMetadata,
  read = readData,
): SecretVersion {
  const state = versionState(metadata, store.now)
  if (state !== 'active') return { metadata, state }
  return { metadata, state, data: read(store.records, idBytes(row), metadata.version) }
}

/** Writes the metadata and the name row, which always go together. */
function save(
  store: StoreTransaction,
  path: SecretPath,
  { id, movedAt }: { readonly id: Uint8Array; readonly movedAt: EpochMs | undefined },
  metadata: SecretMetadata,
  keys: readonly string[],
): void {
  const tag = writeSecret(store.records, id, metadata)
  const row = { name: '', ...describeSecret(idText(id), metadata, keys, tag) }
  store.tree.put(path, movedAt === undefined ? row : { ...row, movedAt })
}
