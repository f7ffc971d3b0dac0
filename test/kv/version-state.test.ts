import { expect, test } from 'vitest'
import type { EpochMs } from '../../src-main/contract/model'
import { currentVersionOf, findVersion, versionState } from '../../src-main/kv/version-state'
import { secretWith } from './secret-with'

const now = 1_000 as EpochMs

test.each([
  ['nothing set', {}, 'active'],
  ['an end one millisecond ahead', { deactivatedAt: 1_001 }, 'active'],
  ['an end at this very millisecond', { deactivatedAt: 1_000 }, 'deactivated'],
  ['an end one millisecond ago', { deactivatedAt: 999 }, 'deactivated'],
  ['destroyed', { destroyed: true }, 'deleted'],
  ['destroyed with an end ahead', { destroyed: true, deactivatedAt: 5_000 }, 'deleted'],
] as const)('with %s a version is as it should be', (_, version, state) => {
  const { destroyed = false, ...rest } = version as { destroyed?: boolean; deactivatedAt?: EpochMs }
  expect(versionState({ destroyed, ...rest }, now)).toBe(state)
})

test('a version is found by its number, also after others were dropped', () => {
  const secret = secretWith({ from: 3, to: 5 })
  expect([2, 3, 5, 6].map((number) => findVersion(secret, number)?.version)).toEqual([
    undefined,
    3,
    5,
    undefined,
  ])
})

test('a secret without data has no current version', () => {
  expect(currentVersionOf(secretWith({ from: 1, to: 0 }))).toBeUndefined()
  expect(currentVersionOf(secretWith({ from: 1, to: 2 }))?.version).toBe(2)
})
