import { rmSync } from 'node:fs'
import type { RepairReport } from '../../contract/check-calls'
import { CoffretError } from '../../contract/errors'
import { SecretPath, type MountName } from '../../contract/model'
import { toHex } from '../../crypto/bytes'
import { placeOf } from '../../kv/merge-places'
import { restartLine } from '../audit/audit-chain'
import { Database, defaultBusyTimeoutMs } from '../database'
import type { JobContext } from '../jobs/jobs'
import { freeBeside } from '../merge/merge-beside'
import { findAt, unite, writeMerged, type MergeStep } from '../merge/merged-secret'
import { readMounts, writeFirstMounts, writeMounts } from '../mounts'
import { NamePlaces, type ScannedName } from '../merge/name-places'
import type { SecretRow } from '../names'
import { ProblemList } from './problem-list'
import { onlyId } from '../records'
import { Salvage, type SavedSecret } from './salvage'
import { unlessCorrupt } from '../merge/scanned-secrets'
import type { UnlockedVault } from '../unlocked-vault'
import { createVaultFile } from '../vault-file'
import { readNames } from './verify-names'
import { verifyVault } from './verify-vault'

/** What the job takes. */
export interface RepairInput {
  /** Where nothing is yet. */
  readonly file: string
}

/** One record each, which stands for itself. */
const smallKinds = [
  'draft',
  'credential',
  'authority',
  'copy',
  'domain',
  'keptCertificate',
  'listing',
] as const

/** How many secrets one transaction saves. Nobody else knows the new file. */
const secretsAtOnce = 200

/** The folder of what has lost its name or its folder. */
const recovered = 'recovered'

/**
 * Saves what authenticates of a damaged vault into a new file with the same id and key slots, so that it
 * opens with the same passphrase. The damaged file is only read. Secrets that lost their names or their
 * folders go into the folder `recovered`; versions whose data is lost are there as destroyed ones. The new
 * file is checked in the end, and does not stay when anything fails.
 *
 * The audit log begins anew, with a line that says so: what the old one holds stays in the damaged file.
 *
 * Honest limit: it needs an intact header and state, without which the vault does not open.
 * @throws CoffretError `exists`, `not_writable`, `storage`, `cancelled`
 */
export function repairVault(context: JobContext, { file }: RepairInput): RepairReport {
  createVaultFile(file)
  let database: Database | undefined
  try {
    database = Database.onEmptyFile(file, defaultBusyTimeoutMs)
    const copy = context.vault.emptyCopy(database)
    const report = new Repair(context, copy).run()
    copy.appendAudit([restartLine(context.clock.now())])
    const found = verifyVault({ ...context, vault: copy, database }, undefined)
    if (found.problemCount > 0) {
      throw new CoffretError('storage', `the new file has ${found.problemCount} problems`)
    }
    return { file, ...report }
  } catch (error) {
    database?.close()
    rmSync(file, { force: true })
    throw error
  } finally {
    database?.close()
  }
}

class Repair {
  readonly #lost = new ProblemList()
  readonly #source: UnlockedVault
  readonly #salvage: Salvage
  readonly #saved = new Set<string>()
  readonly #taken = new Set<string>()
  readonly #waiting: { readonly step: MergeStep; readonly found: SavedSecret }[] = []
  #secrets = 0
  #versions = 0

  constructor(
    private readonly context: JobContext,
    private readonly copy: UnlockedVault,
  ) {
    this.#source = context.vault.forSalvage()
    const step = () => context.checkCancelled()
    this.#salvage = new Salvage(this.#source, step, () => this.#lost.add('pages'))
  }

