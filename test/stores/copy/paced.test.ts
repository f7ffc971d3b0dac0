import { expect, test } from 'vitest'
import { paced } from '../../../src-main/stores/copy/paced'
import { StandingClock } from '../../vault/new-vault'

test('progress is told ten times a second at most, and its end always', () => {
  const clock = new StandingClock(5_000)
  const told: number[] = []
  const tell = paced(clock, 100, ({ done }) => told.push(done))
  tell({ done: 1, total: 9 })
  clock.advance(99)
  tell({ done: 2, total: 9 })
  clock.advance(1)
  tell({ done: 3, total: 9 })
  // A clock that was set back does not silence it.
  clock.advance(-4_000)
  tell({ done: 4, total: 9 })
  tell({ done: 5, total: 9 })
  tell({ done: 9, total: 9 })
  expect(told).toEqual([1, 3, 4, 9])
})
