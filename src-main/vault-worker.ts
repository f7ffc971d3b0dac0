import { parentPort, workerData } from 'node:worker_threads'
import { systemClock as clock, systemRandom as random } from './env'
import type { JobMessage, JobStart } from './vault/jobs/job-threads'
import { performJob, type JobProgress } from './vault/jobs/jobs'

/** The thread of one job on an unlocked vault. */
const { order, cancelled } = workerData as JobStart
const flag = new Int32Array(cancelled)
const say = (message: JobMessage) => parentPort?.postMessage(message)

try {
  const watch = {
    onProgress: (progress: JobProgress) => say({ kind: 'progress', progress }),
    isCancelled: () => Atomics.load(flag, 0) !== 0,
  }
  const result = performJob(order, watch, { clock, random })
  say({ kind: 'done', result })
} catch (error) {
  const { code, message } = error as Error & { code?: string }
  say({ kind: 'failed', code, message })
}
