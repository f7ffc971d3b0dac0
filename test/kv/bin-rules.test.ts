import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../../src-main/contract/model'
import { binEnd, binLifeMs, binnedAt, isBinEnded } from '../../src-main/kv/bin-rules'

const at = (ms: number) => ms as EpochMs
const times = fc.integer({ min: 0, max: 8_640_000_000_000_000 - binLifeMs }).map(at)
const day = 86_400_000

describe('a secret in the bin', () => {
  test.each([
    [0, false],
    [29 * day, false],
    [30 * day - 1, false],
    // `<=`: with a clock in milliseconds, what ends now has ended.
    [30 * day, true],
    [31 * day, true],
    // A clock that was set back keeps it.
    [-365 * day, false],
  ])('%d ms after it was deleted has ended: %s', (passed, ended) => {
    const deleted = at(1_700_000_000_000)
    expect(isBinEnded(deleted, at(deleted + passed))).toBe(ended)
  })

  test('stays for 30 days after its last write at least, whatever the clock said when it was deleted', () => {
    fc.assert(
      fc.property(times, times, times, times, (updatedAt, movedAt, deletedAt, now) => {
        const binned = binnedAt({ updatedAt, movedAt }, deletedAt)
        expect(binned).toBe(Math.max(updatedAt, movedAt, deletedAt))
        expect(binnedAt({ updatedAt }, deletedAt)).toBe(Math.max(updatedAt, deletedAt))
        if (isBinEnded(binned, now)) expect(now - updatedAt).toBeGreaterThanOrEqual(binLifeMs)
        expect(isBinEnded(binned, now)).toBe(now >= binEnd(binned))
      }),
    )
  })

  test('that has ended stays so, and what was deleted before it has ended too', () => {
    fc.assert(
      fc.property(times, times, fc.nat(), fc.nat(), (deleted, now, later, earlier) => {
        if (!isBinEnded(deleted, now)) return
        expect(isBinEnded(deleted, at(now + later))).toBe(true)
        expect(isBinEnded(at(deleted - earlier), now)).toBe(true)
      }),
    )
  })
})
