import { expect, test } from 'vitest'
import type { EpochMs } from '../../src-main/contract/model'
import { moveTime } from '../../src-main/kv/move-rules'

test.each([
  [undefined, 9, 9],
  [5, 9, 9],
  [5, 5, 6],
  [5, 1, 6],
])('a move after %s, by a clock that says %d, is of %d', (before, now, time) => {
  expect(moveTime(before as EpochMs | undefined, now as EpochMs)).toBe(time)
})
