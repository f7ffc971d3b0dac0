import { describe, expect, test } from 'vitest'
import {
  CopyPolicy,
  maxCopyRows,
  type CopyPolicy as Policy,
} from '../../src-main/contract/copy-calls'
import type { Capability } from '../../src-main/contract/model'
import { SecretPath, type EpochMs } from '../../src-main/contract/model'
import {
  besides,
  isActed,
  planSecret,
  targetPath,
  type CopyRules,
  type Reading,
  type SourceFacts,
  type TargetFacts,
} from '../../src-main/kv/copy-plan'
import { reportOfPlan } from '../../src-main/kv/copy-report'
import { noSettings } from '../../src-main/kv/settings-rules'

const path = (text: string) => SecretPath.parse(text)
const now = 1_000 as EpochMs
const small: Reading = { bytes: 10, isEmpty: false, hasEmptyKey: false, hasWideNumber: false }
const policy: Policy = {
  ...{ versions: 'all', conflicts: 'skip' },
  ...{ settings: true, move: false, acceptLoss: false },
}

function rules(more: Partial<Policy> = {}, without: readonly Capability[] = []): CopyRules {
  const can = (capability: Capability) => !without.includes(capability)
  return {
    ...{ policy: { ...policy, ...more }, canSource: can, canTarget: can },
    ...{ targetConfig: noSettings, mirrors: false, now },
  }
}

/** A secret whose versions are in these states, the last one current. */
function source(...states: readonly ('active' | 'deactivated' | 'deleted')[]): SourceFacts {
  const versions = states.map((state, at) => ({
    ...{ version: (at + 1) as never, createdAt: now, destroyed: state === 'deleted' },
    ...(state === 'deactivated' ? { deactivatedAt: now } : {}),
  }))
  const metadata = {
    ...{ createdAt: now, updatedAt: now, currentVersion: states.length, oldestVersion: 0 },
    ...{ settings: noSettings, customMetadata: [], versions },
  }
  const older = new Map(states.slice(0, -1).map((_, at) => [at + 1, small]))
  const current = states.at(-1) === 'active' ? small : 'inactive'
  return { path: path('a'), metadata, currentVersion: states.length, current, older }
}

const other: TargetFacts = { currentVersion: 4, data: 'different' }
const same: TargetFacts = { currentVersion: 4, data: 'same' }

describe('what happens to a secret', () => {
  const one = source('active')
  test.each([
    ['nothing is there', undefined, rules(), 'create', 0],
    ['the same is there', same, rules(), 'identical', 4],
    ['something else is there', other, rules(), 'conflict', 0],
    ['it becomes a version', other, rules({ conflicts: 'newVersion' }), 'newVersion', 4],
    ['only settings are there', { ...other, currentVersion: 0 }, rules(), 'create', 0],
    ['there is one value', other, rules({ conflicts: 'newVersion' }, ['versions']), 'conflict', 0],
    ['nothing guards', other, rules({ conflicts: 'newVersion' }, ['cas']), 'conflict', 0],
  ] as const)('%s', (_, target, how, action, base) => {
    expect(planSecret(one, one.path, target, how)).toMatchObject({ action, base })
  })

  test.each([
    ['forbidden', 'notAllowed'],
    ['corrupt', 'unreadable'],
    ['inactive', 'inactive'],
    [{ ...small, bytes: 1_048_577 }, 'tooLarge'],
    [{ ...small, bytes: 1_048_576 }, 'create'],
    ['unread', 'create'],
  ] as const)('its value is %j', (current, action) => {
    expect(planSecret({ ...one, current }, one.path, undefined, rules()).action).toBe(action)
  })

  test.each([
    [{ ...small, bytes: 65_537 }, 'anyName', 'tooLarge', undefined],
    [{ ...small, bytes: 65_536 }, 'anyName', 'create', undefined],
    [{ ...small, isEmpty: true }, 'emptyData', 'notExpressible', 'emptyData'],
    [{ ...small, hasEmptyKey: true }, 'anyName', 'notExpressible', 'emptyKey'],
    [{ ...small, hasWideNumber: true }, 'exactText', 'notExpressible', 'numbers'],
  ] as const)('its value is %j, and the target has no %s', (current, without, action, reason) => {
    const item = planSecret({ ...one, current }, one.path, undefined, rules({}, [without]))
    expect(item.action).toBe(action)
    expect(item.reason).toBe(reason)
  })
})

describe('which versions are carried', () => {
  test('those that can be read, in order, and what stays behind is counted', () => {
    const many = source('active', 'deactivated', 'deleted', 'active')
    const all = planSecret(many, many.path, undefined, rules())
    expect(all).toMatchObject({ carried: [1, 4], leftBehind: 1, bytes: 20 })
    const latest = planSecret(many, many.path, undefined, rules({ versions: 'latest' }))
    expect(latest).toMatchObject({ carried: [4], leftBehind: 2, bytes: 10 })
    const plain = planSecret(many, many.path, undefined, rules({}, ['versions']))
    expect(plain.carried).toEqual([4])
  })

  test('not more than the target keeps, nor so many that what it has would go', () => {
    const many = source(...Array.from({ length: 12 }, () => 'active' as const))
    expect(planSecret(many, many.path, undefined, rules()).carried).toHaveLength(10)
    const next = planSecret(many, many.path, other, rules({ conflicts: 'newVersion' }))
    expect(next.carried).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12])
    const config = { ...noSettings, maxVersions: 1 }
    const tight = { ...rules({ conflicts: 'newVersion' }), targetConfig: config }
    expect(planSecret(many, many.path, other, tight).carried).toEqual([12])
  })

  test('an older version that the target does not take stays behind', () => {
    const many = {
      ...source('active', 'active'),
      older: new Map([[1, { ...small, isEmpty: true }]]),
    }
    const item = planSecret(many, many.path, undefined, rules({}, ['emptyData']))
    expect(item).toMatchObject({ carried: [2], leftBehind: 1 })
  })
})

test('a secret goes below the target folder, and beside what is there', () => {
  expect(targetPath(path('a/b/c'), 'a', 'x/y')).toBe('x/y/b/c')
  expect(targetPath(path('a/b'), '', '')).toBe('a/b')
  expect(targetPath(path('a/b'), 'a', '')).toBe('b')
  expect(targetPath(path('a'.repeat(1000)), '', 'b'.repeat(23))).toHaveLength(1024)
  expect(targetPath(path('a'.repeat(1000)), '', 'b'.repeat(24))).toBeUndefined()
  expect([...besides(path('x/a'))].slice(0, 3)).toEqual(['x/a-copy', 'x/a-copy-2', 'x/a-copy-3'])
  expect([...besides(path('a'.repeat(1019)))]).toHaveLength(1)
  expect([...besides(path('a'.repeat(1020)))]).toEqual([])
})

test('a report counts all, and names first what needs a person', () => {
  const one = source('active')
  const create = planSecret(one, one.path, undefined, rules())
  const conflict = planSecret(one, one.path, other, rules())
  const items = [...Array.from({ length: maxCopyRows }, () => create), conflict]
  const report = reportOfPlan(items, rules())
  expect(report.counts).toMatchObject({ create: maxCopyRows, conflict: 1 })
  expect(report).toMatchObject({ bytes: 10 * maxCopyRows, versions: maxCopyRows })
  expect(report.rows).toHaveLength(maxCopyRows)
  expect(report.rows[0]?.action).toBe('conflict')
  expect(isActed(create, policy)).toBe(true)
  expect(isActed(conflict, policy)).toBe(false)
  expect(CopyPolicy.parse(policy)).toEqual(policy)
})
