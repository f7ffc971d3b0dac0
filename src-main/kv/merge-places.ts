import { maxPathBytes, type EpochMs } from '../contract/model'
import { compareBytes } from './byte-order'

/** Where a secret lies: in a mount, or in its bin. */
export interface Place {
  readonly mount: string
  /** Where it is; of a deleted secret where it was. */
  readonly path: string
  /** When it went into the bin; absent while it is in no bin. */
  readonly binnedAt?: EpochMs
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
 * A secret is known by its id. At two places it stays at the one that the other copy has left free for
 * it, since that is where it was moved to; with no telling, at the first in byte order. Two secrets that
 * were made at one path become one. A secret that is only in one copy was made there or deleted in the
 * other, which nobody can tell: it stays. In the bin stays what was deleted after its last write.
 */
export function mergePlaces<T extends PlacedSecret>(
  a: readonly T[],
  b: readonly T[],
): MergedPlace<T>[] {
  const [aById, bById] = [byId(a), byId(b)]
  const taken = { a: byPath(a), b: byPath(b) }
  const ids = [...new Set([...aById.keys(), ...bById.keys()])].sort()
  const found = ids.map((id) => ({ id, ...both(aById.get(id), bById.get(id)) }))
  const merged = new Merged<T>()
  const apart: (Found<T> & { readonly places: readonly Place[] })[] = []
  for (const one of found) {
    const places = candidates(one, taken)
    if (places.length > 1) apart.push({ ...one, places })
    else if (places[0] !== undefined) merged.settle(one, places[0])
  }
  for (const { places, ...one } of apart) merged.choose(one, places)
  return merged.all
}

/** One or two sides of a secret. */
interface Sides<T> {
  readonly a?: T
  readonly b?: T
}
type Found<T> = Sides<T> & { readonly id: string }

function both<T>(a: T | undefined, b: T | undefined): Sides<T> {
  return { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) }
}

/** Where a secret may lie, the likeliest first. */
function candidates<T extends PlacedSecret>(
  { id, a, b }: Found<T>,
  taken: { readonly a: ReadonlyMap<string, string>; readonly b: ReadonlyMap<string, string> },
): Place[] {
  if (a === undefined || b === undefined)
    return [a ?? b].flatMap((one) => (one ? [placeOf(one)] : []))
  const deleted = deletedPlace(a, b)
  if (deleted !== undefined) return [deleted]
  if (a.binnedAt !== undefined) return [placeOf(b)]
  if (b.binnedAt !== undefined) return [placeOf(a)]
  if (keyOf(a) === keyOf(b)) return [placeOf(a)]
  const isFree = (place: Place, other: ReadonlyMap<string, string>) =>
    (other.get(keyOf(place)) ?? id) === id
  return [
    { place: placeOf(a), free: isFree(a, taken.b) },
    { place: placeOf(b), free: isFree(b, taken.a) },
  ]
    .sort((x, y) => Number(y.free) - Number(x.free) || compareBytes(keyOf(x.place), keyOf(y.place)))
    .map(({ place }) => place)
}

/** The place in the bin of what was deleted in both copies, or in one after the last write of the other. */
function deletedPlace(a: PlacedSecret, b: PlacedSecret): Place | undefined {
  if (a.binnedAt !== undefined && b.binnedAt !== undefined) {
    const order = b.binnedAt - a.binnedAt || compareBytes(keyOf(a), keyOf(b))
    return placeOf(order <= 0 ? a : b)
  }
  if (a.binnedAt !== undefined && a.binnedAt >= b.updatedAt) return placeOf(a)
  if (b.binnedAt !== undefined && b.binnedAt >= a.updatedAt) return placeOf(b)
  return undefined
}

/** Secrets after merging, as they find their places. */
class Merged<T extends PlacedSecret> {
  readonly #byKey = new Map<string, MergedPlace<T>>()
  readonly #binned: MergedPlace<T>[] = []

  get all(): MergedPlace<T>[] {
    return [...this.#byKey.values(), ...this.#binned]
  }

  /** Lays a secret at its only place: with another of the other copy that is there, or beside it. */
  settle(found: Found<T>, place: Place): void {
    const { id, ...sides } = found
    if (place.binnedAt !== undefined) {
      this.#binned.push({ id, place, ...sides })
      return
    }
    const there = this.#byKey.get(keyOf(place))
    if (there === undefined) this.#byKey.set(keyOf(place), { id, place, ...sides })
    else if (isApart(there, sides)) {
      this.#byKey.set(keyOf(place), { ...there, id: there.id < id ? there.id : id, ...sides })
    } else this.choose(found, [place])
  }

  /** Lays a secret at the first place that is free, or beside the last one. */
  choose({ id, ...sides }: Found<T>, places: readonly Place[]): void {
    let place = places.find((one) => !this.#byKey.has(keyOf(one)))
    for (let number = 2; place === undefined; number += 1) {
      const beside = places.map((one) => ({ ...one, path: besidePath(one.path, number) }))
      place = beside.find((one) => !this.#byKey.has(keyOf(one)))
    }
    this.#byKey.set(keyOf(place), { id, place, ...sides })
  }
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

function placeOf({ mount, path, binnedAt }: Place): Place {
  return binnedAt === undefined ? { mount, path } : { mount, path, binnedAt }
}

/** A mount's name has no slash, so that mount and path are told apart. */
function keyOf({ mount, path }: Place): string {
  return `${mount}/${path}`
}

function byId<T extends PlacedSecret>(secrets: readonly T[]): Map<string, T> {
  return new Map(secrets.map((one) => [one.id, one]))
}

function byPath(secrets: readonly PlacedSecret[]): Map<string, string> {
  const live = secrets.filter(({ binnedAt }) => binnedAt === undefined)
  return new Map(live.map((one) => [keyOf(one), one.id]))
}
