import { CoffretError } from '../../contract/errors'
import { toHex } from '../../crypto/bytes'
import { bucketCount } from '../hash-tree'
import { readMounts, type Mount } from '../mounts'
import { NamePlaces, type ScannedName, type ScannedSecret } from './name-places'
import type { SealedName } from '../search/name-scan'
import { rowsAtOnce } from '../check/row-walk'
import type { UnlockedVault } from '../unlocked-vault'

/** All secrets of a vault by their names. */
export interface ScannedVault {
  readonly mounts: readonly Mount[]
  readonly secrets: readonly ScannedSecret[]
  /** Names that could not be read, or lie in no mount. */
  readonly unread: number
}

/**
 * Reads the names of a whole vault in slices, between which others may write.
 * @param step called between the slices, with the part that is done
 */
export function scanSecrets(vault: UnlockedVault, step: (part: number) => void): ScannedVault {
  const { mounts, open } = vault.read(({ records, scan }) => ({
    mounts: readMounts(records),
    open: (sealed: SealedName) => scan.open(sealed),
  }))
  const rows: ScannedName[] = []
  let unread = 0
  for (let next = 0; next < bucketCount;) {
    step(next / bucketCount)
    const slice = readSlice(vault, next)
    next = slice.next
    unread += slice.missing
    for (const sealed of slice.found) {
      const row = unlessCorrupt(() => open(sealed))
      if (row === undefined) unread += 1
      else rows.push({ parent: toHex(sealed.parent), row })
    }
  }
  const places = new NamePlaces(mounts, rows)
  const secrets: ScannedSecret[] = []
  for (const { parent, row } of rows) {
    if (row.kind !== 'secret') continue
    const secret = places.secret({ parent, row })
    if (secret === undefined) unread += 1
    else secrets.push(secret)
  }
  return { mounts, secrets, unread }
}

function readSlice(vault: UnlockedVault, from: number) {
  return vault.read(({ scan }) => {
    const found: SealedName[] = []
    let missing = 0
    let next = from
    while (next < bucketCount && found.length < rowsAtOnce) {
      const { entries } = scan.bucket(next)
      next += 1
      if (entries === undefined) missing += 1
      for (const entry of entries ?? []) {
        const sealed = scan.sealed(entry)
        if (sealed === undefined) missing += 1
        else found.push(sealed)
      }
    }
    return { found, missing, next }
  })
}

/** @returns undefined for what is damaged */
export function unlessCorrupt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof CoffretError && error.code === 'corrupt') return undefined
    throw error
  }
}
