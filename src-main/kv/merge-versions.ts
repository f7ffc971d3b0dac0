import type { EpochMs, VersionMetadata, VersionNumber } from '../contract/model'
import { compareBytes } from './byte-order'
import type { MergedSource } from './merge-secrets'

/** A version of one copy. Without a digest its data is destroyed. */
export interface KeptVersion {
  readonly metadata: VersionMetadata
  readonly digest?: string
}

/** A version after merging. */
export interface MergedVersion {
  readonly metadata: VersionMetadata
  readonly source: MergedSource
}

/** One version of one copy or of both, before it has its new number. */
interface United {
  readonly a?: KeptVersion
  readonly b?: KeptVersion
}

/**
 * Unites the versions of two copies. A version is the same in both when its time and its data are, and
 * where one copy destroyed it, when its time is. The rest is laid in between by time; each copy's own
 * order stays. Numbers rise by one and none falls below what it was in a copy, so that a check-and-set
 * number of either copy is never met again by another version.
 *
 * Honest limit: where several versions of a secret were added within one millisecond and some of them are
 * destroyed, nothing tells which: erasing wins. A version that one copy
 * destroyed and later dropped is as if it had only been dropped.
 */
export function mergeVersions(
  a: readonly KeptVersion[],
  b: readonly KeptVersion[],
): MergedVersion[] {
  // A fixed order of the two makes every choice below the same whichever way round they came.
  if (compareBytes(textOf(a), textOf(b)) > 0) {
    return mergeVersions(b, a).map(({ metadata, source }) => ({
      metadata,
      source: swapped(source),
    }))
  }
  const united = interleave(unite(a, b))
  const first = Math.max(1, ...united.map((one, at) => highestNumber(one) - at))
  return united.map((one, at) => settle(one, (first + at) as VersionNumber))
}

/** The two copies' versions in their own order, each united with its like where the other has it. */
function unite(a: readonly KeptVersion[], b: readonly KeptVersion[]): [United[], United[]] {
  const both = new Map<KeptVersion, United>()
  const byTime = new Map<EpochMs, KeptVersion[]>()
  for (const y of b) {
    const found = byTime.get(y.metadata.createdAt)
    if (found === undefined) byTime.set(y.metadata.createdAt, [y])
    else found.push(y)
  }
  const pair = (isSame: (x: KeptVersion, y: KeptVersion) => boolean) => {
    for (const x of a) {
      if (both.has(x)) continue
      const likely = byTime.get(x.metadata.createdAt) ?? []
      const y = likely.find((one) => !both.has(one) && isSame(x, one))
      if (y === undefined) continue
      const united = { a: x, b: y }
      both.set(x, united).set(y, united)
    }
  }
  pair(hasSameData)
  // Numbers change in a merge, so that they only decide where times leave a choice.
  pair((x, y) => isEitherDestroyed(x, y) && hasSameNumber(x, y))
  pair(isEitherDestroyed)
  return [a.map((x) => both.get(x) ?? { a: x }), b.map((y) => both.get(y) ?? { b: y })]
}

/** Lays one list into the other. What both have stays in order with what is beside it in either. */
function interleave([a, b]: [United[], United[]]): United[] {
  const left = [new Set(a), new Set(b)]
  const headOf = (list: Set<United>) => list.values().next().value
  const result: United[] = []
  for (;;) {
    const heads = left.map(headOf).filter((one) => one !== undefined)
    // What also waits further back in the other list has something before it there.
    const free = heads.filter((one) => left.every((list) => !list.has(one) || headOf(list) === one))
    // None is free when a clock that ran backwards gave the two copies opposite orders.
    const next = least(free.length > 0 ? free : heads)
    if (next === undefined) return result
    result.push(next)
    for (const list of left) list.delete(next)
  }
}

function least(found: readonly United[]): United | undefined {
  return [...found].sort((x, y) => timeOf(x) - timeOf(y) || compareBytes(dataOf(x), dataOf(y)))[0]
}

/** Erasing is final. Of two ends the later one counts; an end counts more than none. */
function settle(united: United, version: VersionNumber): MergedVersion {
  const { a, b } = united
  const kept = [a, b].flatMap((one) => (one === undefined ? [] : [one.metadata]))
  const ends = kept.flatMap(({ deactivatedAt }) =>
    deactivatedAt === undefined ? [] : [deactivatedAt],
  )
  const [end, other = end] = ends
  return {
    metadata: {
      version,
      createdAt: timeOf(united),
      ...(end === undefined || other === undefined
        ? {}
        : { deactivatedAt: end > other ? end : other }),
      destroyed: kept.some(({ destroyed }) => destroyed),
    },
    source: {
      ...(a === undefined ? {} : { a: a.metadata.version }),
      ...(b === undefined ? {} : { b: b.metadata.version }),
    },
  }
}

function hasSameData(x: KeptVersion, y: KeptVersion): boolean {
  return x.digest !== undefined && x.digest === y.digest
}

function hasSameNumber(x: KeptVersion, y: KeptVersion): boolean {
  return x.metadata.version === y.metadata.version
}

function isEitherDestroyed(x: KeptVersion, y: KeptVersion): boolean {
  return x.digest === undefined || y.digest === undefined
}

function highestNumber({ a, b }: United): number {
  return Math.max(a?.metadata.version ?? 0, b?.metadata.version ?? 0)
}

function timeOf({ a, b }: United): EpochMs {
  const found = a ?? b
  if (found === undefined) throw new Error('a version comes from neither copy')
  return found.metadata.createdAt
}

function dataOf({ a, b }: United): string {
  return a?.digest ?? b?.digest ?? ''
}

function textOf(versions: readonly KeptVersion[]): string {
  return JSON.stringify(versions)
}

function swapped({ a, b }: MergedSource): MergedSource {
  return { ...(b === undefined ? {} : { a: b }), ...(a === undefined ? {} : { b: a }) }
}
