import { fromHex } from '../crypto/bytes'
import { deriveKey, isEqual } from '../crypto/derive'
import type { SecretKey } from '../crypto/secret-key'
import { CoffretError } from '../contract/errors'
import type { VaultId } from '../contract/model'
import type { Clock, RandomBytes } from '../env'
import type { AuditEntry, NewAuditLine } from '../kv/audit-log'
import { AuditChain } from './audit/audit-chain'
import { EntryLines } from './audit/entry-lines'
import { writersAfter, type Continuity, type Discontinuity } from './continuity'
import type { Database } from './database'
import { Freshness } from './freshness'
import { HashTree, emptyHash } from './hash-tree'
import { readHeader, verifyHeader, writeHeader, type HeaderRow, type VaultHeader } from './header'
import { checkTables, createTables } from './layout'
import { NameScan } from './search/name-scan'
import { Names } from './names'
import { Records, type Sealing } from './records'
import {
  checkFits,
  holdsState,
  readFittingState,
  readState,
  writeState,
  type VaultState,
} from './state'

/** What an operation works on, for the length of its transaction. */
export interface VaultTransaction {
  readonly records: Records
  readonly names: Names
  /** All name rows, for an index of them. */
  readonly scan: NameScan
  readonly audit: AuditChain
}

/** The keys of an unlocked vault, each for one purpose. The data key itself is not kept. */
export interface VaultKeys {
  readonly record: SecretKey
  readonly name: SecretKey
  readonly header: SecretKey
}

/** The 16 bytes of a vault id. */
export function vaultIdBytes(id: VaultId): Uint8Array {
  return fromHex(id.replaceAll('-', ''))
}

/** Derives the keys; the data key stays the caller's to wipe. */
export function deriveKeys(dataKey: SecretKey, vaultId: VaultId): VaultKeys {
  const id = vaultIdBytes(vaultId)
  return {
    record: deriveKey(dataKey, id, 'record'),
    name: deriveKey(dataKey, id, 'name'),
    header: deriveKey(dataKey, id, 'header'),
  }
}

/** What sealing under these keys needs. */
export function sealingOf(
  vaultId: VaultId,
  keyEpoch: number,
  keys: VaultKeys,
  random: RandomBytes,
): Sealing {
  return { vaultId: vaultIdBytes(vaultId), keyEpoch, key: keys.record, random }
}

/** Overwrites all keys. */
export function wipeKeys(keys: VaultKeys): void {
  keys.record.wipe()
  keys.name.wipe()
  keys.header.wipe()
}

/**
 * A vault while it is unlocked: its keys and its transactions. What was proved in one transaction counts in
 * the next until somebody else has written, and what this vault writes itself it knows. Values are kept sealed.
 */
export class UnlockedVault {
  readonly #tree: HashTree
  readonly #transaction: VaultTransaction
  /** The state, and the moment of the file at which it is the one. */
  #known: { readonly moment: number; readonly state: VaultState } | undefined

