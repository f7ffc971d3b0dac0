import { createHash } from 'node:crypto'
import { SecretPath, type MountName, type SecretData } from '../../contract/model'
import { fromHex } from '../../crypto/bytes'
import { binEnd } from '../../kv/bin-rules'
import type { MergedPlace, Place } from '../../kv/merge-places'
import { mergeSecrets, type KeptSecret, type MergedSecret } from '../../kv/merge-secrets'
import { binRootOf, neverDue, readMount, readMounts, rootOf, writeMountBin } from '../mounts'
import type { SecretRow } from '../names'
import type { Records } from '../records'
import type { ScannedSecret } from './name-places'
import {
  describeSecret,
  eraseData,
  eraseSecret,
  readData,
  readSecret,
  topLevelKeys,
  writeData,
  writeDataAnew,
  writeSecret,
} from '../secret-records'
import { Tree } from '../tree'
import type { VaultTransaction } from '../unlocked-vault'

/** A secret of two copies: `a` is this vault's, `b` the other copy's. */
export type MergeStep = MergedPlace<ScannedSecret>

/** A secret of one copy with everything that it holds. */
export interface LoadedSecret extends KeptSecret {
  /** The data of each version that is not destroyed. */
  readonly data: ReadonlyMap<number, SecretData>
}

/** Reads a whole secret. @throws CoffretError `corrupt` */
export function loadSecret(records: Records, row: SecretRow): LoadedSecret {
  const metadata = readSecret(records, row)
  const data = new Map<number, SecretData>()
  const digests = new Map<number, string>()
  for (const { version, destroyed } of metadata.versions) {
    if (destroyed) continue
    const text = readData(records, fromHex(row.id), version)
    data.set(version, text)
    digests.set(version, createHash('sha256').update(text).digest('hex'))
  }
  return { metadata, digests, data }
}

/** What a step comes to, and what it is made of. */
export interface MergeOutcome {
  readonly merged: MergedSecret
  readonly a?: LoadedSecret
  readonly b?: LoadedSecret
}

/** Unites what was loaded of a secret. */
export function unite(a: LoadedSecret | undefined, b: LoadedSecret | undefined): MergeOutcome {
  const one = a ?? b
  if (one === undefined) throw new Error('a secret comes from neither copy')
  if (a !== undefined && b !== undefined) return { merged: mergeSecrets(a, b), a, b }
  const side = a === undefined ? 'b' : 'a'
  const sources = one.metadata.versions.map(({ version }) => ({ [side]: version }))
  return { merged: { metadata: one.metadata, sources }, [side]: one }
}

/** Whether the merged secret is the one that this vault has already. */
export function isUnchanged({ id, place, a }: MergeStep, outcome: MergeOutcome): boolean {
  if (a?.id !== id || !isSamePlace(a, place) || outcome.a === undefined) return false
  return (
    JSON.stringify(outcome.merged.metadata) === JSON.stringify(outcome.a.metadata) &&
    outcome.merged.metadata.versions.every(
      ({ version }, at) => outcome.merged.sources[at]?.a === version,
    )
  )
}

/** Whether two places are one. */
export function isSamePlace(a: Place, b: Place): boolean {
  return a.mount === b.mount && a.path === b.path && a.binnedAt === b.binnedAt
}

/** The row of a secret where it was scanned; undefined when it is no longer as it was. */
export function findScanned(
  transaction: VaultTransaction,
  secret: ScannedSecret,
): SecretRow | undefined {
  const row = findNow(transaction, secret)
  return row?.metadataTag === secret.row.metadataTag ? row : undefined
}

/** The row of a secret where it was scanned, as it is now; undefined when it is no longer there. */
export function findNow(
  transaction: VaultTransaction,
  secret: ScannedSecret,
): SecretRow | undefined {
  const row = treeAt(transaction, secret).find('secret', nameAt(secret, secret.id))
  return row?.id === secret.id ? row : undefined
}

/** The row that is at a place outside the bin, if any. */
export function findAt(transaction: VaultTransaction, place: Place): SecretRow | undefined {
  const isThere = readMounts(transaction.records).some(({ name }) => name === place.mount)
  if (!isThere || place.binnedAt !== undefined) return undefined
  return treeAt(transaction, place).find('secret', place.path)
}

