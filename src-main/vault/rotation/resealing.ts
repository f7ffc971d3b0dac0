import { CoffretError } from '../../contract/errors'
import type { SecretData, SecretMetadata } from '../../contract/model'
import { isEqual } from '../../crypto/derive'
import { carryAudit } from '../audit/carry-audit'
import { readAuthority, writeAuthority } from '../authority-record'
import { replaceJournals } from '../copy-records'
import { replaceCredentials } from '../credential-records'
import { replaceDomains } from '../domain-records'
import { replaceLists } from '../list-records'
import { replaceDrafts } from '../drafts'
import { bucketCount } from '../hash-tree'
import { replaceKeptCertificates } from '../kept-certificate-records'
import { readMounts, writeMounts } from '../mounts'
import type { NameEntry } from '../search/name-scan'
import { idBytes, type NameRow, type SecretRow } from '../names'
import type { RecordKind } from '../records'
import { RotationProgress } from './rotation-progress'
import { walkRows } from '../check/row-walk'
import { unlessCorrupt } from '../merge/scanned-secrets'
import {
  eraseSecret,
  readData,
  readSecret,
  writeData,
  writeDataAnew,
  writeSecret,
} from '../secret-records'
import type { UnlockedVault, VaultTransaction } from '../unlocked-vault'

/**
 * How each kind of row gets into the new file. A kind that is not here does not compile: nothing may be
 * left behind because nobody thought of it.
 */
export const carriedOver = {
  state: 'written anew, counting from that of the old file',
  mounts: 'copied',
  secret: 'copied with its name',
  version: 'copied with its name',
  draft: 'copied',
  slots: 'written with the new key slots',
  rotation: 'of the new file alone, until it is done',
  credential: 'copied',
  authority: 'copied',
  audit: 'its lines sealed anew, under their numbers',
  copy: 'copied',
  domain: 'copied',
  keptCertificate: 'copied',
  listing: 'copied',
  name: 'copied',
} as const satisfies Record<RecordKind, string>

/** How many names one transaction writes: what a crash forgets. */
const namesAtOnce = 200

/** How many names are read in one transaction of the old file, for which writers wait. */
const readAtOnce = 8

/** What did not authenticate in the old file, as far as that is known. */
export interface Damage {
  /** The id of a secret. */
  readonly id?: string
  /** Only this version of it. */
  readonly version?: number
}

/** A name row with all that belongs to it. */
interface Loaded {
  readonly parent: Uint8Array
  readonly row: NameRow
  /** Of a secret. */
  readonly metadata?: SecretMetadata
  readonly versions: readonly LoadedVersion[]
}

interface LoadedVersion {
  readonly version: number
  readonly data: SecretData
  /** The freshness tree holds it. */
  readonly isHeld: boolean
}

/**
 * Carries a vault over into another file, under other keys, while others write to it. It goes along the
 * buckets of the freshness tree, notes each that it has copied in the new file, and so finds what is left
 * after a crash, and what others have written since, in the same way: by the buckets that differ. Ids stay.
 */
export class Resealing {
  readonly progress: RotationProgress
  #damage: Damage | undefined

  /** @param step called now and then; it may throw `cancelled` */
  constructor(
    private readonly source: UnlockedVault,
    private readonly target: UnlockedVault,
    private readonly step: () => void,
  ) {
    this.progress = target.read(({ records }) => new RotationProgress(records))
  }

  /** What ended the work, when it was damage of the old file. */
  get damage(): Damage | undefined {
    return this.#damage
  }

  /** Copies whatever differs. @returns whether anything did @throws CoffretError `corrupt`, see {@link damage} */
  round(): boolean {
    const differing = this.#read(({ scan }) => scan.differing(this.progress.known))
    for (let next = 0; next < differing.length;) {
      this.step()
      this.target.write((to) => {
        for (let names = 0; next < differing.length && names < namesAtOnce; next += 1) {
          names += this.#copyBucket(to, differing[next] ?? 0)
        }
      })
    }
    this.#copySmall()
    return differing.length > 0
  }

  /**
   * Erases what was copied and then removed from the old file, once all that is there has been copied.
   * @returns whether there was any
   */
  sweep(): boolean {
    if (countNames(this.target) <= this.#read(countIn)) return false
    const gone = this.#gone()
    for (let next = 0; next < gone.length;) {
      this.step()
      const some = gone.slice(next, (next += namesAtOnce))
      this.target.write((to) => {
        for (const { parent, row } of some) {
          eraseOwn(to, row)
          to.names.remove(row.kind, parent, row.name)
        }
      })
    }
    return true
  }

  /** The names of the new file that the old one has no more. */
  #gone() {
    const gone: { readonly parent: Uint8Array; readonly row: NameRow }[] = []
    walkRows({
      slice: (after, limit) =>
        this.target.read(({ names }) =>
          names.slice(after, limit).map((one) => ({ ...one, row: names.openSlice(one) })),
        ),
      each: ({ parent, row }) => {
        const found = this.#read(({ names }) => names.find(row.kind, parent, row.name))
        if (found === undefined) gone.push({ parent, row })
      },
      onDamage: () => {
        throw new CoffretError('storage', 'a page of the new file cannot be read')
      },
    })
    return gone
  }

