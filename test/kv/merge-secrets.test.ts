import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpochMs, SecretMetadata } from '../../src-main/contract/model'
import { mergeConfigs, mergeSecrets, type KeptSecret } from '../../src-main/kv/merge-secrets'
import { noSettings } from '../../src-main/kv/settings-rules'
import { secretWith } from './secret-with'
import { Replica, hurriedSteps, steps, type Step } from './replica'

/** A secret whose data has the digest `<letter><number>`. */
function kept(metadata: SecretMetadata, letter = 'd', from = 1): KeptSecret {
  const digests = new Map<number, string>()
  for (const { version, destroyed } of metadata.versions) {
    if (!destroyed) digests.set(version, `${version < from ? 'd' : letter}${version}`)
  }
  return { metadata, digests }
}

const numbersAndTimes = (metadata: SecretMetadata) =>
  metadata.versions.map(({ version, createdAt }) => [version, createdAt])

describe('versions', () => {
  test('added in both copies are laid in between by time, and the later one is current', () => {
    const base = secretWith({ from: 1, to: 4 })
    const at = (time: number) => ({
      ...base,
      updatedAt: time as EpochMs,
      versions: base.versions.map((one) =>
        one.version === 4 ? { ...one, createdAt: time as EpochMs } : one,
      ),
    })
    const merged = mergeSecrets(kept(at(300), 'a', 4), kept(at(200), 'b', 4))
    expect(merged.metadata.currentVersion).toBe(5)
    expect(merged.metadata.updatedAt).toBe(300)
    expect(numbersAndTimes(merged.metadata).slice(3)).toEqual([
      [4, 200],
      [5, 300],
    ])
    expect(merged.sources).toEqual([
      ...[1, 2, 3].map((version) => ({ a: version, b: version })),
      { b: 4 },
      { a: 4 },
    ])
  })

  test('with the same time and other data are two versions', () => {
    const merged = mergeSecrets(
      kept(secretWith({ from: 1, to: 2 }), 'a', 2),
      kept(secretWith({ from: 1, to: 2 }), 'b', 2),
    )
    expect(merged.sources).toEqual([{ a: 1, b: 1 }, { a: 2 }, { b: 2 }])
  })

  test('that one copy dropped come back, with numbers that no copy has used for others', () => {
    const merged = mergeSecrets(
      kept(secretWith({ from: 8, to: 10 })),
      kept(secretWith({ from: 1, to: 3 })),
    )
    expect(numbersAndTimes(merged.metadata)).toEqual([
      [5, 101],
      [6, 102],
      [7, 103],
      [8, 108],
      [9, 109],
      [10, 110],
    ])
    expect(merged.metadata).toMatchObject({ currentVersion: 10, oldestVersion: 5 })
  })

  test('destroyed in one copy are destroyed, also when they have another number by now', () => {
    const old = kept(secretWith({ from: 1, to: 3 }))
    const isThird = (version: number) => version === 4
    const renumbered = secretWith({ from: 2, to: 4 })
    const destroyed = {
      ...renumbered,
      versions: renumbered.versions.map((one) => ({
        ...one,
        createdAt: (one.createdAt - 1) as EpochMs,
        destroyed: isThird(one.version),
      })),
    }
    const digests = new Map([
      [2, 'd1'],
      [3, 'd2'],
    ])
    const { metadata, sources } = mergeSecrets(old, { metadata: destroyed, digests })
    expect(metadata.versions.map((one) => one.destroyed)).toEqual([false, false, true])
    expect(sources.at(-1)).toEqual({ a: 3, b: 4 })
  })

  test.each([
    [undefined, 500, 500],
    [400, 500, 500],
    [undefined, undefined, undefined],
  ])('that end at %s in one copy and at %s in the other end at %s', (one, other, end) => {
    const ending = (time: number | undefined) =>
      kept(
        secretWith({
          from: 1,
          to: 1,
          change: (version) =>
            time === undefined ? version : { ...version, deactivatedAt: time as EpochMs },
        }),
      )
    for (const [a, b] of [
      [one, other],
      [other, one],
    ]) {
      const [version] = mergeSecrets(ending(a), ending(b)).metadata.versions
      expect(version?.deactivatedAt).toBe(end)
    }
  })

  test('keep the order of their copy when its clock ran backwards', () => {
    const backwards = secretWith({
      from: 1,
      to: 3,
      change: (one) => ({ ...one, createdAt: (1000 - one.version) as EpochMs }),
    })
    expect(mergeSecrets(kept(backwards), kept(backwards)).metadata).toEqual(backwards)
  })

  test('by the thousand are merged in a moment', () => {
    const a = kept(secretWith({ from: 1, to: 24_000 }), 'a', 12_000)
    const b = kept(secretWith({ from: 1, to: 24_000 }), 'b', 12_000)
    expect(mergeSecrets(a, b).metadata.versions).toHaveLength(36_001)
  })
})

