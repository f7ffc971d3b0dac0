import { describe, expect, test, vi } from 'vitest'
import { LockSequence, draftGraceMs } from '../../src-main/shell/lock-sequence'
import { FakeTime, settled } from './fake-timers'

function newSequence(
  overrides: { clearClipboard?: () => Promise<void>; lockAll?: () => void } = {},
) {
  const time = new FakeTime()
  const steps: string[] = []
  const state = { isInUse: true }
  const report = vi.fn()
  const sequence = new LockSequence({
    isInUse: () => state.isInUse,
    lockAll: () => {
      steps.push('keys wiped')
      overrides.lockAll?.()
      state.isInUse = false
    },
    clearClipboard: () => {
      steps.push('clipboard cleared')
      return overrides.clearClipboard?.() ?? Promise.resolve()
    },
    replaceWindow: () => void steps.push('window replaced'),
    emit: ({ name }) => void steps.push(name),
    timers: time,
    report,
  })
  return { sequence, time, steps, state, report }
}

const whole = ['lock.pending', 'keys wiped', 'clipboard cleared', 'window replaced']

describe('a lock', () => {
  test('asks for the draft, and goes on without it after the grace', async () => {
    const { sequence, time, steps } = newSequence()
    const locked = sequence.run()
    await time.advance(draftGraceMs - 1)
    expect(steps).toEqual(['lock.pending'])
    await time.advance(1)
    await locked
    expect(steps).toEqual(whole)
  })

  test('goes on as soon as the draft is kept', async () => {
    const { sequence, time, steps } = newSequence()
    const locked = sequence.run()
    sequence.draftKept()
    await locked
    expect(steps).toEqual(whole)
    expect(time.running).toBe(0)
  })

  test('that is asked for twice happens once', async () => {
    const { sequence, time, steps } = newSequence()
    const both = Promise.all([sequence.run(), sequence.run()])
    await time.advance(draftGraceMs)
    await both
    expect(steps).toEqual(whole)
  })

  test('can follow another', async () => {
    const { sequence, time, steps, state } = newSequence()
    const first = sequence.run()
    await time.advance(draftGraceMs)
    await first
    state.isInUse = true
    const second = sequence.run()
    await time.advance(draftGraceMs)
    await second
    expect(steps).toEqual([...whole, ...whole])
  })

  test('with nothing unlocked clears the clipboard and leaves the window', async () => {
    const { sequence, steps, state } = newSequence()
    state.isInUse = false
    await sequence.run()
    expect(steps).toEqual(['clipboard cleared'])
  })

  test('at the end of the app replaces no window', async () => {
    const { sequence, time, steps } = newSequence()
    const locked = sequence.run({ replacesWindow: false })
    await time.advance(draftGraceMs)
    await locked
    expect(steps).toEqual(whole.slice(0, 3))
  })
})

describe('a lock is not held up', () => {
  test('by a clipboard that never answers', async () => {
    const { sequence, time, steps } = newSequence({ clearClipboard: () => new Promise(() => {}) })
    void sequence.run()
    await time.advance(draftGraceMs)
    await settled()
    expect(steps).toEqual(whole)
  })

  test('by a clipboard that fails', async () => {
    const { sequence, time, steps, report } = newSequence({
      clearClipboard: () => Promise.reject(new Error('refused')),
    })
    const locked = sequence.run()
    await time.advance(draftGraceMs)
    await locked
    expect(steps).toEqual(whole)
    expect(report).toHaveBeenCalledOnce()
  })

  test('by a vault that fails to lock', async () => {
    const { sequence, time, steps, report } = newSequence({
      lockAll: () => {
        throw new Error('disk')
      },
    })
    const locked = sequence.run()
    await time.advance(draftGraceMs)
    await locked
    expect(steps).toEqual(whole)
    expect(report).toHaveBeenCalledOnce()
  })
})
