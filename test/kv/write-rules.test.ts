import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDuration } from '../../src-main/contract/duration'
import {
  SecretData,
  maxDataBytes,
  type EpochMs,
  type SecretMetadata,
  type StoreConfig,
} from '../../src-main/contract/model'
import type { WriteRequest } from '../../src-main/kv/secret-store'
import { noSettings } from '../../src-main/kv/settings-rules'
import { lastVersionNumber, planWrite } from '../../src-main/kv/write-rules'
import { secretWith } from './secret-with'

const now = 10_000 as EpochMs
const data = SecretData.parse('{"a":1}')
const patch = SecretData.parse('{"b":2}')

function plan(
  current: SecretMetadata | undefined,
  request: WriteRequest,
  store: Partial<StoreConfig> = {},
) {
  return planWrite({
    current,
    currentData: () => data,
    request,
    store: { ...noSettings, ...store },
    now,
  })
}
const failing = (code: string) => expect.objectContaining({ code })

const missing = undefined
const bare = secretWith({ from: 1, to: 0 })
const three = secretWith({ from: 1, to: 3 })
const destroyed = secretWith({
  from: 1,
  to: 3,
  change: (version) => ({ ...version, destroyed: true }),
})
const guarded = secretWith({ from: 1, to: 3, settings: { casRequired: true } })

describe('the mode', () => {
  test.each([
    ['create', 'missing', missing, 1],
    ['create', 'bare', bare, 'exists'],
    ['create', 'destroyed', destroyed, 'exists'],
    ['create', 'written', three, 'exists'],
    ['update', 'missing', missing, 'not_found'],
    ['update', 'bare', bare, 1],
    ['update', 'written', three, 4],
    ['upsert', 'missing', missing, 1],
    ['upsert', 'bare', bare, 1],
    ['upsert', 'destroyed', destroyed, 4],
  ] as const)('%s on a %s secret', (mode, _, current, outcome) => {
    if (typeof outcome === 'string') {
      expect(() => plan(current, { mode, data })).toThrow(failing(outcome))
    } else expect(plan(current, { mode, data }).added?.version.version).toBe(outcome)
  })
})

describe('check-and-set', () => {
  test.each([
    ['missing', missing, 0, 1],
    ['missing', missing, 1, 'cas_mismatch'],
    ['bare', bare, 0, 1],
    ['written', three, 0, 'cas_mismatch'],
    ['written', three, 2, 'cas_mismatch'],
    ['written', three, 3, 4],
    ['written', three, 4, 'cas_mismatch'],
    ['written', three, -1, 'cas_mismatch'],
    ['destroyed', destroyed, 0, 'cas_mismatch'],
    ['destroyed', destroyed, 3, 4],
    ['guarded', guarded, undefined, 'cas_required'],
    ['guarded', guarded, 3, 4],
  ] as const)('on a %s secret (%#) with cas %s', (_, current, cas, outcome) => {
    const request = { mode: 'upsert', data, ...(cas === undefined ? {} : { cas }) } as const
    if (typeof outcome === 'string') {
      expect(() => plan(current, request)).toThrow(failing(outcome))
    } else expect(plan(current, request).added?.version.version).toBe(outcome)
  })

  test('is required where the store says so, also for a new secret', () => {
    const store = { casRequired: true }
    expect(() => plan(missing, { mode: 'upsert', data }, store)).toThrow(failing('cas_required'))
    expect(() => plan(three, { mode: 'update', data }, store)).toThrow(failing('cas_required'))
    expect(plan(missing, { mode: 'upsert', data, cas: 0 }, store).added).toBeDefined()
  })

  test('is not required of a creation, which says by itself that nothing may be there', () => {
    expect(plan(missing, { mode: 'create', data }, { casRequired: true }).added).toBeDefined()
    expect(() => plan(missing, { mode: 'create', data, cas: 1 })).toThrow(failing('cas_mismatch'))
  })

  test('names the number given and the current one', () => {
    expect(() => plan(three, { mode: 'update', data, cas: 7 })).toThrow(/7.*3/)
  })

  test.each([
    ['settings alone are not guarded', undefined, false, true, undefined],
    ['but checked when a number is given', undefined, true, true, 'cas_mismatch'],
    ['unless asked: required by the secret', 'settings', false, true, 'cas_required'],
    ['unless asked: nothing required', 'settings', false, false, undefined],
  ] as const)('%s', (_, casGuards, wrongCas, required, code) => {
    const request: WriteRequest = {
      mode: 'update',
      settings: { maxVersions: 5 },
      ...(casGuards === undefined ? {} : { casGuards }),
      ...(wrongCas ? { cas: 1 } : {}),
    }
    const current = required ? guarded : three
    if (code !== undefined) expect(() => plan(current, request)).toThrow(failing(code))
    else expect(plan(current, request).metadata.settings.maxVersions).toBe(5)
  })

  test('is required, when it guards settings, by the very change that makes it so', () => {
    const request = { mode: 'update', settings: { casRequired: true } } as const
    expect(plan(three, request).metadata.settings.casRequired).toBe(true)
    expect(() => plan(three, { ...request, casGuards: 'settings' })).toThrow(
      failing('cas_required'),
    )
    expect(plan(three, { ...request, casGuards: 'settings', cas: 3 }).metadata).toBeDefined()
  })
})

