import { CoffretError } from '../../contract/errors'
import type { EpochMs, MountName } from '../../contract/model'
import type { Progress } from '../../contract/search'
import { fold, searchTextOf, type SearchText } from '../../kv/search-rules'
import { toHex } from '../../crypto/bytes'
import { bucketCount, fanOut, treeHashBytes } from '../hash-tree'
import { readMounts, type Mount } from '../mounts'
import type { NameBucket, NameEntry, NameScan } from './name-scan'
import type { SealedName } from './name-scan'
import { decodeNameRow, type NameRow, type SecretRow } from '../names'
import type { Opened, RowOpener } from './row-opening'
import type { UnlockedVault, VaultTransaction } from '../unlocked-vault'

/** Rows that are read in one transaction, and then opened: a few milliseconds each. */
const rowsAtOnce = 256

/** A path has fewer folders than this. While a move is half seen, folders may lie in a circle. */
const maxDepth = 1024

/** Where a folder lies. */
export interface IndexedPlace {
  readonly mount: MountName
  /** Without the mount; empty at its top. */
  readonly path: string
  readonly foldedPath: string
  /** The mount, and the path if any, joined by `/`, folded. */
  readonly folded: string
}

/** A folder, or the top of a mount. */
export class IndexedFolder {
  /** The row that says where it lies; undefined for a mount, and while it was not met yet. */
  row: FolderEntry | undefined
  place: IndexedPlace | undefined
  /** Of which state of the folders {@link place} is. */
  placedAt = -1
  /** Of which search {@link found} is. */
  searchedAt = -1
  /** One bit for each word that is in the path; -1 when it is not to be searched. */
  found = 0
}

/** A folder's row. */
interface FolderEntry {
  readonly kind: 'folder'
  readonly folder: IndexedFolder
  readonly parent: IndexedFolder
  readonly name: string
}

/** A secret, as far as a search needs it. A class, so that 100,000 of them are small and quick to read. */
export class IndexedSecret implements SearchText {
  readonly kind = 'secret'
  readonly shown: string
  readonly folded: string
  readonly nameEnd: number
  readonly metadataStart: number
  /** 32 hexadecimal digits. */
  readonly id: string
  readonly currentVersion: number
  readonly updatedAt: EpochMs
  readonly deactivatedAt: EpochMs | undefined
  readonly destroyed: boolean

  constructor(
    row: SecretRow,
    readonly folder: IndexedFolder,
  ) {
    const text = searchTextOf(row.name, row.keys, row.customMetadata)
    this.shown = text.shown
    this.folded = text.folded
    this.nameEnd = text.nameEnd
    this.metadataStart = text.metadataStart
    this.id = row.id
    this.currentVersion = row.currentVersion
    this.updatedAt = row.updatedAt
    this.deactivatedAt = row.deactivatedAt
    this.destroyed = row.destroyed
  }
}

type Entry = FolderEntry | IndexedSecret

/** What is held of a bucket of the freshness tree. A damaged row has no entry. */
interface Bucket {
  readonly keys: readonly string[]
  readonly entries: readonly (Entry | undefined)[]
  /** All of it: it is not known what it held. */
  readonly isDamaged: boolean
}

/** A bucket that changed: what stays of it, and what is to be opened. */
interface Change {
  readonly number: number
  readonly bucket: NameBucket
  readonly rows: ReadonlyMap<NameEntry, SealedName | undefined>
}

/** What a second thread opens, but for a few rows. */
interface Part {
  readonly changes: readonly Change[]
  readonly rows: readonly SealedName[]
  readonly texts: Promise<Opened>
  readonly ownRows: readonly SealedName[]
}

/**
 * One row of so many is opened by the thread that reads and enters them all: that takes it about two thirds
 * of the time that opening takes the other one (measured), so that both end together.
 */
const rowsToOwnRow = 6

/** Gives what a row says, undefined of a damaged one. @throws CoffretError `locked` */
type OpenRow = (sealed: SealedName) => NameRow | undefined

/**
 * Every name of a vault in memory. It follows the file by the buckets of the freshness tree: what is to
 * be read is what lies in buckets that changed and was not there before, whoever wrote it.
 */