describe('settings', () => {
  const life = (seconds: number, text = `${seconds}s`) => ({ seconds, text })

  test.each([
    [{ maxVersions: 0 }, { maxVersions: 5 }, { maxVersions: 0 }],
    [{ maxVersions: 0 }, { maxVersions: 10 }, { maxVersions: 10 }],
    [{ maxVersions: 20 }, { maxVersions: 5 }, { maxVersions: 20 }],
    [{ casRequired: true }, {}, { casRequired: true }],
    [{ deactivateVersionAfter: life(60) }, {}, {}],
    [
      { deactivateVersionAfter: life(60) },
      { deactivateVersionAfter: life(90) },
      { deactivateVersionAfter: life(90) },
    ],
    [{ deactivateVersionAfter: life(-1, '-1s') }, {}, { deactivateVersionAfter: life(-1, '-1s') }],
    [
      { deactivateVersionAfter: life(60, '60s') },
      { deactivateVersionAfter: life(60, '1m') },
      { deactivateVersionAfter: life(60, '1m') },
    ],
  ])('%j and %j become %j', (a, b, merged) => {
    const config = (change: object) => ({ ...noSettings, ...change })
    expect(mergeConfigs(config(a), config(b))).toEqual(config(merged))
    expect(mergeConfigs(config(b), config(a))).toEqual(config(merged))
  })
})

describe('words', () => {
  const words = (updatedAt: number, customMetadata: [string, string][]) =>
    kept({ ...secretWith({ from: 1, to: 0 }), updatedAt: updatedAt as EpochMs, customMetadata })

  test('of both are kept, and of two values that of the later write', () => {
    const a = words(200, [
      ['owner', 'ann'],
      ['team', 'red'],
    ])
    const b = words(100, [
      ['team', 'blue'],
      ['url', 'x'],
    ])
    const merged = [
      ['owner', 'ann'],
      ['team', 'red'],
      ['url', 'x'],
    ]
    expect(mergeSecrets(a, b).metadata.customMetadata).toEqual(merged)
    expect(mergeSecrets(b, a).metadata.customMetadata).toEqual(merged)
  })

  test('that were set after the secret was made count by their own times', () => {
    const timed = (updatedAt: number, value: string, at?: number) => {
      const { metadata, digests } = words(updatedAt, [['owner', value]])
      const customMetadataTimes =
        at === undefined ? {} : { customMetadataTimes: [['owner', at as EpochMs] as const] }
      return { metadata: { ...metadata, ...customMetadataTimes }, digests }
    }
    const table = [
      // Set in one copy, and written to in the other one later.
      [timed(100, 'new', 150), timed(200, 'old'), 'new', 150],
      [timed(200, 'b', 150), timed(100, 'a', 160), 'a', 160],
      [timed(200, 'a', 150), timed(100, 'b', 150), 'a', 150],
      [timed(100, 'a', 150), timed(100, 'b', 150), 'b', 150],
      [timed(100, 'same', 150), timed(100, 'same'), 'same', 150],
    ] as const
    for (const [a, b, value, at] of table) {
      const { metadata } = mergeSecrets(a, b)
      expect(metadata).toMatchObject({
        customMetadata: [['owner', value]],
        customMetadataTimes: [['owner', at]],
      })
      expect(mergeSecrets(b, a).metadata).toEqual(metadata)
      const { digests } = a
      for (const one of [a, b])
        expect(mergeSecrets({ metadata, digests }, one).metadata).toEqual(metadata)
    }
  })

  test('stay within 64 pairs', () => {
    const many = (letter: string) =>
      Array.from({ length: 40 }, (_, at): [string, string] => [`${letter}${at}`, 'x'])
    const { customMetadata } = mergeSecrets(words(1, many('a')), words(2, many('b'))).metadata
    expect(customMetadata).toHaveLength(64)
    expect(customMetadata.slice(0, 40)).toEqual(many('b'))
  })
})

