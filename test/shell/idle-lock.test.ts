import { expect, test, vi } from 'vitest'
import { IdleLock, idleCheckMs } from '../../src-main/shell/idle-lock'
import { FakeTime } from './fake-timers'

const minute = 60_000

function newIdleLock(minutes = 15) {
  const time = new FakeTime()
  const lock = vi.fn()
  const state = { isInUse: true, minutes }
  const idle = new IdleLock({
    clock: time,
    minutesToLock: () => state.minutes,
    isInUse: () => state.isInUse,
    lock,
  })
  time.every(idleCheckMs, () => idle.check())
  return { time, lock, state, idle }
}

test('an app that nobody uses locks after its minutes, once', async () => {
  const { time, lock, state } = newIdleLock()
  await time.advance(15 * minute - 1)
  expect(lock).not.toHaveBeenCalled()
  await time.advance(1)
  expect(lock).toHaveBeenCalledOnce()
  state.isInUse = false
  await time.advance(60 * minute)
  expect(lock).toHaveBeenCalledOnce()
})

test('use begins the time anew', async () => {
  const { time, lock, idle } = newIdleLock()
  await time.advance(14 * minute)
  idle.touch()
  await time.advance(14 * minute)
  expect(lock).not.toHaveBeenCalled()
  await time.advance(1 * minute)
  expect(lock).toHaveBeenCalledOnce()
})

test('0 minutes is never', async () => {
  const { time, lock } = newIdleLock(0)
  await time.advance(48 * 60 * minute)
  expect(lock).not.toHaveBeenCalled()
})

test('a shorter time takes effect at once', async () => {
  const { time, lock, state } = newIdleLock()
  await time.advance(6 * minute)
  state.minutes = 5
  await time.advance(idleCheckMs)
  expect(lock).toHaveBeenCalledOnce()
})

test('the time before unlocking does not count', async () => {
  const { time, lock, state } = newIdleLock()
  state.isInUse = false
  await time.advance(20 * minute)
  state.isInUse = true
  await time.advance(14 * minute)
  expect(lock).not.toHaveBeenCalled()
})

test('ten hours of sleep lock at the first check after it', () => {
  const { time, lock, idle } = newIdleLock()
  time.jump(10 * 60 * minute)
  idle.check()
  expect(lock).toHaveBeenCalledOnce()
})

test('a clock that is set back again and again does not keep it open', async () => {
  const { time, lock } = newIdleLock()
  for (let checks = 0; checks < 15 * 12; checks += 1) {
    time.jump(-2 * idleCheckMs)
    await time.advance(3 * idleCheckMs)
  }
  expect(lock).toHaveBeenCalled()
})
