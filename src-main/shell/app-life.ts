import { app, powerMonitor } from 'electron'
import { idleCheckMs, type IdleLock } from './idle-lock'
import type { LockSequence } from './lock-sequence'
import { report } from './report'
import type { Timers } from './timers'

/** Locks when the computer sleeps, its screen locks or its session ends, and when nobody uses the app. */
export function lockWithSystem(lock: LockSequence, idle: IdleLock, timers: Timers): void {
  const lockNow = () => void lock.run()
  powerMonitor.on('suspend', lockNow)
  powerMonitor.on('shutdown', lockNow)
  powerMonitor.on('lock-screen', lockNow)
  powerMonitor.on('user-did-resign-active', lockNow)
  // Before anything is painted: the clock has gone on while the timers stood still.
  powerMonitor.on('resume', () => idle.check())
  timers.every(idleCheckMs, () => idle.check())
}

/** Ends only after the last work is done, which may take more than a moment: a clipboard is asynchronous. */
export function endCleanly(lastWork: () => Promise<void>): void {
  let isDone = false
  app.on('will-quit', (event) => {
    if (isDone) return
    event.preventDefault()
    lastWork()
      .catch((error: unknown) => report('end', error))
      .finally(() => {
        isDone = true
        app.quit()
      })
  })
}

/** After this nothing can be relied on: the keys go with the process. */
export function giveUp(where: string, error: unknown): void {
  report(where, error)
  app.exit(1)
}
