import { Worker } from 'node:worker_threads'
import { CoffretError, isFailureCode } from '../../contract/errors'
import type { JobOrder, JobProgress, JobRunner } from './jobs'

/** What is handed to the thread of a job. */
export interface JobStart {
  readonly order: JobOrder
  /** One 32-bit flag: not 0 once the job is to end. */
  readonly cancelled: SharedArrayBuffer
}

/** What the thread of a job says. */
export type JobMessage =
  | { readonly kind: 'progress'; readonly progress: JobProgress }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string }

/**
 * Runs each job in a thread of its own, so that this one is never blocked.
 * @param program the built `vault-worker`
 */
export function jobThreads(program: string): JobRunner {
  return (order, options) =>
    new Promise((resolve, reject) => {
      const cancelled = new SharedArrayBuffer(4)
      const start: JobStart = { order, cancelled }
      const { record, name, header } = order.keys
      // The key copies are moved: none of them stays in this thread.
      const transferList = [record, name, header].map(({ buffer }) => buffer as ArrayBuffer)
      const worker = new Worker(program, { workerData: start, transferList })
      const cancel = () => void Atomics.store(new Int32Array(cancelled), 0, 1)
      if (options.signal?.aborted === true) cancel()
      options.signal?.addEventListener('abort', cancel)
      let settle = () => reject(new CoffretError('storage', 'the thread of the job ended early'))
      worker.on('message', (message: JobMessage) => {
        if (message.kind === 'progress') options.onProgress?.(message.progress)
        else if (message.kind === 'done') settle = () => resolve(message.result)
        else settle = () => reject(failureOf(message))
      })
      worker.on('error', (error) => (settle = () => reject(error)))
      // Not before: a process that ends while a thread is within SQLite is aborted.
      worker.on('exit', () => {
        options.signal?.removeEventListener('abort', cancel)
        settle()
      })
    })
}

function failureOf({ code, message }: Extract<JobMessage, { kind: 'failed' }>): Error {
  return isFailureCode(code) ? new CoffretError(code, message) : new Error(message)
}
