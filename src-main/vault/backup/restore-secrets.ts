import type { RestoreCounts } from '../../contract/backup-calls'
import { CoffretError } from '../../contract/errors'
import type {
  MountName,
  SecretData,
  SecretMetadata,
  SecretPath,
  VaultId,
} from '../../contract/model'
import { currentVersionOf, versionState } from '../../kv/version-state'
import type { JobContext } from '../jobs/jobs'
import { writeAt } from '../local-store'
import { withOtherCopy, type OtherCopy } from '../merge/merge-source'
import { newMount, readMounts, rootOf, writeMounts, type Mount } from '../mounts'
import { idBytes, idText, type SecretRow } from '../names'
import { describeSecret, readData, readSecret, writeData, writeSecret } from '../secret-records'
import { enterMount, readStore, writeStore, type StoreTransaction } from '../store-transaction'
import { Tree, type Found } from '../tree'
import type { UnlockedVault, VaultTransaction } from '../unlocked-vault'

/** A secret with everything of it, outside any transaction. */
export interface WholeSecret {
  readonly row: SecretRow
  readonly metadata: SecretMetadata
  /** By version; only those that are kept. */
  readonly data: ReadonlyMap<number, SecretData>
}

/** Where and how one secret comes back. */
export interface RestoreOne {
  readonly mount: MountName
  readonly path: SecretPath
  /** `whole`: with all versions, where no secret is. `version`: its current data as a new version. */
  readonly how: 'whole' | 'version'
  /** Another path to come back to. */
  readonly to?: SecretPath | undefined
}

/** What the job takes. */
export interface RestoreInput extends OtherCopy {
  readonly vaultId: VaultId
  /** False to count only, and change nothing. */
  readonly apply: boolean
}

/** How many secrets one transaction restores. */
const secretsAtOnce = 16

/**
 * Brings one secret back from an earlier state of the vault.
 * @throws CoffretError `not_found`, `exists` when the place is taken, `corrupt`, `too_large`
 */
export function restoreOne(vault: UnlockedVault, earlier: UnlockedVault, one: RestoreOne): void {
  const { mount, path, how, to = path } = one
  const secret = readStore(earlier, mount, ({ records, tree }) => {
    const row = tree.find('secret', path)
    if (row === undefined) throw new CoffretError('not_found', `there is no secret "${path}"`)
    return loadSecret(records, row)
  })
  writeStore(vault, mount, (store) => {
    if (how === 'whole') addWhole(store, to, secret)
    else addVersion(store, to, secret)
  })
}

/**
 * Brings back everything that an earlier state of the vault has: what is missing at its path with all its
 * versions, and what differs as a new version with the data that was current then. Nothing is removed or
 * overwritten; doing it again changes nothing. What is not readable is left out, and counted.
 * @throws CoffretError `cancelled`, after which what was restored stays; what opening the file throws
 */
export function restoreAll(context: JobContext, input: RestoreInput): RestoreCounts {
  const { vault, checkCancelled, report } = context
  return withOtherCopy(context, input.vaultId, input, (earlier) =>
    earlier.read((from) => {
      const counts = { missing: 0, differing: 0, same: 0, unreadable: 0 }
      const all = collect(from, () => (counts.unreadable += 1))
      for (let at = 0; at < all.length; at += secretsAtOnce) {
        checkCancelled()
        const some = all.slice(at, at + secretsAtOnce)
        const how = input.apply ? 'write' : 'read'
        vault[how]((to) => {
          for (const one of some) {
            counts[unlessDamaged(() => settle(vault, { from, to }, one, input.apply))] += 1
          }
        })
        report(Math.min(at + secretsAtOnce, all.length), all.length)
      }
      return counts
    }),
  )
}

interface Item extends Found {
  readonly mount: Mount
}