export class IndexedNames {
  readonly #known = new Uint8Array(bucketCount * treeHashBytes)
  readonly #buckets: Bucket[] = Array.from({ length: bucketCount }, () => nothing)
  /** Folders and tops of mounts by their id. */
  readonly #folders = new Map<string, IndexedFolder>()
  #mounts: readonly Mount[] = []
  #tops = new Map<IndexedFolder, MountName>()
  /** Rises when a folder that may have been placed lies elsewhere. */
  #placing = 0
  #damaged = 0
  #revision = 0
  /** The node of the tree that was read last. */
  #node = -1
  #underWay: Part | undefined

  constructor(private readonly vault: UnlockedVault) {}

  /**
   * Reads a part of what changed, in one short transaction.
   * @returns how many buckets are left
   * @throws CoffretError `locked`, `corrupt` when nothing of the vault can be proved, `busy`, `storage`
   */
  follow(): number {
    const { mounts, scan, changes, left } = this.vault.read((all) => this.#read(all))
    this.#setMounts(mounts)
    for (const change of changes) {
      this.#apply(change, (row) => soundOnly(() => scan.open(row)))
    }
    return left
  }

  /**
   * The same while a second thread opens the rows: it works on one part while the next is read, and the
   * one before is entered here.
   * @throws CoffretError as {@link follow}, and `storage` when that thread is gone
   */
  async followWith(opener: RowOpener): Promise<number> {
    const before = this.#underWay
    const { mounts, scan, changes, left } = this.vault.read((all) =>
      this.#read(all, before?.changes),
    )
    this.#setMounts(mounts)
    this.#underWay = changes.length === 0 ? undefined : sendTo(opener, changes)
    if (before !== undefined) await this.#enterAll(before, scan)
    return left + changes.length
  }

  /** Starts a second thread that opens rows. @param program the built `search-worker` */
  startOpener(program: string): RowOpener {
    this.#underWay = undefined
    return this.vault.read(({ scan }) => scan.startOpener(program))
  }

  async #enterAll({ changes, rows, texts, ownRows }: Part, scan: NameScan): Promise<void> {
    const opened = new Map<SealedName, NameRow | undefined>()
    for (const row of ownRows) {
      opened.set(
        row,
        soundOnly(() => scan.open(row)),
      )
    }
    for (const [at, text] of (await texts).entries()) {
      const row = rows[at]
      if (row !== undefined && text !== undefined)
        opened.set(
          row,
          soundOnly(() => decodeNameRow(text)),
        )
    }
    for (const change of changes) this.#apply(change, (row) => opened.get(row))
  }

  /** Rises whenever something changed. */
  get revision(): number {
    return this.#revision
  }

  /** How many buckets there are: the unit of {@link follow}. */
  get size(): Progress['total'] {
    return bucketCount
  }

  /** Rows that are damaged; of a damaged bucket it is not known how many it has. */
  get unreadable(): number {
    return this.#damaged
  }

  /** Visits every secret that was read, also those whose folder was not yet, or that lie in the bin. */
  eachSecret(visit: (secret: IndexedSecret) => void): void {
    for (const { entries } of this.#buckets) {
      for (const entry of entries) if (entry?.kind === 'secret') visit(entry)
    }
  }

  /** Where a folder lies; undefined for the bin, and while a folder above was not read. */
  placeOf(folder: IndexedFolder, depth = 0): IndexedPlace | undefined {
    if (folder.placedAt === this.#placing) return folder.place
    const place = depth > maxDepth ? undefined : this.#findPlace(folder, depth)
    if (place === undefined) return undefined
    folder.place = place
    folder.placedAt = this.#placing
    return place
  }

  #findPlace(folder: IndexedFolder, depth: number): IndexedPlace | undefined {
    const top = this.#tops.get(folder)
    if (top !== undefined) return { mount: top, path: '', foldedPath: '', folded: fold(top) }
    if (folder.row === undefined) return undefined
    const above = this.placeOf(folder.row.parent, depth + 1)
    if (above === undefined) return undefined
    const { mount, path } = above
    const name = fold(folder.row.name)
    return {
      mount,
      path: path === '' ? folder.row.name : `${path}/${folder.row.name}`,
      foldedPath: path === '' ? name : `${above.foldedPath}/${name}`,
      folded: `${above.folded}/${name}`,
    }
  }

