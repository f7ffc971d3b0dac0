import { describe, expect, test } from 'vitest'
import { parseDuration } from '../../src-main/contract/duration'
import type { EpochMs, SecretMetadata, StoreConfig } from '../../src-main/contract/model'
import {
  applyConfig,
  applySettings,
  applyStoreConfig,
  effectiveLifeSeconds,
  effectiveMaxVersions,
  isCasRequired,
  noSettings,
} from '../../src-main/kv/settings-rules'
import { secretWith } from './secret-with'

const having = (config: Partial<StoreConfig>): StoreConfig => ({ ...noSettings, ...config })
const living = (seconds: number) =>
  having({ deactivateVersionAfter: { seconds, text: `${seconds}s` } })

test.each([
  [0, 0, 10],
  [5, 0, 5],
  [0, 5, 5],
  [3, 7, 7],
  [7, 3, 7],
  [1, 0, 1],
])('a secret keeping %i in a store keeping %i keeps %i versions', (secret, store, kept) => {
  const limit = effectiveMaxVersions(
    having({ maxVersions: secret }),
    having({ maxVersions: store }),
  )
  expect(limit).toBe(kept)
})

test.each([
  [0, 0, 0],
  [60, 0, 60],
  [0, 60, 60],
  [30, 60, 30],
  [60, 30, 30],
  [60, -1, 0],
  [0, -1, 0],
])('lives of %i s in the secret and %i s in the store come to %i s', (secret, store, life) => {
  expect(effectiveLifeSeconds(living(secret), living(store))).toBe(life)
})

test.each([
  [false, false, false],
  [true, false, true],
  [false, true, true],
  [true, true, true],
])('cas required %s by the secret, %s by the store: %s', (secret, store, required) => {
  const result = isCasRequired(having({ casRequired: secret }), having({ casRequired: store }))
  expect(result).toBe(required)
})

describe('a change of settings', () => {
  test('leaves what it does not name', () => {
    const before = having({ maxVersions: 3, deactivateVersionAfter: parseDuration('1d') })
    expect(applyConfig(before, { casRequired: true })).toEqual({ ...before, casRequired: true })
  })

  test('can set everything back to nothing', () => {
    const before = having({ maxVersions: 3, casRequired: true })
    expect(applyConfig(before, noSettings)).toEqual(noSettings)
  })

  test.each([
    [
      { seconds: -1, text: '-1s' },
      { seconds: -1, text: '-1s' },
    ],
    [
      { seconds: -3600, text: '-1h' },
      { seconds: -1, text: '-1s' },
    ],
    [parseDuration('1h'), parseDuration('1h')],
    [parseDuration('0'), parseDuration('0')],
  ])('of a store takes a life of %j as %j', (life, kept) => {
    const config = applyStoreConfig(noSettings, { deactivateVersionAfter: life })
    expect(config.deactivateVersionAfter).toEqual(kept)
  })

  test('does not move the times of the secret', () => {
    const secret = secretWith({ from: 1, to: 2 })
    const changed = applySettings(secret, { maxVersions: 1 })
    expect(changed).toEqual({ ...secret, settings: having({ maxVersions: 1 }) })
  })

  test('refuses a negative life', () => {
    const change = { deactivateVersionAfter: { seconds: -1, text: '-1s' } }
    expect(() => applySettings(secretWith({ from: 1, to: 1 }), change)).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    )
  })
})

describe('custom metadata', () => {
  const secret = applySettings(secretWith({ from: 1, to: 1 }), {
    customMetadata: [
      ['owner', 'ann'],
      ['env', 'prod'],
    ],
  })

  test('is replaced as a whole', () => {
    expect(applySettings(secret, { customMetadata: [['a', 'b']] }).customMetadata).toEqual([
      ['a', 'b'],
    ])
    expect(applySettings(secret, { customMetadata: [] }).customMetadata).toEqual([])
  })

  test('keeps when its values were set, each time later than those before', () => {
    const at = (time: number) => time as EpochMs
    const set = (before: SecretMetadata, pairs: [string, string | null][], now: number) =>
      applySettings(before, { customMetadataPatch: pairs }, at(now))
    expect(secret.customMetadataTimes).toBeUndefined()
    const once = set(
      secret,
      [
        ['owner', 'eve'],
        ['env', 'prod'],
      ],
      500,
    )
    expect(once.customMetadataTimes).toEqual([['owner', 500]])
    // By a clock that was set back.
    const twice = set(once, [['url', 'x']], 400)
    expect(twice.customMetadataTimes).toEqual([
      ['owner', 500],
      ['url', 501],
    ])
    expect(set(twice, [['owner', 'eve']], 900)).toEqual(twice)
    expect(set(twice, [['owner', null]], 900).customMetadataTimes).toEqual([['url', 501]])
    expect(set(once, [['owner', null]], 900)).not.toHaveProperty('customMetadataTimes')
    expect(applySettings(twice, { maxVersions: 1 }, at(900)).customMetadataTimes).toEqual(
      twice.customMetadataTimes,
    )
  })

  test('merges by a patch: null removes, a key keeps its place, a new one goes to the end', () => {
    const customMetadataPatch = [
      ['__proto__', 'x'],
      ['env', null],
      ['owner', 'bob'],
      ['missing', null],
    ] as const
    expect(applySettings(secret, { customMetadataPatch }).customMetadata).toEqual([
      ['owner', 'bob'],
      ['__proto__', 'x'],
    ])
  })

  test.each([
    ['an empty key', '', 'v'],
    ['a key of 129 bytes', 'é'.repeat(64) + 'x', 'v'],
    ['an empty value', 'k', ''],
    ['a value of 513 bytes', 'k', 'é'.repeat(256) + 'x'],
    ['a line break', 'k', 'a\nb'],
  ])('refuses %s, also in a patch', (_, key, value) => {
    for (const field of ['customMetadata', 'customMetadataPatch']) {
      expect(() => applySettings(secret, { [field]: [[key, value]] })).toThrow(
        expect.objectContaining({ code: 'invalid', field: 'customMetadata' }),
      )
    }
  })

  test('has at most 64 pairs after a patch', () => {
    const pairs = (count: number) =>
      Array.from({ length: count }, (_, at) => [`key${at}`, 'v'] as const)
    expect(applySettings(secret, { customMetadataPatch: pairs(62) }).customMetadata).toHaveLength(
      64,
    )
    expect(() => applySettings(secret, { customMetadataPatch: pairs(63) })).toThrow(
      expect.objectContaining({ code: 'invalid', field: 'customMetadata' }),
    )
  })
})
