import { describe, expect, test } from 'vitest'
import { parseDuration } from '../../src-main/contract/duration'
import type { EpochMs, VersionNumber } from '../../src-main/contract/model'
import { noSettings } from '../../src-main/kv/settings-rules'
import { planStates } from '../../src-main/kv/state-rules'
import { secretWith } from './secret-with'

const now = 10_000 as EpochMs
const living = { ...noSettings, deactivateVersionAfter: parseDuration('5s') }
const numbers = (...list: number[]) => list as VersionNumber[]

/** One version in a state, as `[deactivatedAt, destroyed]`. */
function one(deactivatedAt?: number, destroyed = false) {
  return secretWith({
    from: 1,
    to: 1,
    change: (version) => ({
      ...version,
      destroyed,
      ...(deactivatedAt === undefined ? {} : { deactivatedAt: deactivatedAt as EpochMs }),
    }),
  })
}

describe('one version', () => {
  test.each([
    ['active', undefined, 'deactivated', 10_000, false],
    ['active with an end ahead', 12_000, 'deactivated', 10_000, false],
    ['deactivated', 9_000, 'deactivated', 9_000, false],
    ['deactivated just now', 10_000, 'deactivated', 10_000, false],
    ['deactivated', 9_000, 'active', undefined, false],
    ['active', undefined, 'active', undefined, false],
    ['active with an end ahead', 12_000, 'active', undefined, false],
    ['active', undefined, 'deleted', undefined, true],
    ['deactivated', 9_000, 'deleted', 9_000, true],
  ] as const)('%s (end %s) becomes %s', (_, end, state, endAfter, destroyed) => {
    const [after] = planStates(one(end), numbers(1), state, noSettings, now).named
    expect(after).toEqual({
      version: 1,
      createdAt: 101,
      destroyed,
      ...(endAfter === undefined ? {} : { deactivatedAt: endAfter }),
    })
  })

  test.each(['active', 'deactivated', 'deleted'] as const)(
    'that is deleted stays so when asked to be %s',
    (state) => {
      const secret = one(9_000, true)
      const plan = planStates(secret, numbers(1), state, living, now)
      expect(plan).toEqual({ metadata: secret, named: secret.versions, erased: [] })
    },
  )

  test.each([
    ['deactivated', 9_000],
    ['active', undefined],
    ['active with an end ahead', 99_000],
  ])('%s made active where a life is in force gets an end of now and that life', (_, end) => {
    const [after] = planStates(one(end), numbers(1), 'active', living, now).named
    expect(after?.deactivatedAt).toBe(15_000)
  })
})

test('names only versions that exist, in their order, and changes no others', () => {
  const secret = secretWith({ from: 2, to: 4 })
  const plan = planStates(secret, numbers(9, 4, 1, 2, 4), 'deleted', noSettings, now)
  expect(plan.named.map((version) => version.version)).toEqual([2, 4])
  expect(plan.erased).toEqual([2, 4])
  expect(plan.metadata.versions.map((version) => version.destroyed)).toEqual([true, false, true])
  expect(plan.metadata).toMatchObject({ updatedAt: secret.updatedAt, currentVersion: 4 })
})

test('`current` is the current version, or nothing where there is none', () => {
  const plan = planStates(secretWith({ from: 1, to: 3 }), 'current', 'deactivated', noSettings, now)
  expect(plan.named.map((version) => version.version)).toEqual([3])
  const empty = secretWith({ from: 1, to: 0 })
  expect(planStates(empty, 'current', 'deactivated', noSettings, now).named).toEqual([])
})
