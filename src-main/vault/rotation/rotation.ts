import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { CoffretError } from '../../contract/errors'
import type { KeyProof, KeySlotKind } from '../../contract/key-slots'
import type { RotationOutcome } from '../../contract/rotation-calls'
import { SecretKey, keyBytes } from '../../crypto/secret-key'
import { readHeader, type VaultHeader } from '../header'
import type { JobInput, JobName, JobOptions, JobOutput } from '../jobs/jobs'
import type { KeysContext } from '../keys/local-keys'
import { makeSlots, forgetKeychainKeys } from './rotation-slots'
import { openSlot, slotKeyOf, wipeSlotKey } from '../keys/slots'
import {
  beginUnfinished,
  finishUnfinished,
  headerOfUnfinished,
  isUnfinished,
  openUnfinished,
} from './unfinished-vault'
import { deriveKeys, wipeKeys, type UnlockedVault, type VaultKeys } from '../unlocked-vault'
import { syncFolder, translateFileErrors } from '../vault-file'
import { discardFile, moveOver } from '../whole-file'

/** What a rotation works on. */
export interface RotationContext extends KeysContext {
  /** Who writes, as the vault remembers its writers; absent when nobody remembers. */
  readonly writer?: string
  /** Gives the vault, or throws `locked`. */
  readonly unlocked: () => UnlockedVault
  readonly run: <N extends JobName>(
    job: N,
    input: JobInput<N>,
    options?: JobOptions,
  ) => Promise<JobOutput<N>>
  /** Goes on with the file that is in the vault's place now, under its keys, which it takes over. */
  readonly enter: (keys: VaultKeys) => void
}

/** What a person gives for a new data key. What was given stays theirs to wipe. */
export interface RotationRequest {
  /** Opens the vault, and goes on opening it unless it is the old recovery key. */
  readonly proof: KeyProof
  /** The words of the new recovery key, written down. */
  readonly words: string
  /** Other keys that are to go on opening the vault: key files at hand. */
  readonly keep?: readonly KeyProof[]
}

/** A rotation that was begun and not ended. */
export interface BegunRotation {
  /** What can show that a person may go on with it: kinds of the new key slots. None: it is damaged. */
  readonly proofs: readonly KeySlotKind[]
}

/** How often the vault may be written to between copying and exchanging the files. */
const maxTries = 20

/** SQLite on Windows keeps others from moving a file over one that it has open. */
const mustClose = process.platform === 'win32'

/**
 * Replaces the data key of a vault: everything is sealed anew into a file beside it, `NAME.coffret.rotating`,
 * which then takes its place in one step. Until that moment the vault's own file is as it was, and is
 * written to as ever; so a crash, a full disk or a change of mind costs nothing, and the work goes on from
 * where it was. Other programs that have the vault open hear that it was replaced.
 *
 * Honest limits: copies of the file made before open with the old keys, and hold what they held; the old
 * file's blocks may survive on the disk until they are used again. On Windows the file is closed for the
 * exchange, and a write of another program in that very moment is lost.
 */
export class LocalRotation {
  #isRunning = false

  constructor(private readonly context: RotationContext) {}

