import { toHex } from '../../crypto/bytes'
import { bucketCount, prefixBytes } from '../hash-tree'
import type { Mount } from '../mounts'
import { NamePlaces, type ScannedName } from '../merge/name-places'
import type { NumberedName } from '../names'
import type { ProblemList } from './problem-list'
import { walkRows } from './row-walk'
import { unlessCorrupt } from '../merge/scanned-secrets'
import type { UnlockedVault } from '../unlocked-vault'

/** The names of a vault as they lie in the file. */
export interface ReadNames {
  /** Those that the freshness tree holds. */
  readonly fresh: readonly ScannedName[]
  /** Those that authenticate, and are older than the vault or were put back. */
  readonly stale: readonly ScannedName[]
  /** What the entries of the freshness tree for stale rows begin with. */
  readonly staleStarts: ReadonlySet<string>
}

/**
 * Reads every name row, and notes those that do not authenticate.
 * @param step called between slices
 */
export function readNames(
  vault: UnlockedVault,
  problems: ProblemList,
  step: () => void,
): ReadNames {
  const fresh: ScannedName[] = []
  const stale: ScannedName[] = []
  const staleStarts = new Set<string>()
  walkRows<NumberedName & { readonly isFresh: boolean }>({
    slice: (after, limit) => {
      step()
      return vault.read(({ names }) =>
        names.slice(after, limit).map((row) => {
          const isFresh = unlessCorrupt(() => (names.checkSlice(row), true)) ?? false
          return { ...row, isFresh }
        }),
      )
    },
    each: (sealed) => {
      if (!sealed.isFresh) staleStarts.add(startOf(sealed))
      const row = unlessCorrupt(() => vault.read(({ names }) => names.openSlice(sealed)))
      if (row === undefined) problems.add('name')
      else (sealed.isFresh ? fresh : stale).push({ parent: toHex(sealed.parent), row })
    },
    onDamage: () => problems.add('name'),
  })
  return { fresh, stale, staleStarts }
}

/** Holds what was read against the freshness tree: which rows are older, and which are missing. */
export function checkNames(
  vault: UnlockedVault,
  { fresh, stale, staleStarts }: ReadNames,
  mounts: readonly Mount[],
  problems: ProblemList,
  step: (part: number) => void,
): NamePlaces {
  const all = [...fresh, ...stale]
  const places = new NamePlaces(mounts, all)
  for (const one of stale) problems.add('name', places.placeOf(one))
  const parents = new Map(all.map(({ parent }) => [parent.slice(0, 2 * prefixBytes), parent]))
  for (let number = 0; number < bucketCount; number += 1) {
    if (number % 64 === 0) step(number / bucketCount)
    const missing = unlessCorrupt(() =>
      vault.read(({ scan }) =>
        scan.bucket(number).entries?.filter((entry) => scan.sealed(entry) === undefined),
      ),
    )
    if (missing === undefined) problems.add('tree')
    for (const { bytes } of missing ?? []) {
      const start = toHex(bytes.subarray(0, 2 * prefixBytes))
      if (staleStarts.has(start)) continue
      const parent = parents.get(start.slice(0, 2 * prefixBytes))
      problems.add('name', parent === undefined ? {} : places.folder(parent))
    }
  }
  return places
}

function startOf({ parent, hash }: NumberedName): string {
  return toHex(parent.subarray(0, prefixBytes)) + toHex(hash.subarray(0, prefixBytes))
}
