import type { CheckReport } from '../../contract/check-calls'
import { isJsonObject, parseJson } from '../../contract/json'
import { fromHex, toHex } from '../../crypto/bytes'
import { readAuthority } from '../authority-record'
import { countJournals } from '../copy-records'
import { countCredentials } from '../credential-records'
import { countDomains } from '../domain-records'
import { countKeptCertificates } from '../kept-certificate-records'
import { countLists } from '../list-records'
import { countDrafts } from '../drafts'
import { hasAuditTable } from '../layout'
import type { JobContext } from '../jobs/jobs'
import { findNow } from '../merge/merged-secret'
import { readMounts } from '../mounts'
import type { NamePlaces, ScannedName, ScannedSecret } from '../merge/name-places'
import type { SecretRow } from '../names'
import { ProblemList } from './problem-list'
import type { NumberedRecord, Records } from '../records'
import { walkRows } from './row-walk'
import { scanSecrets, unlessCorrupt } from '../merge/scanned-secrets'
import { readData, readSecret } from '../secret-records'
import { readSlotNotes } from '../keys/slot-notes'
import { checkNames, readNames, type ReadNames } from './verify-names'

/**
 * Reads and proves everything in a vault: the pages of the database, the freshness tree, every name,
 * every version of every secret, drafts, credentials, and that no record lies about that no name leads to. Nothing is
 * changed, and no value is told. It reads in slices between which others may write; the pages are checked
 * table by table, for which writers wait longer.
 * @throws CoffretError `cancelled`
 */
export function verifyVault(context: JobContext, _input: undefined): CheckReport {
  return new Verification(context).run()
}

/** The tables of a vault. */
const allTables = ['header', 'state', 'tree', 'names', 'records', 'audit'] as const

/** Where each part of the work begins, in thousandths. */
const starts = { pages: 0, names: 50, tree: 200, secrets: 300, orphans: 900 }

/** What is wrong with one secret: its metadata, or these of its versions. */
type Wrong = 'metadata' | readonly number[]

class Verification {
  readonly #problems = new ProblemList()
  /** The versions that are kept of each secret; undefined where that cannot be known. */
  readonly #kept = new Map<string, ReadonlySet<number> | undefined>()
  #secrets = 0
  #versions = 0

  constructor(private readonly context: JobContext) {}

  run(): CheckReport {
    this.#checkPages()
    const names = readNames(this.#vault, this.#problems, () => this.#step(starts.names))
    const mounts = unlessCorrupt(() => this.#vault.read(({ records }) => readMounts(records)))
    if (mounts === undefined) this.#problems.add('mounts')
    const treePart = starts.secrets - starts.tree
    const places = checkNames(this.#vault, names, mounts ?? [], this.#problems, (part) =>
      this.#step(starts.tree + treePart * part),
    )
    this.#checkSecrets(names, places)
    if (this.#readAll(readSlotNotes) === undefined) this.#problems.add('keySlots')
    if (this.#readAll(countCredentials) === undefined) this.#problems.add('credential')
    if (this.#readAll(countJournals) === undefined) this.#problems.add('copy')
    if (this.#readAll(countDomains) === undefined) this.#problems.add('domain')
    if (this.#readAll(countKeptCertificates) === undefined) this.#problems.add('keptCertificate')
    if (this.#readAll(countLists) === undefined) this.#problems.add('listing')
    if (this.#readAll((records) => readAuthority(records) ?? 'none') === undefined) {
      this.#problems.add('authority')
    }
    const drafts = this.#readAll(countDrafts)
    if (drafts === undefined) this.#problems.add('draft')
    if (!this.#isAuditProven()) this.#problems.add('audit')
    this.#checkOrphans()
    return {
      secrets: this.#secrets,
      versions: this.#versions,
      drafts: drafts ?? 0,
      problemCount: this.#problems.count,
      problems: this.#problems.named,
    }
  }

  get #vault() {
    return this.context.vault
  }

  /** @returns undefined when it is damaged */
  #readAll<T>(read: (records: Records) => T): T | undefined {
    return unlessCorrupt(() => this.#vault.read(({ records }) => read(records)))
  }

  #isAuditProven(): boolean {
    const found = unlessCorrupt(() =>
      this.#vault.read(({ audit }, state) => audit.check(state.audit)),
    )
    return found !== undefined && found.brokenAt === undefined
  }

  #step(done: number): void {
    this.context.checkCancelled()
    this.context.report(Math.round(done), 1000)
  }

  #checkPages(): void {
    const hasAudit = hasAuditTable(this.context.database)
    const tables = allTables.filter((table) => table !== 'audit' || hasAudit)
    for (const [at, table] of tables.entries()) {
      this.#step((starts.names * at) / tables.length)
      const isWhole = unlessCorrupt(() => this.context.database.isWhole(table))
      if (isWhole !== true) this.#problems.add('pages')
    }
  }

  #checkSecrets({ fresh, stale }: ReadNames, places: NamePlaces): void {
    for (const { row } of stale) if (row.kind === 'secret') this.#kept.set(row.id, undefined)
    for (const [at, one] of fresh.entries()) {
      const part = (starts.orphans - starts.secrets) * (at / fresh.length)
      if (at % 20 === 0) this.#step(starts.secrets + part)
      const { parent, row } = one
      if (places.folder(parent) === undefined && !isBinned(row)) {
        if (this.#isNamed(one)) this.#problems.add('lostName', { path: row.name })
        if (row.kind === 'secret') this.#kept.set(row.id, undefined)
      } else if (row.kind === 'secret') {
        const secret = places.secret({ parent, row })
        if (secret !== undefined) this.#checkSecret(secret)
      }
    }
  }

  /** Somebody may have removed it, and its folder, since. */
  #isNamed({ parent, row }: ScannedName): boolean {
    return this.#vault.read(
      ({ names }) =>
        unlessCorrupt(() => names.find(row.kind, fromHex(parent), row.name) ?? 'gone') !== 'gone',
    )
  }

  #checkSecret(scanned: ScannedSecret): void {
    this.#secrets += 1
    const wrong = this.#vault.read((transaction) => {
      const { records } = transaction
      const found = this.#wrongOf(records, scanned.row)
      if (found.length === 0) return found
      // Somebody may have changed it, or erased it, since its name was read.
      const now = unlessCorrupt(() => findNow(transaction, scanned) ?? 'gone') ?? scanned.row
      if (now === 'gone') return []
      return now.metadataTag === scanned.row.metadataTag ? found : this.#wrongOf(records, now)
    })
    if (wrong === 'metadata') this.#problems.add('metadata', scanned)
    else for (const version of wrong) this.#problems.add('version', { ...scanned, version })
  }