  /** The rotation that was interrupted; undefined when there is none. */
  begun(): BegunRotation | undefined {
    if (this.#isRunning || !isUnfinished(this.#file)) return undefined
    const header = this.#begunHeader()
    return { proofs: [...new Set(header?.slots.map(({ kind }) => kind) ?? [])] }
  }

  /**
   * Begins, and works to the end.
   * @returns what is damaged in the vault, with nothing changed; else nothing
   * @throws CoffretError `wrong_passphrase`, with the field `keep` for one of those; `exists` when one was
   * begun already, `invalid`, `locked`, `stale`, `busy`, `cancelled`, `storage`; what `resume` throws
   */
  async start(request: RotationRequest, options: JobOptions = {}): Promise<RotationOutcome> {
    return this.#alone(async () => {
      const { context } = this
      // Whatever speaks against writing to the vault speaks against this.
      context.unlocked().reserve(() => undefined)
      if (isUnfinished(this.#file)) throw new CoffretError('exists', 'a rotation was begun already')
      const dataKey = new SecretKey(context.random(keyBytes))
      try {
        await this.#begin(request, dataKey)
        return await this.#work(dataKey, options)
      } finally {
        dataKey.wipe()
      }
    })
  }

  /**
   * Goes on with a rotation that was interrupted.
   * @param proof opens one of the new key slots
   * @throws CoffretError `not_found` when there is none; `invalid` when the vault's key slots were changed
   * since, `corrupt` when the new file is damaged: it can only be discarded then
   */
  async resume(proof: KeyProof, options: JobOptions = {}): Promise<RotationOutcome> {
    return this.#alone(async () => {
      this.context.unlocked().reserve(() => undefined)
      if (!isUnfinished(this.#file)) throw new CoffretError('not_found', 'no rotation was begun')
      const header = this.#begunHeader()
      if (header === undefined) throw new CoffretError('corrupt', 'the new file cannot be read')
      const key = slotKeyOf(proof)
      try {
        const { dataKey } = await openSlot(header, key)
        try {
          return await this.#work(dataKey, options)
        } finally {
          dataKey.wipe()
        }
      } finally {
        wipeSlotKey(key)
      }
    })
  }

  /** Gives up a rotation that was interrupted; nothing happens when there is none. */
  async discard(): Promise<void> {
    await this.#alone(() => this.#discard())
  }

  async #begin({ proof, words, keep = [] }: RotationRequest, dataKey: SecretKey): Promise<void> {
    const { context } = this
    const { database, vaultId } = context
    // What the job copies is held to this MAC, which proves the header too.
    const { header, mac } = database.read(() => readHeader(database))
    const request = { proof, words, keep }
    const { slots, notes } = await makeSlots(context, header, request, dataKey)
    const next = { vaultId, keyEpoch: header.keyEpoch + 1, slots }
    try {
      beginUnfinished(this.#file, { header: next, notes, headerMac: mac }, dataKey, context)
    } catch (error) {
      await forgetKeychainKeys(context, next)
      throw error
    }
  }

  async #work(dataKey: SecretKey, options: JobOptions): Promise<RotationOutcome> {
    const target = this.#file
    for (let tries = 0; tries < maxTries; tries += 1) {
      const input = { target, dataKey: dataKey.bytes.slice(), isChecked: tries > 0 }
      const copied = await this.context.run('rotate', input, options)
      if ('damaged' in copied) {
        await this.#discard()
        return { damaged: copied.damaged }
      }
      const before = this.#exchange(dataKey, copied.generation)
      if (before === undefined) continue
      // Keys of which nothing is left to open. One that stays does no harm.
      await forgetKeychainKeys(this.context, before).catch(() => undefined)
      return {}
    }
    throw new CoffretError('busy', 'other programs write to the vault without end')
  }

  /**
   * Puts the new file in the place of the old one, in one stretch, in which nobody can write.
   * @returns the header of the old file; undefined when it was written to since it was copied
   */
  #exchange(dataKey: SecretKey, generation: number): VaultHeader | undefined {
    const { context } = this
    const { database } = context
    const vault = context.unlocked()
    const from = this.#file
    const place = this.#place
    const move = () => this.#move(from, place)
    let before: VaultHeader | undefined
    vault.reserve((state, { audit }) => {
      if (state.generation !== generation) return
      const { header } = readHeader(database)
      const opened = openUnfinished(from, dataKey, context)
      try {
        finishUnfinished(opened, state, context.writer, audit)
      } finally {
        opened.close()
      }
      before = header
      if (!mustClose) move()
    })
    if (before === undefined) return undefined
    const keys = deriveKeys(dataKey, context.vaultId)
    try {
      database.reopen(mustClose ? move : undefined)
    } catch (error) {
      wipeKeys(keys)
      throw error
    }
    context.enter(keys)
    try {
      syncFolder(dirname(place))
    } catch {
      // The next commit syncs it too, and says when that fails.
    }
    return before
  }

  /** @throws CoffretError with the old file as it was */
  #move(from: string, place: string): void {
    try {
      moveOver(from, place)
    } catch (error) {
      // It says that it is done, and could not be gone on with.
      discardFile(from)
      throw error
    }
  }

  async #discard(): Promise<void> {
    const header = this.#begunHeader()
    discardFile(this.#file)
    if (header !== undefined) await forgetKeychainKeys(this.context, header)
  }

  /** The header of the new file; undefined when there is none that can be read. */
  #begunHeader(): VaultHeader | undefined {
    try {
      const header = headerOfUnfinished(this.#file)
      return header.vaultId === this.context.vaultId ? header : undefined
    } catch (error) {
      if (error instanceof CoffretError) return undefined
      throw error
    }
  }

  /** Beside the file itself, not beside a link to it. */
  get #file(): string {
    return `${this.#place}.rotating`
  }

  get #place(): string {
    const { file } = this.context.database
    return translateFileErrors(file, () => realpathSync(file))
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isRunning) throw new CoffretError('busy', 'the data key is being replaced already')
    this.#isRunning = true
    try {
      return await work()
    } finally {
      this.#isRunning = false
    }
  }
}
