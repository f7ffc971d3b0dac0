import { CoffretError } from '../../contract/errors'
import type { VersionMetadata } from '../../contract/model'
import { binRootOf, readMounts, rootOf, writeMounts, type Mount } from '../mounts'
import { idBytes, type NameRow, type SecretRow } from '../names'
import { describeSecret, readData, readSecret, writeData, writeSecret } from '../secret-records'
import type { UnlockedVault, VaultTransaction } from '../unlocked-vault'

/** A name row and the folder, mount or bin that it lies under. */
export interface PlacedName {
  /** 16 bytes. */
  readonly parent: Uint8Array
  /** With the mount in front, for reports. */
  readonly path: string
  readonly row: NameRow
}

/** What did not authenticate, and is not in the copy. */
export interface NotCopied {
  /** Of a secret, or of a folder whose list is damaged. */
  readonly path: string
  /** Only this version of it; it counts as destroyed in the copy. */
  readonly version?: number
}

/** How a vault is copied. */
export interface CopyOptions {
  /** What to do with damage: end with `corrupt`, or be told and go on. */
  readonly onCorrupt: 'throw' | ((what: NotCopied) => void)
  /** The names to copy; all that the mounts lead to, unless told otherwise. */
  readonly names?: (transaction: VaultTransaction, mounts: readonly Mount[]) => Iterable<PlacedName>
  /** The mounts; as the source has them, unless told otherwise. */
  readonly mounts?: readonly Mount[]
  /** Told now and then how many names there were so far: secrets and folders. */
  readonly onCopied?: (names: number) => void
  readonly checkCancelled: () => void
}

/** How many secrets one transaction writes. */
const secretsAtOnce = 200

/**
 * Copies all mounts with their settings and bins, and all secrets with their metadata and versions, into
 * a vault that was just laid out. Everything is sealed anew under the keys of the target; ids stay. Drafts
 * and key slots belong to the file and are not copied; neither are credentials of the local API and their
 * authority, or whoever may call this vault could call every copy that was given away.
 *
 * The source is read in one transaction: it is to be a file that nobody else writes to.
 * @returns how many secrets were copied
 * @throws CoffretError `cancelled`, `corrupt` unless told of it, `storage`
 */
export function copyVault(
  source: UnlockedVault,
  target: UnlockedVault,
  options: CopyOptions,
): number {
  const { onCorrupt, checkCancelled, onCopied = () => undefined } = options
  const corrupt = (what: NotCopied, error: unknown) => {
    if (onCorrupt === 'throw' || !isCorrupt(error)) throw error
    onCorrupt(what)
  }
  return source.read((from) => {
    const mounts = options.mounts ?? readMounts(from.records)
    target.write(({ records }) => writeMounts(records, mounts))
    const found = (options.names ?? ((all, of) => walkNames(all, of, corrupt)))(from, mounts)
    let secrets = 0
    let names = 0
    for (const some of chunksOf(found, secretsAtOnce)) {
      checkCancelled()
      target.write((to) => {
        for (const placed of some) if (copyName(from, to, placed, corrupt)) secrets += 1
      })
      names += some.length
      onCopied(names)
    }
    return secrets
  })
}

type OnCorrupt = (what: NotCopied, error: unknown) => void

/** @returns whether a secret was copied */
function copyName(
  from: VaultTransaction,
  to: VaultTransaction,
  { parent, path, row }: PlacedName,
  corrupt: OnCorrupt,
): boolean {
  const copied = row.kind === 'folder' ? row : copySecret(from, to, path, row, corrupt)
  if (copied !== undefined) to.names.put(parent, copied)
  return copied?.kind === 'secret'
}

function copySecret(
  from: VaultTransaction,
  to: VaultTransaction,
  path: string,
  row: SecretRow,
  corrupt: OnCorrupt,
): SecretRow | undefined {
  const id = idBytes(row)
  try {
    const metadata = readSecret(from.records, row)
    const versions = metadata.versions.map((version) => {
      if (version.destroyed) return version
      try {
        writeData(to.records, id, version.version, readData(from.records, id, version.version))
        return version
      } catch (error) {
        corrupt({ path, version: version.version }, error)
        return lost(version)
      }
    })
    const copy = { ...metadata, versions }
    const metadataTag = writeSecret(to.records, id, copy)
    return { ...row, ...describeSecret(row.id, copy, row.keys, metadataTag) }
  } catch (error) {
    corrupt({ path }, error)
    return undefined
  }
}

function lost(version: VersionMetadata): VersionMetadata {
  return { ...version, destroyed: true }
}

function* walkNames(
  transaction: VaultTransaction,
  mounts: readonly Mount[],
  corrupt: OnCorrupt,
): Generator<PlacedName> {
  for (const mount of mounts) {
    for (const root of [rootOf(mount), binRootOf(mount)]) {
      yield* walkBelow(transaction, root, mount.name, corrupt)
    }
  }
}

function* walkBelow(
  transaction: VaultTransaction,
  parent: Uint8Array,
  path: string,
  corrupt: OnCorrupt,
): Generator<PlacedName> {
  for (const row of childrenOf(transaction, parent, path, corrupt)) {
    const below = `${path}/${row.kind === 'secret' ? (row.binned?.path ?? row.name) : row.name}`
    yield { parent, path: below, row }
    if (row.kind === 'folder') yield* walkBelow(transaction, idBytes(row), below, corrupt)
  }
}

function childrenOf(
  { names }: VaultTransaction,
  parent: Uint8Array,
  path: string,
  corrupt: OnCorrupt,
): NameRow[] {
  try {
    return names.children(parent)
  } catch (error) {
    corrupt({ path }, error)
    return []
  }
}

function isCorrupt(error: unknown): boolean {
  return error instanceof CoffretError && error.code === 'corrupt'
}

function* chunksOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = []
  for (const item of items) {
    chunk.push(item)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