  #wrongOf(records: Records, row: SecretRow): Wrong {
    const metadata = unlessCorrupt(() => readSecret(records, row))
    if (metadata === undefined) {
      this.#kept.set(row.id, undefined)
      return 'metadata'
    }
    const kept = metadata.versions.filter(({ destroyed }) => !destroyed)
    const numbers = kept.map(({ version }) => version)
    this.#kept.set(row.id, new Set(numbers))
    this.#versions += numbers.length
    return numbers.filter(
      (version) =>
        unlessCorrupt(() => isObject(readData(records, fromHex(row.id), version))) !== true,
    )
  }

  #checkOrphans(): void {
    const orphans: NumberedRecord[] = []
    walkRows<NumberedRecord>({
      slice: (after, limit) => {
        this.#step(starts.orphans)
        return this.#vault.read(({ records }) => records.slice(after, limit))
      },
      each: (record) => void (this.#isKnown(record) || orphans.push(record)),
      onDamage: () => this.#problems.add('pages'),
    })
    if (orphans.length === 0) return
    // What was written since the names were read is no orphan.
    const scanned = unlessCorrupt(() => scanSecrets(this.#vault, () => this.#step(950)))
    for (const { row } of scanned?.secrets ?? []) {
      if (this.#kept.get(row.id) === undefined && this.#kept.has(row.id)) continue
      this.#vault.read(({ records }) => this.#wrongOf(records, row))
    }
    for (const record of orphans) {
      if (!this.#isKnown(record) && this.#isThere(record)) this.#problems.add('orphan')
    }
  }

  #isKnown({ kind, id, version }: NumberedRecord): boolean {
    if (kind !== 'secret' && kind !== 'version') return kind !== undefined
    const kept = this.#kept.get(toHex(id))
    if (kept === undefined) return this.#kept.has(toHex(id))
    return kind === 'secret' || kept.has(version)
  }

  #isThere({ kind, id, version }: NumberedRecord): boolean {
    if (kind === undefined) return true
    return this.#vault.read(
      ({ records }) =>
        unlessCorrupt(() => records.find({ kind, id, version }) ?? 'gone') !== 'gone',
    )
  }
}

function isBinned(row: { readonly kind: string; readonly binned?: unknown }): boolean {
  return row.kind === 'secret' && row.binned !== undefined
}

function isObject(text: string): boolean {
  try {
    return isJsonObject(parseJson(text))
  } catch {
    return false
  }
}
