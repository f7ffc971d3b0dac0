import { expect, test } from 'vitest'
import type { EpochMs } from '../../src-main/contract/model'
import { shellText } from '../../src-renderer/state/browser-import.svelte'
import { endingOf, nearnessOf } from '../../src-renderer/state/kept-certificates.svelte'

const day = 24 * 60 * 60 * 1000

test.each([
  [31 * day, 'far'],
  [30 * day + 1, 'far'],
  [30 * day, 'month'],
  [7 * day + 1, 'month'],
  [7 * day, 'week'],
  [day + 1, 'week'],
  [day, 'day'],
  [1, 'day'],
  [0, 'ended'],
  [-day, 'ended'],
])('with %d ms left the end is %s', (left, nearness) => {
  const now = 1_800_000_000_000
  expect(nearnessOf({ validTo: (now + left) as EpochMs }, now)).toBe(nearness)
})

test('what ends within a month, and what has ended, are counted apart', () => {
  const now = 1_800_000_000_000
  const ends = [31 * day, 30 * day, 1, 0, -day].map((left) => ({
    validTo: (now + left) as EpochMs,
  }))
  expect(endingOf(ends, now)).toEqual({ soon: 2, ended: 2 })
  expect(endingOf([], now)).toEqual({ soon: 0, ended: 0 })
})

test('a command is quoted as a shell needs it', () => {
  const command = ['pk12util', '-d', 'sql:/home/a b/.mozilla', '-i', "it's.p12"]
  expect(shellText(command)).toBe(`pk12util -d 'sql:/home/a b/.mozilla' -i 'it'\\''s.p12'`)
})
