import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DomainId } from '../../src-main/contract/domain'
import type { EpochMs } from '../../src-main/contract/model'
import {
  dueWarning,
  expiryThresholds,
  newWarnings,
  rememberWarnings,
  type GivenWarning,
} from '../../src-main/kv/expiry-rules'

const dayMs = 86_400_000
const id = DomainId.parse('00000000-0000-4000-8000-000000000001')
const other = DomainId.parse('00000000-0000-4000-8000-000000000002')
const end = 1_800_000_000_000 as EpochMs
const before = (days: number, ms = 0) => (end - days * dayMs + ms) as EpochMs

test.each([
  ['31 days before', before(31), undefined],
  ['a millisecond more than 30 days before', before(30, -1), undefined],
  ['30 days before', before(30), 30],
  ['8 days before', before(8), 30],
  ['7 days before', before(7), 7],
  ['a day and a millisecond before', before(1, -1), 7],
  ['a day before', before(1), 1],
  ['a millisecond before', before(0, -1), 1],
  ['at the end', end, 0],
  ['a year after', before(-365), 0],
])('%s', (_, now, due) => {
  expect(dueWarning(end, now)).toBe(due)
})

test('of several thresholds that passed while nobody looked the strongest alone is told', () => {
  expect(newWarnings([{ id, endsAt: end }], [], before(0.5))).toEqual([
    { id, endsAt: end, withinDays: 1 },
  ])
})

test('a renewed certificate is warned of anew, and another domain by itself', () => {
  const given: GivenWarning[] = [{ id, endsAt: before(365), withinDays: 0 }]
  const all = [
    { id, endsAt: end },
    { id: other, endsAt: end },
  ]
  expect(newWarnings(all, given, before(6)).map((one) => one.id)).toEqual([id, other])
})

test('a clock that was set back brings no warning again', () => {
  const given: GivenWarning[] = [{ id, endsAt: end, withinDays: 1 }]
  expect(newWarnings([{ id, endsAt: end }], given, before(20))).toEqual([])
})

test('however often it is looked, each threshold is told once at most, and they rise', () => {
  const moments = fc.array(fc.integer({ min: -5, max: 60 }), { maxLength: 40 })
  fc.assert(
    fc.property(moments, (days) => {
      let given: GivenWarning[] = []
      const told: number[] = []
      for (const left of days.sort((a, b) => b - a)) {
        const added = newWarnings([{ id, endsAt: end }], given, before(left))
        told.push(...added.map(({ withinDays }) => withinDays))
        given = rememberWarnings(given, added, 3)
      }
      expect(new Set(told).size).toBe(told.length)
      expect(told).toEqual([...told].sort((a, b) => b - a))
      expect(told.every((one) => expiryThresholds.some((days) => days === one))).toBe(true)
    }),
  )
})

test('the oldest are forgotten where there are too many', () => {
  const one = (of: DomainId, withinDays: 30 | 7): GivenWarning => ({
    id: of,
    endsAt: end,
    withinDays,
  })
  expect(rememberWarnings([one(id, 30), one(other, 30)], [one(id, 7)], 5)).toEqual([
    one(other, 30),
    one(id, 7),
  ])
  expect(rememberWarnings([one(id, 30)], [one(other, 30)], 1)).toEqual([one(other, 30)])
})