  private constructor(
    private readonly database: Database,
    private readonly sealing: Sealing,
    private readonly keys: VaultKeys,
    readonly clock: Clock,
    private readonly proofs: { isFresh: boolean; continuity: Continuity | undefined },
  ) {
    this.#tree = new HashTree(database)
    const freshness = new Freshness(proofs.isFresh ? this.#tree : undefined)
    const records = new Records(database, sealing, freshness)
    const names = new Names(database, sealing, keys.name, freshness)
    const scan = new NameScan(database, sealing, this.#tree)
    this.#transaction = { records, names, scan, audit: new AuditChain(database, sealing) }
  }

  /**
   * Proves the header and the state with the keys, which it takes over.
   * @throws CoffretError `corrupt` when the keys are not those of the file, or header and state do not fit
   */
  static enter(
    database: Database,
    vaultId: VaultId,
    keys: VaultKeys,
    environment: { clock: Clock; random: RandomBytes; continuity?: Continuity },
  ): UnlockedVault {
    const { clock, random, continuity } = environment
    const sealing = database.read(() => {
      const row = readHeader(database)
      const found = sealingOf(vaultId, row.header.keyEpoch, keys, random)
      verifyHeader(row, keys.header)
      const state = readFittingState(database, found, row)
      continuity?.see(state)
      return found
    })
    return new UnlockedVault(database, sealing, keys, clock, { isFresh: true, continuity })
  }

  /**
   * The same vault for saving what is left of it: whatever authenticates is read, though the freshness
   * tree may be damaged or speak against it. It is not to be written to.
   */
  forSalvage(): UnlockedVault {
    const proofs = { isFresh: false, continuity: undefined }
    return new UnlockedVault(this.database, this.sealing, this.keys, this.clock, proofs)
  }

  /**
   * Makes a vault with the keys, the key slots and the id of this one and nothing in it, not even mounts.
   * It shares the keys.
   * @param database an empty file
   */
  emptyCopy(database: Database): UnlockedVault {
    const { header, state } = this.database.read(() => ({
      header: readHeader(this.database).header,
      state: this.#current(),
    }))
    database.write(() => {
      createTables(database)
      const headerMac = writeHeader(database, header, this.keys.header)
      const generation = state.generation + 1
      const fresh = { ...state, generation, headerMac, root: emptyHash, audit: undefined }
      writeState(database, this.sealing, fresh)
    })
    const proofs = { isFresh: true, continuity: undefined }
    return new UnlockedVault(database, this.sealing, this.keys, this.clock, proofs)
  }

  /**
   * The same vault as it was, from a copy of its file. It opens with the very keys of this one and shares
   * them: wiping them ends both.
   * @throws CoffretError `invalid` for another vault or another data key, `corrupt`, `kdf_bounds`
   */
  earlier(database: Database): UnlockedVault {
    const { vaultId, keyEpoch } = database.read(() => {
      checkTables(database)
      return readHeader(database).header
    })
    if (!isEqual(vaultIdBytes(vaultId), this.sealing.vaultId)) {
      throw new CoffretError('invalid', 'the file is of another vault')
    }
    if (keyEpoch !== this.sealing.keyEpoch) {
      const problem = `the file has key epoch ${keyEpoch}, the vault ${this.sealing.keyEpoch}`
      throw new CoffretError('invalid', problem)
    }
    const { clock, keys } = this
    return UnlockedVault.enter(database, vaultId, keys, { clock, random: this.sealing.random })
  }

  /**
   * Reads one consistent state of the vault.
   * @throws CoffretError `locked`, `corrupt`, `busy`, `storage`
   */
  read<T>(work: (transaction: VaultTransaction, state: VaultState) => T): T {
    return this.database.read(() => {
      const state = this.#current()
      return work(this.#transaction, state)
    })
  }

  /** The header as it is now, proven. @throws CoffretError `locked`, `corrupt`, `busy`, `storage` */
  header(): VaultHeader {
    const { database, sealing, keys } = this
    return database.read(() => {
      const row = readHeader(database)
      verifyHeader(row, keys.header)
      readFittingState(database, sealing, row)
      return row.header
    })
  }

  /**
   * Changes the vault: all that `work` does is on the disk afterwards, or nothing.
   * @param entries those of the calls for which it is done: their lines go along
   * @throws CoffretError `locked`, `corrupt`, `stale`, `busy`, `not_writable`, `storage`
   */
  write<T>(
    work: (transaction: VaultTransaction) => T,
    entries: readonly (AuditEntry | undefined)[] = [],
  ): T {
    const carried = new EntryLines(entries)
    const result = this.#change(() => this.#current(), work, carried)
    carried.kept()
    return result
  }

  /**
   * The same for what can wait: `busy` at once where another program is writing.
   * @throws CoffretError as {@link write}
   */
  writeImpatiently<T>(work: (transaction: VaultTransaction) => T): T {
    return this.database.impatiently(() => this.write(work))
  }

  /**
   * Adds lines to the audit log and changes nothing else: the generation stays, and what others know of the
   * vault with it.
   * @param waits whether it waits for another program that is writing @throws CoffretError as {@link write}
   */
  appendAudit(lines: readonly NewAuditLine[], waits = true): void {
    const { database } = this
    const { audit } = this.#transaction
    const add = () => {
      const found = this.#current()
      this.proofs.continuity?.checkWritable()
      audit.append(lines, found.audit, this.clock.now())
      return found
    }
    const append = () => database.write(add, () => audit.endsAsWritten())
    const state = waits ? append() : database.impatiently(append)
    this.#known = { moment: database.moment, state }
  }

  /**
   * Replaces the header, together with what `work` does: neither can be put back alone.
   * @param before the header that the new one was made from
   * @throws CoffretError `busy` when another process changed the header meanwhile, and as {@link write}
   */
  replaceHeader(
    before: HeaderRow,
    header: VaultHeader,
    work: (transaction: VaultTransaction) => void,
  ): void {
    const { database, keys } = this
    const replace = () => {
      const row = readHeader(database)
      if (!isEqual(row.body, before.body)) {
        throw new CoffretError('busy', 'another program changed the key slots: try again')
      }
      verifyHeader(row, keys.header)
      const state = this.#current()
      checkFits(state, row)
      return { ...state, headerMac: writeHeader(database, header, keys.header) }
    }
    this.#change(replace, work)
  }

  /** The state as it is now. @throws as {@link read} */
  state(): VaultState {
    return this.database.read(() => this.#current())
  }

  /**
   * Runs work on the vault's file while nobody can write to it, and writes nothing itself.
   * @param work is given the state, which stays as long as it runs
   * @throws CoffretError as {@link write}
   */
  reserve<T>(work: (state: VaultState, transaction: VaultTransaction) => T): T {
    return this.database.reserved(() => {
      const state = this.#current()
      this.proofs.continuity?.checkWritable()
      return work(state, this.#transaction)
    })
  }

  /**
   * The last write to a vault that is to take the place of another file of it: it goes on counting from
   * the state of that one.
   * @param writer who does it, as the vault remembers its writers; absent when nobody remembers
   */
  succeed(
    before: VaultState,
    writer: string | undefined,
    work: (transaction: VaultTransaction) => void,
  ): void {
    const { writers } = before
    const counted = () => {
      const found = this.#current()
      const generation = Math.max(found.generation, before.generation)
      const all = writer === undefined ? writers : writersAfter(writers, writer, generation + 1)
      return { ...found, generation, writers: all }
    }
    this.#change(counted, work)
  }

  /** What this machine saw of the vault; absent when nobody remembers. */
  get continuity(): Continuity | undefined {
    return this.proofs.continuity
  }

  /** What speaks against the file as it is; writing waits until it is accepted. */
  get discontinuity(): Discontinuity | undefined {
    return this.proofs.continuity?.found
  }

  /** Takes note of what another connection of this machine wrote. It never fails: the next read says why. */
  lookAgain(): void {
    try {
      this.state()
    } catch (error) {
      if (!(error instanceof CoffretError)) throw error
    }
  }

  /** Goes on from the file as it is, whatever this machine saw before. @throws as {@link read} */
  acceptAsIs(): void {
    this.proofs.continuity?.accept(this.state())
  }

  #change<T>(
    before: () => VaultState,
    work: (transaction: VaultTransaction) => T,
    carried?: EntryLines,
  ): T {
    const { database, sealing } = this
    const { continuity } = this.proofs
    let written: Uint8Array | undefined
    const change = () => {
      const found = before()
      continuity?.checkWritable()
      // That of a transaction that failed says nothing.
      this.#transaction.audit.takeMark()
      const done = work(this.#transaction)
      const now = this.clock.now()
      const { audit } = this.#transaction
      if (carried !== undefined) audit.append(carried.lines(), found.audit, now)
      const generation = found.generation + 1
      const next: VaultState = {
        ...found,
        generation,
        root: this.#tree.finish(),
        writtenAt: now,
        audit: audit.takeMark() ?? found.audit,
        writers:
          continuity === undefined
            ? found.writers
            : writersAfter(found.writers, continuity.writer, generation),
      }
      written = writeState(database, sealing, next)
      return { result: done, state: next }
    }
    const { result, state } = database.write(change, () => holdsState(database, written))
    this.#known = { moment: database.moment, state }
    continuity?.wrote(state)
    return result
  }

  /**
   * The state, inside a transaction. Where the file may be another than it was, what was kept of it no longer
   * counts; that includes a write of this vault that failed.
   * @throws CoffretError `locked` when the keys were wiped or the data key was replaced; `corrupt`
   */
  #current(): VaultState {
    // Wiped keys end the vault, though nothing would have to be opened.
    void this.sealing.key.bytes
    const { moment } = this.database
    if (this.#known?.moment === moment) return this.#known.state
    this.#known = undefined
    const { names, records } = this.#transaction
    names.forget()
    records.forget()
    const state = readState(this.database, this.sealing)
    this.proofs.continuity?.see(state)
    this.#tree.begin(state.root)
    this.#known = { moment, state }
    return state
  }

  /** Copies of the keys, for a job; they are the caller's to wipe. @throws CoffretError `locked` */
  copyKeys(): Record<keyof VaultKeys, Uint8Array> {
    const { record, name, header } = this.keys
    return { record: record.bytes.slice(), name: name.bytes.slice(), header: header.bytes.slice() }
  }

  /** Overwrites the keys; every later transaction throws `locked`. */
  wipe(): void {
    wipeKeys(this.keys)
  }
}
