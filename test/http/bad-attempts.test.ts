import { expect, test } from 'vitest'
import { BadAttempts } from '../../src-main/http/bad-attempts'
import { StandingClock } from '../vault/new-vault'

test('ten in a minute cost nothing, the next ones up to a second', () => {
  const attempts = new BadAttempts(new StandingClock())
  const waits = Array.from({ length: 40 }, () => attempts.note(1))
  expect(waits.slice(0, 12)).toEqual([...Array<number>(10).fill(0), 100, 200])
  expect(Math.max(...waits)).toBe(1000)
  expect(waits.at(-1)).toBe(1000)
})

test('slow ones cost nothing', () => {
  const clock = new StandingClock()
  const attempts = new BadAttempts(clock)
  for (let n = 0; n < 100; n += 1) {
    expect(attempts.note(1)).toBe(0)
    clock.advance(6_000)
  }
})

test('a clock that is set back makes nobody wait for long', () => {
  const clock = new StandingClock()
  const attempts = new BadAttempts(clock)
  for (let n = 0; n < 40; n += 1) attempts.note(1)
  clock.advance(-3_600_000)
  expect(attempts.note(1)).toBe(0)
})

test('remembers the last users only', () => {
  const attempts = new BadAttempts(new StandingClock())
  for (let n = 0; n < 20; n += 1) attempts.note(1)
  for (let user = 2; user < 65; user += 1) attempts.note(user)
  expect(attempts.note(1)).toBe(1000)
  for (let user = 2; user < 67; user += 1) attempts.note(user)
  expect(attempts.note(1)).toBe(0)
})
