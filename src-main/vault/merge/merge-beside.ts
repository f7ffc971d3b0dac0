import { createHash } from 'node:crypto'
import type { MountName } from '../../contract/model'
import { fromHex, toHex } from '../../crypto/bytes'
import { besidePath } from '../../kv/merge-places'
import {
  findAt,
  unite,
  type LoadedSecret,
  type MergeOutcome,
  type MergeStep,
} from './merged-secret'
import { readMounts } from '../mounts'
import type { VaultTransaction } from '../unlocked-vault'

/**
 * Where a mount keeps one value, two that were written apart both stay: the earlier one as a secret of its
 * own, `path (2)`. One that may as well be the earlier state of the other does not: nobody can tell. It is
 * kept as an earlier version until the next write.
 * @param places every place that is taken, `mount/path`; the new one is added
 */
export function secondValue(
  transaction: VaultTransaction,
  { id, place }: MergeStep,
  { a, b, merged }: MergeOutcome,
  places: Set<string>,
): { readonly step: MergeStep; readonly outcome: MergeOutcome } | undefined {
  const mount = readMounts(transaction.records).find(({ name }) => name === place.mount)
  if (a === undefined || b === undefined || mount?.version !== 1) return undefined
  const [x, y] = [a.metadata.versions.at(-1), b.metadata.versions.at(-1)]
  if (x === undefined || y === undefined) return undefined
  const isInOrder = (x.version - y.version) * (x.createdAt - y.createdAt) > 0
  if (isInOrder || a.digests.get(x.version) === b.digests.get(y.version)) return undefined
  const isOwnLater = merged.sources.at(-1)?.a === x.version
  const [earlier, version] = isOwnLater ? [b, y] : [a, x]
  const digest = earlier.digests.get(version.version)
  if (digest === undefined) return undefined
  // The same whichever copy is merged into the other, and however often.
  const own = toHex(createHash('sha256').update(`${id}\n${digest}`).digest()).slice(0, 32)
  const record = { kind: 'secret', id: fromHex(own), version: 0 } as const
  if (transaction.records.find(record) !== undefined) return undefined
  return {
    step: { id: own, place: freeBeside(transaction, place, places) },
    outcome: unite(undefined, onlyLast(earlier)),
  }
}

/**
 * A place beside another one that is free, in the vault and in what it is to become.
 * @param places every place that is taken, `mount/path`; the new one is added
 */
export function freeBeside(
  transaction: VaultTransaction,
  place: MergeStep['place'],
  places: Set<string>,
): MergeStep['place'] {
  for (let number = 2; ; number += 1) {
    const beside = { mount: place.mount as MountName, path: besidePath(place.path, number) }
    const key = `${beside.mount}/${beside.path}`
    if (places.has(key) || findAt(transaction, beside) !== undefined) continue
    places.add(key)
    return beside
  }
}

function onlyLast(secret: LoadedSecret): LoadedSecret {
  const { metadata } = secret
  return { ...secret, metadata: { ...metadata, versions: metadata.versions.slice(-1) } }
}