/** Takes away the name row of a secret, and leaves its records. */
export function removeName(transaction: VaultTransaction, secret: ScannedSecret): void {
  treeAt(transaction, secret).remove('secret', nameAt(secret, secret.id))
}

/**
 * Writes what a secret has become: records, metadata and name row.
 * @param isNameless its name row was taken away already
 */
export function writeMerged(
  transaction: VaultTransaction,
  { id, place, a }: MergeStep,
  outcome: MergeOutcome,
  isNameless = false,
): void {
  const { records } = transaction
  const { metadata } = outcome.merged
  if (a !== undefined && a.id !== id) eraseSecret(records, fromHex(a.id))
  writeVersions(records, id, a?.id === id ? outcome.a : undefined, outcome)
  const metadataTag = writeSecret(records, fromHex(id), metadata)
  const current = dataOf(outcome, metadata.versions.length - 1)
  const keys = current === undefined ? [] : topLevelKeys(current)
  putName(transaction, place, { name: '', ...describeSecret(id, metadata, keys, metadataTag) })
  if (a === undefined || isNameless || isSameName(a, { id, ...place })) return
  removeName(transaction, a)
}

/** @param before what this vault has under the id, if anything */
function writeVersions(
  records: Records,
  id: string,
  before: LoadedSecret | undefined,
  outcome: MergeOutcome,
): void {
  const { metadata, sources } = outcome.merged
  const stays = new Set<number>()
  for (const [at, { version, destroyed }] of metadata.versions.entries()) {
    if (!destroyed && before !== undefined && sources[at]?.a === version) stays.add(version)
  }
  for (const version of before?.data.keys() ?? []) {
    if (!stays.has(version)) eraseData(records, fromHex(id), version)
  }
  for (const [at, { version, destroyed }] of metadata.versions.entries()) {
    if (destroyed || stays.has(version)) continue
    const data = dataOf(outcome, at)
    if (data === undefined) throw new Error('a version that is kept has no data')
    const isUsed = before !== undefined && version <= before.metadata.currentVersion
    if (isUsed) writeDataAnew(records, fromHex(id), version, data)
    else writeData(records, fromHex(id), version, data)
  }
}

/** The data of a merged version, from whichever copy has it. */
function dataOf({ merged, a, b }: MergeOutcome, at: number): SecretData | undefined {
  const source = merged.sources[at]
  if (source === undefined || merged.metadata.versions[at]?.destroyed === true) return undefined
  return (
    (source.a === undefined ? undefined : a?.data.get(source.a)) ??
    (source.b === undefined ? undefined : b?.data.get(source.b))
  )
}

function putName(transaction: VaultTransaction, place: Place, described: SecretRow): void {
  const { movedAt } = place
  const row = movedAt === undefined ? described : { ...described, movedAt }
  if (place.binnedAt === undefined) {
    treeAt(transaction, place).put(place.path, row)
    return
  }
  const binned = { path: SecretPath.parse(place.path), at: place.binnedAt }
  treeAt(transaction, place).put(row.id, { ...row, binned })
  const { name, bin } = readMount(transaction.records, place.mount as MountName)
  const end = binEnd(place.binnedAt)
  if (bin.due === neverDue || end < bin.due) {
    writeMountBin(transaction.records, name, { ...bin, due: end })
  }
}

function treeAt(transaction: VaultTransaction, { mount, binnedAt }: Place): Tree {
  const found = readMount(transaction.records, mount as MountName)
  return new Tree(transaction, binnedAt === undefined ? rootOf(found) : binRootOf(found))
}

/** What a secret is called where it lies: in the bin by its id. */
function nameAt({ path, binnedAt }: Place, id: string): string {
  return binnedAt === undefined ? path : id
}

function isSameName(a: Place & { readonly id: string }, b: Place & { readonly id: string }) {
  return (
    a.mount === b.mount &&
    (a.binnedAt === undefined) === (b.binnedAt === undefined) &&
    nameAt(a, a.id) === nameAt(b, b.id)
  )
}