describe('settings that guard themselves', () => {
  test('apply to the request that carries them: what ends the need for a number needs none', () => {
    const request = { mode: 'update', data, casGuards: 'settings' } as const
    expect(plan(guarded, { ...request, settings: { casRequired: false } }).added).toBeDefined()
    expect(() => plan(guarded, { ...request, settings: { maxVersions: 5 } })).toThrow(
      failing('cas_required'),
    )
    const store = { casRequired: true }
    expect(() => plan(three, { ...request, settings: { casRequired: false } }, store)).toThrow(
      failing('cas_required'),
    )
  })
})

describe('pruning', () => {
  function write(times: number, limit: number) {
    let secret: SecretMetadata | undefined
    const history: { oldest: number; kept: number[]; dropped: number[] }[] = []
    for (let at = 0; at < times; at += 1) {
      const { metadata, dropped } = plan(secret, { mode: 'upsert', data }, { maxVersions: limit })
      secret = metadata
      const kept = metadata.versions.map(({ version }) => Number(version))
      history.push({ oldest: metadata.oldestVersion, kept, dropped: dropped.map(Number) })
    }
    return history
  }

  test('with a limit of 2 the oldest version reads 0, 1, 2, 3', () => {
    expect(write(4, 2)).toEqual([
      { oldest: 0, kept: [1], dropped: [] },
      { oldest: 1, kept: [1, 2], dropped: [] },
      { oldest: 2, kept: [2, 3], dropped: [1] },
      { oldest: 3, kept: [3, 4], dropped: [2] },
    ])
  })

  test('with a limit of 1 only the current version is kept', () => {
    expect(write(3, 1).map(({ kept }) => kept)).toEqual([[1], [2], [3]])
  })

  test('without a limit ten are kept, and the oldest is 0 through version 9', () => {
    const oldest = write(12, 0).map((step) => step.oldest)
    expect(oldest).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3])
  })

  test('a lower limit prunes nothing until the next write, then many at once', () => {
    const lowered = plan(three, { mode: 'update', settings: { maxVersions: 1 } })
    expect(lowered.dropped).toEqual([])
    expect(lowered.metadata.versions).toHaveLength(3)
    const next = plan(lowered.metadata, { mode: 'update', data })
    expect(next.dropped).toEqual([1, 2, 3])
    expect(next.metadata).toMatchObject({ oldestVersion: 4, currentVersion: 4 })
  })

  test('settings in the same write count for it', () => {
    const { dropped } = plan(three, { mode: 'update', data, settings: { maxVersions: 2 } })
    expect(dropped).toEqual([1, 2])
  })
})

