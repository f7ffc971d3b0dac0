import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxPathBytes, type EpochMs } from '../../src-main/contract/model'
import {
  besidePath,
  mergePlaces,
  placeOf,
  type MergedPlace,
  type PlacedSecret,
} from '../../src-main/kv/merge-places'

const at = (ms: number) => ms as EpochMs

interface Given {
  readonly movedAt?: number
  readonly binnedAt?: number
  readonly updatedAt?: number
}

/** A secret of a copy. */
function secret(id: string, path: string, given: Given = {}): PlacedSecret {
  const { movedAt, binnedAt, updatedAt = 0 } = given
  return {
    ...{ id, path, mount: 'secret', updatedAt: at(updatedAt) },
    ...(movedAt === undefined ? {} : { movedAt: at(movedAt) }),
    ...(binnedAt === undefined ? {} : { binnedAt: at(binnedAt) }),
  }
}

/** Where each secret lies, by its id; in the bin with an exclamation mark. */
function places(merged: readonly MergedPlace[]): Record<string, string> {
  const text = ({ path, binnedAt }: PlacedSecret) => path + (binnedAt === undefined ? '' : '!')
  return Object.fromEntries(merged.map((one) => [one.id, text(asSecret(one))]))
}

/** What a merged secret is in the copy that has taken it. */
function asSecret({ id, place, a, b }: MergedPlace): PlacedSecret {
  const updatedAt = at(Math.max(a?.updatedAt ?? 0, b?.updatedAt ?? 0))
  return { id, updatedAt, ...placeOf(place) }
}

function bothWays(a: readonly PlacedSecret[], b: readonly PlacedSecret[]) {
  const found = places(mergePlaces(a, b))
  expect(places(mergePlaces(b, a))).toEqual(found)
  return found
}

describe('V-20: after merging, a secret lies', () => {
  test('where one copy has moved it', () => {
    expect(bothWays([secret('1', 'z', { movedAt: 5 })], [secret('1', 'a')])).toEqual({ 1: 'z' })
    expect(bothWays([secret('1', 'a', { movedAt: 5 })], [secret('1', 'z')])).toEqual({ 1: 'a' })
  })

  test('where it was moved to last, at once at the first in byte order', () => {
    const a = [secret('1', 'z', { movedAt: 6 })]
    expect(bothWays(a, [secret('1', 'a', { movedAt: 5 })])).toEqual({ 1: 'z' })
    expect(bothWays(a, [secret('1', 'a', { movedAt: 6 })])).toEqual({ 1: 'a' })
  })

  test('where it has taken the place of another one that was moved too', () => {
    const a = [secret('1', 'h/a', { movedAt: 5 }), secret('2', 'f/a', { movedAt: 6 })]
    const b = [secret('1', 'f/a'), secret('2', 'a')]
    expect(bothWays(a, b)).toEqual({ 1: 'h/a', 2: 'f/a' })
  })

  test('where it was, if another one was made where it was moved to', () => {
    const a = [secret('1', 'new', { movedAt: 5 })]
    const b = [secret('1', 'old'), secret('2', 'new')]
    expect(bothWays(a, b)).toEqual({ 1: 'old', 2: 'new' })
  })

  test('beside another one where no place of it is free', () => {
    const a = [secret('1', 'x', { movedAt: 5 }), secret('2', 'y')]
    const b = [secret('1', 'y', { movedAt: 6 }), secret('3', 'x', { movedAt: 7 })]
    const found = bothWays(a, b)
    expect(new Set(Object.values(found)).size).toBe(3)
    expect(found).toMatchObject({ 1: 'y (2)' })
  })

  test('as one with the other that was made at its path', () => {
    expect(bothWays([secret('2', 'a')], [secret('1', 'a')])).toEqual({ 1: 'a' })
  })

  test('in the bin, unless it was written, moved or restored later', () => {
    const a = [secret('1', 'a', { binnedAt: 5 })]
    expect(bothWays(a, [secret('1', 'a')])).toEqual({ 1: 'a!' })
    expect(bothWays(a, [secret('1', 'a', { updatedAt: 6 })])).toEqual({ 1: 'a' })
    expect(bothWays(a, [secret('1', 'b', { movedAt: 6 })])).toEqual({ 1: 'b' })
    expect(bothWays(a, [secret('1', 'b', { movedAt: 5 })])).toEqual({ 1: 'a!' })
  })

  /** A copy: ids once, places outside the bin once. */
  const copy = fc
    .array(
      fc.record({
        id: fc.constantFrom('1', '2', '3', '4', '5', '6'),
        path: fc.constantFrom('a', 'b', 'a (2)', 'f/a', 'f/b'),
        updatedAt: fc.nat(4),
        movedAt: fc.option(fc.nat(4), { nil: undefined }),
        binnedAt: fc.option(fc.nat(4), { nil: undefined, freq: 4 }),
      }),
      { maxLength: 6 },
    )
    .map((rows) => {
      const found = new Map(
        rows.map(({ id, path, updatedAt, movedAt, binnedAt }) => {
          const times = { ...(movedAt === undefined ? {} : { movedAt }) }
          const bin = binnedAt === undefined ? {} : { binnedAt }
          return [id, secret(id, path, { updatedAt, ...times, ...bin })]
        }),
      )
      const live = new Map([...found.values()].map((one) => [one.path, one]))
      return [...found.values()].filter(
        (one) => one.binnedAt !== undefined || live.get(one.path) === one,
      )
    })

  test('at one place, the same both ways round, and where it is however often they are merged', () => {
    fc.assert(
      fc.property(copy, copy, (a, b) => {
        const merged = mergePlaces(a, b)
        const found = bothWays(a, b)
        const live = merged.filter(({ place }) => place.binnedAt === undefined)
        expect(new Set(live.map(({ place }) => place.path)).size).toBe(live.length)
        const together = merged.flatMap((one) =>
          [one.a, one.b].filter((side) => side !== undefined),
        )
        expect(together).toHaveLength(a.length + b.length)
        const result = merged.map(asSecret)
        for (const other of [a, b]) expect(bothWays(result, other)).toEqual(found)
      }),
      { numRuns: 2000 },
    )
  })
})

test('a path beside another one is no longer than a path may be', () => {
  expect(besidePath('a', 2)).toBe('a (2)')
  const longest = besidePath('é'.repeat(maxPathBytes / 2), 12)
  expect(longest).toMatch(/^é+ \(12\)$/)
  expect(Buffer.byteLength(longest)).toBe(maxPathBytes - 1)
})