function collect(from: VaultTransaction, onUnreadable: () => void): Item[] {
  return readMounts(from.records).flatMap((mount) => {
    try {
      const found = [...new Tree(from, rootOf(mount)).walk('')]
      return found.map((one) => ({ ...one, mount }))
    } catch (error) {
      if (!isCorrupt(error)) throw error
      onUnreadable()
      return []
    }
  })
}

/** Damage shows before anything is written. */
function unlessDamaged(work: () => keyof RestoreCounts): keyof RestoreCounts {
  try {
    return work()
  } catch (error) {
    if (isCorrupt(error)) return 'unreadable'
    throw error
  }
}

function settle(
  vault: UnlockedVault,
  { from, to }: { from: VaultTransaction; to: VaultTransaction },
  { mount, path, row }: Item,
  isApplied: boolean,
): keyof RestoreCounts {
  const place = path as SecretPath
  const now = vault.clock.now()
  const known = readMounts(to.records).find(({ name }) => name === mount.name)
  const found = known && new Tree(to, rootOf(known)).find('secret', path)
  // The very same sealing of the metadata, and with it of all versions: nothing need be opened.
  if (found?.metadataTag === row.metadataTag && found.id === row.id) return 'same'
  const secret = loadSecret(from.records, row)
  if (found === undefined) {
    if (isApplied) addWhole(enterMount(to, known ?? addMount(to, mount), now), place, secret)
    return 'missing'
  }
  const data = activeData(secret, now)
  if (data === undefined || activeData(loadSecret(to.records, found), now) === data) return 'same'
  if (isApplied && known !== undefined) addVersion(enterMount(to, known, now), place, secret)
  return 'differing'
}

function addMount({ records }: VaultTransaction, like: Mount): Mount {
  const { name, version, description, defaultLeaseSeconds, maxLeaseSeconds, config } = like
  const request = { name, version, description, defaultLeaseSeconds, maxLeaseSeconds }
  const mount = { ...newMount(records, request), config }
  writeMounts(records, [...readMounts(records), mount])
  return mount
}

/** Everything of a secret. @throws CoffretError `corrupt` */
function loadSecret(records: VaultTransaction['records'], row: SecretRow): WholeSecret {
  const metadata = readSecret(records, row)
  const kept = metadata.versions.filter(({ destroyed }) => !destroyed)
  const data = new Map(
    kept.map(({ version }) => [version, readData(records, idBytes(row), version)]),
  )
  return { row, metadata, data }
}

/**
 * Writes a secret with all its versions where none is. Its records get a new id: under the old one other
 * data may have had the same version numbers since.
 */
function addWhole(store: StoreTransaction, path: SecretPath, secret: WholeSecret): void {
  const { records, tree } = store
  if (tree.find('secret', path) !== undefined) {
    throw new CoffretError('exists', `there is a secret "${path}"`)
  }
  const { metadata, data, row } = secret
  const id = records.newId()
  for (const [version, text] of data) writeData(records, id, version, text)
  const tag = writeSecret(records, id, metadata)
  tree.put(path, { name: '', ...describeSecret(idText(id), metadata, row.keys, tag) })
}

function addVersion(store: StoreTransaction, path: SecretPath, secret: WholeSecret): void {
  const data = activeData(secret, store.now)
  if (data === undefined) {
    throw new CoffretError('not_found', 'the secret had no readable data then')
  }
  const row = store.tree.find('secret', path)
  const current = row === undefined ? 0 : readSecret(store.records, row).currentVersion
  writeAt(store, path, { mode: 'update', data, cas: current })
}

/** The data that can be read of a secret now; undefined where it is deactivated, destroyed or none. */
function activeData(
  { metadata, data }: WholeSecret,
  now: StoreTransaction['now'],
): SecretData | undefined {
  const current = currentVersionOf(metadata)
  if (current === undefined || versionState(current, now) !== 'active') return undefined
  return data.get(current.version)
}

function isCorrupt(error: unknown): boolean {
  return error instanceof CoffretError && error.code === 'corrupt'
}