  run(): Omit<RepairReport, 'file'> {
    const { fresh, stale } = readNames(this.context.vault, this.#lost, () =>
      this.context.checkCancelled(),
    )
    const mounts = this.#saveMounts()
    // Where two rows are of one secret, the one that the freshness tree holds counts.
    const rows = [...fresh, ...stale]
    const places = new NamePlaces(mounts, rows)
    const home = (mounts.find(({ version }) => version === 2) ?? mounts[0])?.name
    for (const [at, one] of rows.entries()) {
      this.#step(at, rows.length)
      if (one.row.kind === 'secret') this.#saveNamed(one, one.row, places, home)
    }
    for (const id of this.#salvage.ids) if (!this.#saved.has(id)) this.#saveNameless(id, home)
    this.#flush()
    const drafts = this.#saveSmall()
    const { count, named } = this.#lost
    return {
      ...{ secrets: this.#secrets, versions: this.#versions, drafts },
      ...{ lostCount: count, lost: named },
    }
  }

  #step(at: number, of: number): void {
    this.context.checkCancelled()
    this.context.report(at, of)
  }

  #saveMounts() {
    const mounts = unlessCorrupt(() => this.#source.read(({ records }) => readMounts(records)))
    if (mounts === undefined) this.#lost.add('mounts')
    this.copy.write(({ records }) => {
      if (mounts === undefined) writeFirstMounts(records)
      else writeMounts(records, mounts)
    })
    return this.copy.read(({ records }) => readMounts(records))
  }

  #saveNamed(one: ScannedName, row: SecretRow, places: NamePlaces, home: MountName | undefined) {
    const { id } = row
    if (this.#saved.has(id)) return
    this.#saved.add(id)
    const secret = places.secret({ parent: one.parent, row })
    const place = secret ?? { mount: home ?? ('' as MountName), path: lostPath(one, places) }
    if (secret === undefined) this.#lost.add('lostName', place)
    const found = this.#salvage.secret(id, row)
    if (found === undefined || found.isMadeUp) this.#lost.add('metadata', place)
    if (found === undefined) return
    for (const version of found.lost) this.#lost.add('version', { ...place, version })
    this.#save({ id, place: placeOf(place) }, found)
  }

  /** What a name row that is lost led to. */
  #saveNameless(id: string, home: MountName | undefined): void {
    const found = this.#salvage.secret(id, undefined)
    if (found === undefined || found.secret.data.size === 0) {
      this.#lost.add('orphan')
      return
    }
    const place = { mount: home ?? ('' as MountName), path: `${recovered}/${id}` }
    this.#lost.add('lostName', place)
    this.#save({ id, place }, found)
  }

  #save(step: MergeStep, found: SavedSecret): void {
    this.#waiting.push({ step, found })
    if (this.#waiting.length >= secretsAtOnce) this.#flush()
  }

  #flush(): void {
    const batch = this.#waiting.splice(0)
    if (batch.length === 0) return
    this.copy.write((transaction) => {
      for (const { step, found } of batch) {
        const isTaken = findAt(transaction, step.place) !== undefined
        const place = isTaken ? freeBeside(transaction, step.place, this.#taken) : step.place
        writeMerged(transaction, { ...step, place }, unite(undefined, found.secret))
      }
    })
    for (const { found } of batch) {
      this.#secrets += 1
      this.#versions += found.secret.data.size
    }
  }

  /** Drafts, what is said of the key slots, credentials and their authority. @returns how many drafts */
  #saveSmall(): number {
    const slots = this.#salvage.text('slots', toHex(onlyId))
    const saved = smallKinds.flatMap((kind) =>
      this.#salvage.ofKind(kind).flatMap(({ id }) => {
        const text = this.#salvage.text(kind, toHex(id))
        if (text === undefined) this.#lost.add(kind)
        return text === undefined ? [] : [{ place: { kind, id, version: 0 }, text }]
      }),
    )
    this.copy.write(({ records }) => {
      for (const { place, text } of saved) records.put(place, text)
      if (slots !== undefined) records.put({ kind: 'slots', id: onlyId, version: 0 }, slots)
    })
    return saved.filter(({ place }) => place.kind === 'draft').length
  }
}

/** Where a secret goes whose folder is lost: what is known of its path stays. */
function lostPath({ parent, row }: ScannedName, places: NamePlaces): string {
  const { lost = parent, names } = places.way(parent)
  const path = [recovered, lost.slice(0, 8), ...names, row.name].join('/')
  return SecretPath.safeParse(path).success
    ? path
    : `${recovered}/${row.kind === 'secret' ? row.id : lost}`
}
