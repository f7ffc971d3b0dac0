import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { IdleLock } from '../../src-main/shell/idle-lock'
import type { LockSequence } from '../../src-main/shell/lock-sequence'
import { FakeTime, settled } from './fake-timers'

const powerMonitor = new EventEmitter()
const app = Object.assign(new EventEmitter(), { quit: vi.fn(), exit: vi.fn() })
vi.mock('electron', () => ({ app, powerMonitor }))

beforeEach(() => {
  powerMonitor.removeAllListeners()
  app.removeAllListeners()
  app.quit.mockReset()
})

describe('the app', () => {
  async function watching() {
    const { lockWithSystem } = await import('../../src-main/shell/app-life')
    const lock = { run: vi.fn(async () => undefined) }
    const idle = { check: vi.fn() }
    const time = new FakeTime()
    lockWithSystem(lock as unknown as LockSequence, idle as unknown as IdleLock, time)
    return { lock, idle, time }
  }

  test.each(['suspend', 'shutdown', 'lock-screen', 'user-did-resign-active'])(
    'locks on %s',
    async (event) => {
      const { lock } = await watching()
      powerMonitor.emit(event)
      expect(lock.run).toHaveBeenCalledOnce()
    },
  )

  test('looks at its idle time every five seconds, and at once after sleep', async () => {
    const { idle, time } = await watching()
    await time.advance(10_000)
    expect(idle.check).toHaveBeenCalledTimes(2)
    powerMonitor.emit('resume')
    expect(idle.check).toHaveBeenCalledTimes(3)
  })
})

describe('the end', () => {
  const quitting = () => {
    const event = { preventDefault: vi.fn() }
    app.emit('will-quit', event)
    return event.preventDefault.mock.calls.length > 0
  }

  test.each([
    ['is done', () => Promise.resolve()],
    ['has failed', () => Promise.reject(new Error('refused'))],
  ])('waits until its last work %s, and then comes', async (_, lastWork) => {
    vi.spyOn(console, 'error').mockReturnValue(undefined)
    const { endCleanly } = await import('../../src-main/shell/app-life')
    endCleanly(lastWork)
    expect(quitting()).toBe(true)
    expect(app.quit).not.toHaveBeenCalled()
    await settled()
    expect(app.quit).toHaveBeenCalledOnce()
    expect(quitting()).toBe(false)
  })
})