/** Two copies of one secret, after a common time and each one's own. */
function copies(steps: fc.Arbitrary<Step[]>) {
  return fc.tuple(steps, steps, steps).map(([base, one, other]) => {
    const start = new Replica(1000)
    start.perform(base)
    // Odd and even times: two people do not write within one millisecond.
    const [a, b] = [start.fork(2_000), start.fork(2_001)]
    a.perform(one)
    b.perform(other)
    return { a, b }
  })
}

/** How often each piece of data is there. */
function counted({ data }: Replica): Map<string, number> {
  const counts = new Map<string, number>()
  for (const text of data.values()) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

describe.each([
  ['as people work', steps],
  ['as programs work', hurriedSteps],
])('V-20: two copies that were changed apart, %s,', (_, arbitrary) => {
  const replicas = copies(arbitrary)
  const check = (property: (copies: { a: Replica; b: Replica }) => void) =>
    fc.assert(fc.property(replicas, property), { numRuns: 400 })

  test('give the same in both orders', () => {
    check(({ a, b }) => {
      const [ab, ba] = [a.mergedWith(b), b.mergedWith(a)]
      expect(ab.metadata).toEqual(ba.metadata)
      expect(ab.data).toEqual(ba.data)
    })
  })

  test('lose no version that either can read, unless the other destroyed it', () => {
    check(({ a, b }) => {
      const merged = counted(a.mergedWith(b))
      for (const [one, other] of [
        [a, b],
        [b, a],
      ] as const) {
        for (const [data, count] of counted(one)) {
          if ([...other.destroyed.values()].includes(data)) continue
          expect(merged.get(data)).toBeGreaterThanOrEqual(count)
        }
        for (const data of one.destroyed.values()) expect(merged.has(data)).toBe(false)
      }
    })
  })

  test('change nothing when they are merged again', () => {
    check(({ a, b }) => {
      const merged = a.mergedWith(b)
      for (const again of [merged, a, b]) {
        expect(merged.mergedWith(again).metadata).toEqual(merged.metadata)
        expect(again.mergedWith(merged).data).toEqual(merged.data)
      }
      expect(a.mergedWith(a).metadata).toEqual(a.metadata)
    })
  })

  test('number versions one by one, and no lower than either did', () => {
    check(({ a, b }) => {
      const { metadata, data } = a.mergedWith(b)
      const numbers = metadata.versions.map(({ version }) => version)
      const first = numbers[0] ?? 1
      expect(numbers).toEqual(numbers.map((_, at) => first + at))
      expect(metadata.currentVersion).toBe(numbers.at(-1) ?? 0)
      for (const one of [a, b]) {
        expect(metadata.currentVersion).toBeGreaterThanOrEqual(one.metadata.currentVersion)
      }
      const alive = metadata.versions.filter(({ destroyed }) => !destroyed)
      expect([...data.keys()]).toEqual(alive.map(({ version }) => version))
    })
  })
})
