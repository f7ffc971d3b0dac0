import type { MergeReport } from '../../contract/check-calls'
import { CoffretError } from '../../contract/errors'
import type { VaultId } from '../../contract/model'
import { fromHex } from '../../crypto/bytes'
import { mergePlaces, type Place } from '../../kv/merge-places'
import { mergeCredentials } from '../credential-records'
import { mergeKeptCertificates } from '../kept-certificate-records'
import { mergeDrafts } from '../drafts'
import type { JobContext } from '../jobs/jobs'
import { freeBeside, secondValue } from './merge-beside'
import { mergeMounts } from './merge-mounts'
import { MergeTally } from './merge-report'
import { withOtherCopy, type OtherCopy } from './merge-source'
import {
  findAt,
  findScanned,
  isSamePlace,
  isUnchanged,
  loadSecret,
  removeName,
  unite,
  writeMerged,
  type LoadedSecret,
  type MergeOutcome,
  type MergeStep,
} from './merged-secret'
import { readMounts } from '../mounts'
import { scanSecrets, unlessCorrupt } from './scanned-secrets'
import type { UnlockedVault, VaultTransaction } from '../unlocked-vault'

/** What the job takes. */
export interface MergeInput extends OtherCopy {
  readonly vaultId: VaultId
  /** False to tell what would happen, and change nothing. */
  readonly apply: boolean
}

/** How many secrets one transaction merges: a few milliseconds, for which others wait. */
const stepsAtOnce = 16

/** How often a merge begins again because somebody else wrote meanwhile. */
const maxTries = 5

/**
 * Merges another copy of the vault into this one, or tells what that would do. Every transaction leaves a
 * whole vault, so that a merge which was broken off is simply done again; done twice it changes nothing.
 * The other file is only read.
 *
 * Of credentials only their ends come in, see `mergeCredentials`; the certificate authority stays.
 * Of kept certificates those come in that this copy lacks: a key that is lost is lost for ever.
 * Journals of unfinished copies stay too: what they say of others' stores may have ended there long ago.
 * The ids of folders, and those of mounts that both copies made under one name, are each file's own.
 * @throws CoffretError `cancelled`; `busy` when others keep writing; and those of {@link withOtherCopy}
 */
export function mergeVaults(context: JobContext, input: MergeInput): MergeReport {
  return withOtherCopy(context, input.vaultId, input, (other) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return new Merge(context, other, input.apply).run()
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error
        if (tries === maxTries) throw new CoffretError('busy', 'others keep writing to the vault')
      }
    }
  })
}

/** A step and what it comes to; undefined when either copy cannot be read. */
interface Planned {
  readonly step: MergeStep
  readonly outcome: MergeOutcome | undefined
}

/** Somebody else changed what was to be merged. */
class Overtaken extends Error {}

/** One pass over both copies. */
class Merge {
  readonly #tally = new MergeTally()
  readonly #own: UnlockedVault
  readonly #places = new Set<string>()

  constructor(
    private readonly context: JobContext,
    private readonly other: UnlockedVault,
    private readonly isApplied: boolean,
  ) {
    this.#own = context.vault
  }