describe('what a write leaves', () => {
  test('a new version has the time of the write, and moves only `updatedAt`', () => {
    const { metadata, added } = plan(three, { mode: 'update', data })
    expect(added).toEqual({ version: { version: 4, createdAt: now, destroyed: false }, data })
    expect(metadata).toMatchObject({ createdAt: 100, updatedAt: now, currentVersion: 4 })
  })

  test('a version ends after the shorter of both lives', () => {
    const current = secretWith({
      from: 1,
      to: 1,
      settings: { deactivateVersionAfter: parseDuration('1m') },
    })
    const store = { deactivateVersionAfter: parseDuration('2s') }
    const { added } = plan(current, { mode: 'update', data }, store)
    expect(added?.version.deactivatedAt).toBe(now + 2_000)
  })

  test('settings alone make a secret without data, and add no version', () => {
    const request = { mode: 'upsert', settings: { customMetadata: [['a', 'b']] } } as const
    const { metadata, added } = plan(missing, request)
    expect(added).toBeUndefined()
    expect(metadata).toMatchObject({ createdAt: now, updatedAt: now, currentVersion: 0 })
    expect(metadata).toMatchObject({ oldestVersion: 0, versions: [], customMetadata: [['a', 'b']] })
  })
})

describe('a patch', () => {
  test('merges into the current data', () => {
    expect(plan(three, { mode: 'update', patch }).added?.data).toBe('{"a":1,"b":2}')
  })

  test('that is empty still makes a version', () => {
    const { added } = plan(three, { mode: 'update', patch: SecretData.parse('{}') })
    expect(added).toMatchObject({ version: { version: 4 }, data })
  })

  test.each([
    ['missing', missing],
    ['bare', bare],
    ['destroyed', destroyed],
  ])('finds nothing on a %s secret', (_, current) => {
    expect(() => plan(current, { mode: 'upsert', patch })).toThrow(failing('not_found'))
  })

  test('with a wrong cas on a deactivated version reports the cas', () => {
    const request = { mode: 'update', patch, cas: 1 } as const
    expect(() => plan(destroyed, request)).toThrow(failing('cas_mismatch'))
  })

  test('is held to the size of data', () => {
    const filler = 'x'.repeat(maxDataBytes - '{"a":1,"f":""}'.length)
    const fitting = SecretData.parse(JSON.stringify({ f: filler }))
    expect(plan(three, { mode: 'update', patch: fitting }).added?.data).toHaveLength(maxDataBytes)
    const larger = SecretData.parse(JSON.stringify({ f: `${filler}x` }))
    expect(() => plan(three, { mode: 'update', patch: larger })).toThrow(failing('too_large'))
  })
})

test.each([
  ['data and a patch', { mode: 'upsert', data, patch }],
  ['nothing at all', { mode: 'upsert' }],
] as const)('a request with %s is refused', (_, request) => {
  expect(() => plan(three, request)).toThrow(failing('invalid'))
})

test('the last version number is followed by none', () => {
  const current = { ...three, currentVersion: lastVersionNumber - 1 }
  const last = plan(current, { mode: 'update', data })
  expect(last.added?.version.version).toBe(lastVersionNumber)
  expect(() => plan(last.metadata, { mode: 'update', data })).toThrow(failing('too_large'))
})

test('whatever is written, numbers rise by one and the kept versions are the last ones', () => {
  const step = fc.record({ secret: fc.nat(6), store: fc.nat(6) })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
      let secret: SecretMetadata | undefined
      steps.forEach(({ secret: own, store }, at) => {
        const request = { mode: 'upsert', data, settings: { maxVersions: own } } as const
        const before: readonly { version: number }[] = secret?.versions ?? []
        const result = plan(secret, request, { maxVersions: store })
        secret = result.metadata
        const kept = secret.versions.map(({ version }) => Number(version))
        expect(secret.currentVersion).toBe(at + 1)
        expect(kept).toEqual(kept.map((_, index) => at + 1 - kept.length + 1 + index))
        expect(kept.length).toBeLessThanOrEqual(Math.max(own, store) || 10)
        const all = [...before.map((one) => one.version), at + 1]
        expect([...result.dropped.map(Number), ...kept]).toEqual(all)
      })
    }),
  )
})
