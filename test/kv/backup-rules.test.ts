import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../../src-main/contract/model'
import { isBackupDue, keptBackups } from '../../src-main/kv/backup-rules'

const hour = 3_600_000
const day = 24 * hour
/** A Monday, 00:00 UTC. */
const monday = Date.UTC(2026, 10, 16)
const at = (ms: number) => ms as EpochMs

const times = fc
  .uniqueArray(fc.integer({ min: 0, max: 400 * day }), { maxLength: 120 })
  .map((list) => list.map((ms) => at(monday + ms)))
const policies = fc.record({
  last: fc.integer({ min: 0, max: 12 }),
  daily: fc.integer({ min: 0, max: 9 }),
  weekly: fc.integer({ min: 0, max: 6 }),
})
const nows = fc.integer({ min: -10 * day, max: 500 * day }).map((ms) => at(monday + ms))

describe('which backups are kept', () => {
  test('the last ones, the latest of each day, and the latest of each week', () => {
    const list = [0, 1, 7, 8, 9].flatMap((n) => [
      at(monday + n * day + hour),
      at(monday + n * day + 2 * hour),
    ])
    const kept = keptBackups(list, { last: 2, daily: 3, weekly: 5 }, at(monday + 30 * day))
    expect([...kept].map(([time, reasons]) => [(time - monday) / hour, reasons])).toEqual([
      [218, ['last', 'daily', 'weekly']],
      [217, ['last']],
      [194, ['daily']],
      [170, ['daily']],
      [26, ['weekly']],
    ])
  })

  test('a week ends with its Sunday, by UTC', () => {
    const list = [at(monday - 1), at(monday), at(monday + 7 * day - 1)]
    const kept = keptBackups(list, { last: 1, daily: 0, weekly: 9 }, at(monday + 8 * day))
    expect([...kept.keys()]).toEqual([list[2], list[0]])
  })

  test('never without the newest, whatever the policy', () => {
    fc.assert(
      fc.property(times, policies, (list, policy) => {
        fc.pre(list.length > 0)
        const newest = at(Math.max(...list))
        expect(keptBackups(list, policy, newest).has(newest)).toBe(true)
      }),
    )
  })

  test('never more than the policy says, and nothing that is not there', () => {
    fc.assert(
      fc.property(times, policies, nows, (list, policy, now) => {
        const kept = [...keptBackups(list, policy, now).keys()]
        const most = Math.max(1, policy.last) + policy.daily + policy.weekly
        expect(kept.length).toBeLessThanOrEqual(most)
        expect(kept.every((time) => list.includes(time))).toBe(true)
      }),
    )
  })

  test('what is kept is kept again, for the same reasons', () => {
    fc.assert(
      fc.property(times, policies, nows, (list, policy, now) => {
        const kept = keptBackups(list, policy, now)
        expect(keptBackups([...kept.keys()], policy, now)).toEqual(kept)
      }),
    )
  })

  test('rotating after each backup keeps what rotating once at the end does', () => {
    fc.assert(
      fc.property(times, policies, (list, policy) => {
        const inOrder = [...list].sort((a, b) => a - b)
        let left: EpochMs[] = []
        for (const time of inOrder) left = [...keptBackups([...left, time], policy, time).keys()]
        const now = inOrder.at(-1) ?? at(monday)
        expect(left).toEqual([...keptBackups(inOrder, policy, now).keys()])
      }),
    )
  })

  test('a backup made after the clock was put back is not the first to go', () => {
    const future = Array.from({ length: 30 }, (_, n) => at(monday + 100 * day + n * hour))
    const now = at(monday + hour)
    const kept = keptBackups([...future, now], { last: 3, daily: 1, weekly: 1 }, now)
    expect([...kept.keys()][0]).toBe(now)
  })
})

describe('when one is due', () => {
  const now = at(monday + day)
  const occasion = {
    isChanged: true,
    when: 'open',
    triedAt: undefined,
    everyMinutes: 30,
    now,
  } as const

  test.each([
    ['after the first write since unlocking', {}, true],
    ['not when nothing changed', { isChanged: false }, false],
    ['not on locking either when nothing changed', { isChanged: false, when: 'lock' }, false],
    ['not before the time is over', { triedAt: at(now - 30 * 60_000 + 1) }, false],
    ['once the time is over', { triedAt: at(now - 30 * 60_000) }, true],
    ['on locking, however soon', { triedAt: at(now - 1), when: 'lock' }, true],
    ['when the clock was put back', { triedAt: at(now + 1) }, true],
  ] as const)('%s', (_, change, due) => {
    expect(isBackupDue({ ...occasion, ...change })).toBe(due)
  })
})