  /** @returns how many names were copied; a bucket that changes meanwhile is not noted */
  #copyBucket(to: VaultTransaction, number: number): number {
    const bucket = this.#read(({ scan }) => scan.bucket(number))
    if (bucket.entries === undefined) throw this.#damaged({}, undefined)
    const copied = this.progress.copied(number)
    const news = bucket.entries.filter(({ key }) => !copied.has(key))
    for (let at = 0; at < news.length; at += readAtOnce) {
      const loaded = this.#read((from) =>
        isEqual(from.scan.bucket(number).hash, bucket.hash)
          ? news.slice(at, at + readAtOnce).map((entry) => this.#load(from, entry))
          : undefined,
      )
      if (loaded === undefined) return at
      for (const one of loaded) write(to, one)
    }
    this.progress.note(to.records, number, bucket)
    return news.length
  }

  #load(from: VaultTransaction, entry: NameEntry): Loaded {
    const sealed = from.scan.sealed(entry)
    if (sealed === undefined) throw this.#damaged({}, undefined)
    const { parent } = sealed
    const row = from.scan.open(sealed)
    if (row.kind === 'folder') return { parent, row, versions: [] }
    const metadata = this.#named({ id: row.id }, () => readSecret(from.records, row))
    const kept = metadata.versions.filter(({ destroyed }) => !destroyed)
    const versions = kept.map(({ version }) => this.#loadVersion(from, row, version))
    return { parent, row, metadata, versions }
  }

  #loadVersion({ records }: VaultTransaction, row: SecretRow, version: number): LoadedVersion {
    const id = idBytes(row)
    const data = this.#named({ id: row.id, version }, () => readData(records, id, version))
    return { version, data, isHeld: records.isHeld(id, version) }
  }

  /** After the buckets: what was written after they were read makes one of them differ. */
  #copySmall(): void {
    const { mounts, drafts, credentials, copies, domains, lists, kept, authority } = this.#read(
      ({ records }) => ({
        mounts: readMounts(records),
        drafts: records.all('draft'),
        credentials: records.all('credential'),
        copies: records.all('copy'),
        domains: records.all('domain'),
        kept: records.all('keptCertificate'),
        lists: records.all('listing'),
        authority: readAuthority(records),
      }),
    )
    this.target.write((to) => {
      writeMounts(to.records, mounts)
      replaceDrafts(to, drafts)
      replaceCredentials(to, credentials)
      replaceJournals(to, copies)
      replaceDomains(to.records, domains)
      replaceKeptCertificates(to.records, kept)
      replaceLists(to.records, lists)
      if (authority !== undefined) writeAuthority(to.records, authority)
    })
  }

  /** Carries the audit log over as far as it is. A damaged one ends no rotation. */
  carryAudit(): void {
    carryAudit(this.source, this.target, this.step)
  }

  #read<T>(work: (transaction: VaultTransaction) => T): T {
    return this.#named({}, () => this.source.read(work))
  }

  #named<T>(damage: Damage, work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (error instanceof CoffretError && error.code === 'corrupt') this.#damaged(damage, error)
      throw error
    }
  }

  /** Remembers what is damaged; what was named before is known better. */
  #damaged(damage: Damage, cause: unknown): CoffretError {
    this.#damage ??= damage
    return new CoffretError('corrupt', 'a row of the vault is damaged', { cause })
  }
}

function write(to: VaultTransaction, { parent, row, ...secret }: Loaded): void {
  const { names, records } = to
  const before = names.find(row.kind, parent, row.name)
  if (before !== undefined) eraseOwn(to, before)
  if (row.kind === 'folder' || secret.metadata === undefined) {
    names.put(parent, row)
    return
  }
  const id = idBytes(row)
  // Where another name has led to it until now, with versions that may be gone.
  eraseSecret(records, id)
  for (const { version, data, isHeld } of secret.versions) {
    if (isHeld) writeDataAnew(records, id, version, data)
    else writeData(records, id, version, data)
  }
  names.put(parent, { ...row, metadataTag: writeSecret(records, id, secret.metadata) })
}

/**
 * Erases what a name of the new file leads to. Where the secret was copied again since, another name leads
 * to it, and it stays: then its metadata is another sealing than this name knows.
 */
function eraseOwn({ records }: VaultTransaction, row: NameRow): void {
  if (row.kind === 'folder') return
  if (unlessCorrupt(() => readSecret(records, row)) === undefined) return
  eraseSecret(records, idBytes(row))
}

/** How many names a vault has. @throws CoffretError `corrupt` */
export function countNames(vault: UnlockedVault): number {
  return vault.read(countIn)
}

function countIn({ scan }: VaultTransaction): number {
  let count = 0
  for (let number = 0; number < bucketCount; number += 1) {
    const { entries } = scan.bucket(number)
    if (entries === undefined) throw new CoffretError('corrupt', 'the freshness tree is damaged')
    count += entries.length
  }
  return count
}
