import { maxPathBytes, type EpochMs } from '../contract/model'
import { compareBytes } from './byte-order'

/** Where a secret lies: in a mount, or in its bin. */
export interface Place {
  readonly mount: string
  /** Where it is; of a deleted secret where it was. */
  readonly path: string
  /** When it went into the bin; absent while it is in no bin. */
  readonly binnedAt?: EpochMs
  /** When it, or a folder it lies in, was last moved there; absent when it was made there. */
  readonly movedAt?: EpochMs
}

/** A secret in one of two copies of a vault. In one copy no two lie at the same place outside the bin. */
export interface PlacedSecret extends Place {
  readonly id: string
  readonly updatedAt: EpochMs
}

/** A secret after merging: what it is called, where it lies, and what it is in the two copies. */
export interface MergedPlace<T extends PlacedSecret = PlacedSecret> {
  readonly id: string
  readonly place: Place
  readonly a?: T
  readonly b?: T
}

/**
 * Finds for every secret of two copies where it lies after merging, whichever way round they come.
 *
 * A secret is known by its id. At two places it stays at the one it was moved to last; moved at once, at the
 * first in byte order. Where another one is already, it stays at its other place, or lies beside. Two secrets
 * that were made at one path become one. A secret that is only in one copy was made there or deleted in the
 * other, which nobody can tell: it stays. In the bin stays what was deleted after its last write or move.
 *
 * Merging what it gives with either copy again moves nothing: no place in the copies is later than the one
 * it chose.
 */
export function mergePlaces<T extends PlacedSecret>(
  a: readonly T[],
  b: readonly T[],
): MergedPlace<T>[] {
  const [aById, bById] = [byId(a), byId(b)]
  const ids = [...new Set([...aById.keys(), ...bById.keys()])].sort()
  const found = ids.map((id) => ({ id, ...both(aById.get(id), bById.get(id)) }))
  const merged = new Merged<T>()
  const wanting: Wanting<T>[] = []
  for (const one of found) {
    const places = candidates(one)
    if (places.length > 1 || !merged.settle(one, places[0])) wanting.push({ ...one, places })
  }
  for (const one of wanting) merged.choose(one)
  return merged.all
}

/** One or two sides of a secret. */
interface Sides<T> {
  readonly a?: T
  readonly b?: T
}
type Found<T> = Sides<T> & { readonly id: string }

/** A secret that has not found its place yet. */
type Wanting<T> = Found<T> & { readonly places: Candidates }

/** Where a secret may lie, the place it was moved to last first. */
type Candidates = readonly [Place, ...Place[]]

function both<T>(a: T | undefined, b: T | undefined): Sides<T> {
  return { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) }
}

function candidates<T extends PlacedSecret>({ a, b }: Found<T>): Candidates {
  const one = a ?? b
  if (one === undefined) throw new Error('a secret comes from neither copy')
  if (a === undefined || b === undefined) return [placeOf(one)]
  const deleted = deletedPlace(a, b)
  if (deleted !== undefined) return [deleted]
  if (a.binnedAt !== undefined) return [placeOf(b)]
  if (b.binnedAt !== undefined) return [placeOf(a)]
  const [last, other] = byLastMove(a, b) <= 0 ? [a, b] : [b, a]
  return keyOf(a) === keyOf(b) ? [placeOf(last)] : [placeOf(last), placeOf(other)]
}

function byLastMove(x: Place, y: Place): number {
  return movedAtOf(y) - movedAtOf(x) || compareBytes(keyOf(x), keyOf(y))
}

/** Earlier than every move for what was never moved. */
function movedAtOf({ movedAt }: Place): number {
  return movedAt ?? Number.NEGATIVE_INFINITY
}

/** The place in the bin of what was deleted in both copies, or in one after the other one's last change. */
function deletedPlace(a: PlacedSecret, b: PlacedSecret): Place | undefined {
  if (a.binnedAt !== undefined && b.binnedAt !== undefined) {
    const order = b.binnedAt - a.binnedAt || compareBytes(keyOf(a), keyOf(b))
    return placeOf(order <= 0 ? a : b)
  }
  if (a.binnedAt !== undefined && a.binnedAt >= changedAt(b)) return placeOf(a)
  if (b.binnedAt !== undefined && b.binnedAt >= changedAt(a)) return placeOf(b)
  return undefined
}

function changedAt(secret: PlacedSecret): number {
  return Math.max(secret.updatedAt, movedAtOf(secret))
}

/** Secrets after merging, as they find their places. */
class Merged<T extends PlacedSecret> {
  readonly #byKey = new Map<string, MergedPlace<T>>()
  readonly #binned: MergedPlace<T>[] = []

  get all(): MergedPlace<T>[] {
    return [...this.#byKey.values(), ...this.#binned]
  }

  /**
   * Lays a secret at its only place, with another one of the other copy that was made there.
   * @returns false where one is that it cannot be one with
   */
  settle({ id, ...sides }: Found<T>, place: Place): boolean {
    if (place.binnedAt !== undefined) {
      this.#binned.push({ id, place, ...sides })
      return true
    }
    const key = keyOf(place)
    const there = this.#byKey.get(key)
    if (there !== undefined && !isApart(there, sides)) return false
    const last = there !== undefined && byLastMove(there.place, place) < 0 ? there.place : place
    const first = there !== undefined && there.id < id ? there.id : id
    this.#byKey.set(key, { ...there, id: first, place: last, ...sides })
    return true
  }

  /** Lays a secret at the first place that is free, or beside the first one. */
  choose({ id, places, ...sides }: Wanting<T>): void {
    let place = places.find((one) => !this.#byKey.has(keyOf(one)))
    for (let number = 2; place === undefined; number += 1) {
      const beside = places.map((one) => ({ ...one, path: besidePath(one.path, number) }))
      place = beside.find((one) => !this.#byKey.has(keyOf(one)))
    }
    const at = keyOf(place) === keyOf(places[0]) ? place : { ...place, movedAt: lastMoveOf(sides) }
    this.#byKey.set(keyOf(place), { id, place: at, ...sides })
  }
}

/** Later than all that either copy says of where a secret was: it has given way. */
function lastMoveOf<T extends PlacedSecret>({ a, b }: Sides<T>): EpochMs {
  const times = [a?.movedAt, b?.movedAt].map((time) => (time === undefined ? 0 : time + 1))
  return Math.max(...times) as EpochMs
}

/** Whether each of two secrets is in one copy only, and not in the same. */
function isApart<T>(one: Sides<T>, other: Sides<T>): boolean {
  return (
    (one.a === undefined || other.a === undefined) && (one.b === undefined || other.b === undefined)
  )
}

/** A path beside another one: `path (2)`. */
export function besidePath(path: string, number: number): string {
  const suffix = ` (${number})`
  const letters = [...path]
  // One that would be too long loses its last letters; a name does not end in a slash.
  while (new TextEncoder().encode(letters.join('') + suffix).length > maxPathBytes) letters.pop()
  return letters.join('') + suffix
}

/** Only the place of a secret. */
export function placeOf({ mount, path, binnedAt, movedAt }: Place): Place {
  return {
    ...{ mount, path },
    ...(binnedAt === undefined ? {} : { binnedAt }),
    ...(movedAt === undefined ? {} : { movedAt }),
  }
}

/** A mount's name has no slash, so that mount and path are told apart. */
function keyOf({ mount, path }: Place): string {
  return `${mount}/${path}`
}

function byId<T extends PlacedSecret>(secrets: readonly T[]): Map<string, T> {
  return new Map(secrets.map((one) => [one.id, one]))
}