  run(): MergeReport {
    const mounts = this.other.read(({ records }) => readMounts(records))
    this.#change((transaction) => {
      this.#tally.count('mounts', mergeMounts(transaction.records, mounts, this.isApplied))
    })
    const steps = this.#scan()
    this.#performAll(steps)
    const { drafts, credentials, kept } = this.other.read(({ records }) => ({
      drafts: records.all('draft'),
      credentials: records.all('credential'),
      kept: records.all('keptCertificate'),
    }))
    if (this.isApplied && credentials.length > 0) {
      this.#own.write((transaction) => mergeCredentials(transaction, credentials))
    }
    if (this.isApplied && kept.length > 0) {
      this.#own.write(({ records }) => mergeKeptCertificates(records, kept))
    }
    this.#change((transaction) => {
      this.#tally.count('drafts', mergeDrafts(transaction, drafts, this.isApplied))
    })
    return this.#tally.report
  }

  /** Reads all names of both copies: a tenth of the work, as progress counts. */
  #scan(): MergeStep[] {
    const progress = (start: number) => (part: number) => {
      this.context.checkCancelled()
      this.context.report(Math.round(start + 50 * part), 1000)
    }
    const own = scanSecrets(this.#own, progress(0))
    const other = scanSecrets(this.other, progress(50))
    this.#tally.count('unreadable', own.unread + other.unread)
    const merged = mergePlaces(own.secrets, other.secrets)
    for (const { place } of merged) this.#places.add(`${place.mount}/${place.path}`)
    return merged.filter((step) => {
      const { id, place, a, b } = step
      // Metadata that was sealed once is the same, and so is everything that it speaks of.
      const isSame = b === undefined || a?.row.metadataTag === b.row.metadataTag
      if (a?.id !== id || !isSame || !isSamePlace(a, place)) return true
      this.#tally.count('unchanged')
      return false
    })
  }

  #performAll(steps: readonly MergeStep[]): void {
    let left = steps
    let done = 0
    let isForced = false
    while (left.length > 0) {
      const blocked: MergeStep[] = []
      for (let at = 0; at < left.length; at += isForced ? left.length : stepsAtOnce) {
        const batch = isForced ? left : left.slice(at, at + stepsAtOnce)
        const waiting = this.#performBatch(batch, isForced)
        blocked.push(...waiting)
        done += batch.length - waiting.length
        this.context.report(100 + Math.round((900 * done) / steps.length), 1000)
      }
      // What waits for itself, as two secrets that changed places, goes in one transaction.
      isForced = blocked.length === left.length
      left = blocked
    }
  }

  /** @returns the steps whose place is not free yet */
  #performBatch(batch: readonly MergeStep[], isForced: boolean): MergeStep[] {
    this.context.checkCancelled()
    const loaded = new Map(batch.map((step) => [step, this.#loadOther(step)]))
    const performed = this.#change((transaction) => {
      const isFree = (step: MergeStep) =>
        isForced || unlessCorrupt(() => isBlocked(transaction, step)) !== true
      const free = batch.filter(isFree).map((step) => ({
        step,
        outcome: unlessCorrupt(() => this.#outcomeOf(transaction, step, loaded.get(step))),
      }))
      if (isForced && this.isApplied) {
        for (const { step, outcome } of free) {
          if (step.a !== undefined && outcome !== undefined) removeName(transaction, step.a)
        }
      }
      return free.map(({ step, outcome }) => {
        // One that cannot be read stays where it is, and another one was to come there.
        const isStuck = isForced && this.isApplied && isBlocked(transaction, step)
        const beside = isStuck ? freeBeside(transaction, step.place, this.#places) : {}
        const at = { ...step, place: { ...step.place, ...beside } }
        return {
          step,
          outcome,
          beside: this.#perform(transaction, { step: at, outcome }, isForced),
        }
      })
    })
    // A transaction that fails counts nothing.
    for (const one of performed) this.#tell(one)
    const done = new Set(performed.map(({ step }) => step))
    return batch.filter((step) => !done.has(step))
  }

  /** @returns where a second value went, if there is one */
  #perform(
    transaction: VaultTransaction,
    { step, outcome }: Planned,
    isNameless: boolean,
  ): Place | undefined {
    if (outcome === undefined || isUnchanged(step, outcome)) return undefined
    const beside = secondValue(transaction, step, outcome, this.#places)
    if (this.isApplied) {
      writeMerged(transaction, step, outcome, isNameless)
      if (beside !== undefined) writeMerged(transaction, beside.step, beside.outcome)
    }
    return beside?.step.place
  }

  #loadOther({ b }: MergeStep): LoadedSecret | 'corrupt' | undefined {
    if (b === undefined) return undefined
    const read = () => this.other.read(({ records }) => loadSecret(records, b.row))
    return unlessCorrupt(read) ?? 'corrupt'
  }

  /** @returns undefined when either copy cannot be read */
  #outcomeOf(
    transaction: VaultTransaction,
    { id, a }: MergeStep,
    b: LoadedSecret | 'corrupt' | undefined,
  ): MergeOutcome | undefined {
    if (a !== undefined && findScanned(transaction, a) === undefined) throw new Overtaken()
    const isThere = () =>
      transaction.records.find({ kind: 'secret', id: fromHex(id), version: 0 }) !== undefined
    if (a?.id !== id && isThere()) throw new Overtaken()
    if (b === 'corrupt') return undefined
    return unite(a === undefined ? undefined : loadSecret(transaction.records, a.row), b)
  }

  #tell({ step, outcome, beside }: Planned & { readonly beside: Place | undefined }): void {
    const tally = this.#tally
    if (beside !== undefined) {
      tally.count('beside')
      tally.name(beside, 'beside')
    }
    if (outcome === undefined) {
      tally.count('unreadable')
      tally.name(step.place, 'unreadable')
      return
    }
    if (isUnchanged(step, outcome)) {
      tally.count('unchanged')
      return
    }
    tally.count('versions', outcome.merged.sources.filter(({ a }) => a === undefined).length)
    if (step.a === undefined) {
      tally.count('added')
      tally.name(step.place, 'added')
      return
    }
    const isMoved = !isSamePlace(step.a, step.place)
    const isChanged = outcome.b !== undefined && differs(outcome, 'a')
    const isConflict = isChanged && differs(outcome, 'b')
    if (isMoved) tally.count('moved')
    if (isChanged) tally.count('changed')
    if (isConflict) tally.count('conflicts')
    tally.name(step.place, isConflict ? 'conflict' : isChanged ? 'changed' : 'moved')
  }

  /** A transaction that writes when the merge is applied, and reads when it is planned. */
  #change<T>(work: (transaction: VaultTransaction) => T): T {
    return this.isApplied ? this.#own.write(work) : this.#own.read(work)
  }
}

/** Whether the merged secret has anything that one of the copies lacks. */
function differs({ merged, a, b }: MergeOutcome, side: 'a' | 'b'): boolean {
  const one = side === 'a' ? a : b
  return JSON.stringify(merged.metadata) !== JSON.stringify(one?.metadata)
}

function isBlocked(transaction: VaultTransaction, { place, a }: MergeStep): boolean {
  const there = findAt(transaction, place)
  return there !== undefined && there.id !== a?.id
}