  /** @param underWay what was read and is not entered yet */
  #read({ records, scan }: VaultTransaction, underWay: readonly Change[] = []) {
    const mounts = readMounts(records)
    const read = new Set(underWay.map(({ number }) => number))
    const numbers = scan.differing(this.#known).filter((number) => !read.has(number))
    const changes: Change[] = []
    let rowCount = 0
    for (const number of numbers) {
      if (rowCount >= rowsAtOnce) break
      this.#readAhead(scan, number, numbers)
      const bucket = scan.bucket(number)
      const held = new Set(this.#buckets[number]?.keys)
      const added = (bucket.entries ?? []).filter(({ key }) => !held.has(key))
      rowCount += added.length
      const rows = new Map(added.map((entry) => [entry, scan.sealed(entry)]))
      changes.push({ number, bucket, rows })
    }
    return { mounts, scan, changes, left: numbers.length - changes.length }
  }

  /** Once for each node of which most is to be read: when the index is built. */
  #readAhead(scan: NameScan, number: number, numbers: readonly number[]): void {
    const node = Math.floor(number / fanOut)
    if (node === this.#node) return
    this.#node = node
    if (numbers.filter((one) => Math.floor(one / fanOut) === node).length > fanOut / 2) {
      scan.readAhead(node)
    }
  }

  #apply({ number, bucket, rows }: Change, open: OpenRow): void {
    this.#revision += 1
    const before = this.#buckets[number] ?? nothing
    const held = new Map(before.keys.map((key, at) => [key, before.entries[at]]))
    const found = bucket.entries ?? []
    const entries = found.map((entry) => {
      const known = held.get(entry.key)
      held.delete(entry.key)
      return rows.has(entry) ? this.#enter(rows.get(entry), open) : known
    })
    for (const gone of held.values()) if (gone?.kind === 'folder') this.#dropFolder(gone)
    const isDamaged = bucket.entries === undefined
    const after = { keys: found.map(({ key }) => key), entries, isDamaged }
    this.#damaged += damageIn(after) - damageIn(before)
    this.#buckets[number] = after
    this.#known.set(bucket.hash, number * treeHashBytes)
  }

  #enter(sealed: SealedName | undefined, open: OpenRow): Entry | undefined {
    const row = sealed === undefined ? undefined : open(sealed)
    if (sealed === undefined || row === undefined) return undefined
    const parent = this.#folder(toHex(sealed.parent))
    if (row.kind === 'secret') return new IndexedSecret(row, parent)
    const folder = this.#folder(row.id)
    if (folder.row !== undefined) this.#placing += 1
    folder.row = { kind: 'folder', folder, parent, name: row.name }
    return folder.row
  }

  /** A folder that was moved has another row by now. */
  #dropFolder(entry: FolderEntry): void {
    if (entry.folder.row !== entry) return
    entry.folder.row = undefined
    this.#placing += 1
  }

  #folder(id: string): IndexedFolder {
    let folder = this.#folders.get(id)
    if (folder === undefined) this.#folders.set(id, (folder = new IndexedFolder()))
    return folder
  }

  #setMounts(mounts: readonly Mount[]): void {
    // What was decoded once is the same list until it is written.
    if (mounts === this.#mounts) return
    this.#mounts = mounts
    this.#revision += 1
    this.#tops = new Map(mounts.map(({ root, name }) => [this.#folder(root), name]))
    this.#placing += 1
  }
}

function sendTo(opener: RowOpener, changes: readonly Change[]): Part {
  const all = changes.flatMap((change) => [...change.rows.values()].filter(isThere))
  const rows = all.filter((_row, at) => at % rowsToOwnRow !== 0)
  const ownRows = all.filter((_row, at) => at % rowsToOwnRow === 0)
  const texts = opener.open(rows)
  // Where nobody waits for it any more: the reading failed elsewhere.
  texts.catch(() => undefined)
  return { changes, rows, texts, ownRows }
}

function isThere<T>(item: T | undefined): item is T {
  return item !== undefined
}

/** @returns undefined where something is damaged */
function soundOnly<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof CoffretError && error.code === 'corrupt') return undefined
    throw error
  }
}

const nothing: Bucket = { keys: [], entries: [], isDamaged: false }

function damageIn({ entries, isDamaged }: Bucket): number {
  return entries.filter((entry) => entry === undefined).length + (isDamaged ? 1 : 0)
}
