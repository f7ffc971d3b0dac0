import type {
  SecretData,
  SecretMetadata,
  VersionMetadata,
  VersionNumber,
} from '../../contract/model'
import { toHex } from '../../crypto/bytes'
import { noSettings } from '../../kv/settings-rules'
import type { LoadedSecret } from '../merge/merged-secret'
import type { SecretRow } from '../names'
import type { NumberedRecord, RecordKind } from '../records'
import { walkRows } from './row-walk'
import { unlessCorrupt } from '../merge/scanned-secrets'
import { decodeData, decodeSecret } from '../secret-records'
import type { UnlockedVault } from '../unlocked-vault'

/** A secret as far as it could be read. */
export interface SavedSecret {
  readonly secret: LoadedSecret
  /** Versions whose data is lost; they are destroyed in what is saved. */
  readonly lost: readonly number[]
  /** The metadata is not what belongs to the name: it is older, or made up from name and versions. */
  readonly isMadeUp: boolean
}

/**
 * The records of a damaged vault, found without its indexes: whatever authenticates is read, whether or
 * not anything leads to it.
 */
export class Salvage {
  /** By kind, id and version. */
  readonly #records = new Map<string, NumberedRecord>()
  readonly #versions = new Map<string, number[]>()

  constructor(
    private readonly vault: UnlockedVault,
    step: () => void,
    onDamage: () => void,
  ) {
    walkRows<NumberedRecord>({
      slice: (after, limit) => {
        step()
        return vault.read(({ records }) => records.slice(after, limit))
      },
      each: (record) => this.#note(record),
      onDamage,
    })
  }

  #note(record: NumberedRecord): void {
    const { kind, version } = record
    if (kind === undefined) return
    const id = toHex(record.id)
    this.#records.set(keyOf(kind, id, version), record)
    if (kind !== 'version') return
    const known = this.#versions.get(id)
    if (known === undefined) this.#versions.set(id, [version])
    else known.push(version)
  }

  /** Every record of a kind. */
  ofKind(kind: RecordKind): NumberedRecord[] {
    return [...this.#records.values()].filter((record) => record.kind === kind)
  }

  /** The ids of all secrets of which there is any record. */
  get ids(): string[] {
    const known = this.ofKind('secret').map(({ id }) => toHex(id))
    return [...new Set([...known, ...this.#versions.keys()])]
  }

  /** The text of a record; undefined when it is missing or damaged. */
  text(kind: RecordKind, id: string, version = 0): Uint8Array | undefined {
    const record = this.#records.get(keyOf(kind, id, version))
    if (record === undefined) return undefined
    return unlessCorrupt(() => this.vault.read(({ records }) => records.openSlice(record)))
  }

  /**
   * A secret, by its records and what its name row says.
   * @returns undefined when nothing of it is left
   */
  secret(id: string, row: SecretRow | undefined): SavedSecret | undefined {
    const text = this.text('secret', id)
    const found = text === undefined ? undefined : unlessCorrupt(() => decodeSecret(text))
    const metadata = found ?? this.#madeUp(id, row)
    if (metadata === undefined) return undefined
    const data = new Map<number, SecretData>()
    const lost: number[] = []
    for (const { version, destroyed } of metadata.versions) {
      if (destroyed) continue
      const text = this.text('version', id, version)
      const read = text === undefined ? undefined : unlessCorrupt(() => decodeData(text))
      if (read === undefined) lost.push(version)
      else data.set(version, read)
    }
    const versions = metadata.versions.map((one) =>
      lost.includes(one.version) ? { ...one, destroyed: true } : one,
    )
    const isOfRow =
      row === undefined ||
      (metadata.currentVersion === row.currentVersion && metadata.updatedAt === row.updatedAt)
    return {
      secret: { metadata: { ...metadata, versions }, digests: new Map(), data },
      lost,
      isMadeUp: found === undefined || !isOfRow,
    }
  }

  /** Metadata from the name row and the versions that are there. */
  #madeUp(id: string, row: SecretRow | undefined): SecretMetadata | undefined {
    const numbers = this.#versions.get(id) ?? []
    const time = row?.updatedAt ?? this.vault.clock.now()
    if (numbers.length === 0) return undefined
    const first = numbers.reduce((a, b) => Math.min(a, b))
    const last = numbers.reduce((a, b) => Math.max(a, b), row?.currentVersion ?? 0)
    const versions = Array.from({ length: last - first + 1 }, (_, at): VersionMetadata => {
      const version = (first + at) as VersionNumber
      return { version, createdAt: time, destroyed: !numbers.includes(version) }
    })
    return {
      createdAt: time,
      updatedAt: time,
      currentVersion: last,
      oldestVersion: first > 1 ? first : 0,
      settings: noSettings,
      customMetadata: row?.customMetadata ?? [],
      versions,
    }
  }
}

function keyOf(kind: RecordKind, id: string, version: number): string {
  return `${kind}/${id}/${version}`
}
