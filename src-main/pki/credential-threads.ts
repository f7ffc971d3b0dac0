import { Worker } from 'node:worker_threads'
import { CoffretError, type FailureCode, isFailureCode } from '../contract/errors'
import type { CredentialJobName, CredentialJobs, CredentialOrder } from './credential-jobs'

/** What the thread of a job says. */
export type CredentialMessage =
  | { readonly kind: 'done'; readonly result: unknown }
  | {
      readonly kind: 'failed'
      readonly code: string | undefined
      readonly field: string | undefined
      readonly message: string
    }

/** How long a thread may read, in milliseconds. Writing a PKCS#12 file then takes up to one second. */
const longestMs: Readonly<Record<CredentialJobName, number>> = {
  inspect: 5_000,
  makePkcs12: 8_000,
  extractPem: 8_000,
}

/** What a thread may hold, in MiB: files are 16 MiB at most. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 }

/** What may be done with files that nobody has looked into, each time in a thread of its own. */
export type CredentialThreads = {
  readonly [N in CredentialJobName]: (
    input: CredentialJobs[N]['input'],
  ) => Promise<CredentialJobs[N]['output']>
}

function failureOf(message: Extract<CredentialMessage, { kind: 'failed' }>): Error {
  const { code, field } = message
  if (!isFailureCode(code)) return new Error(message.message)
  return new CoffretError(code, message.message, field === undefined ? {} : { field })
}

const refusal = (code: FailureCode, message: string): Error => new CoffretError(code, message)

function run(program: string, order: CredentialOrder): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { workerData: order, resourceLimits })
    let settle = (): void => reject(refusal('unsupported', 'the reading thread ended early'))
    let timer: NodeJS.Timeout | undefined
    // The start of a thread on a busy machine is not the file's fault.
    worker.on('online', () => {
      timer = setTimeout(() => {
        settle = () =>
          reject(refusal('unsupported', 'the files ask for more time than is accepted'))
        void worker.terminate()
      }, longestMs[order.name])
    })
    worker.on('message', (message: CredentialMessage) => {
      if (message.kind === 'done') settle = () => resolve(message.result)
      else settle = () => reject(failureOf(message))
    })
    worker.on('error', (error: Error & { code?: string }) => {
      const isTooLarge = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      settle = () =>
        reject(isTooLarge ? refusal('unsupported', 'the files ask for too much memory') : error)
    })
    worker.on('exit', () => {
      clearTimeout(timer)
      settle()
    })
  })
}

/**
 * Reads files from strangers in threads with limits of time and memory, so that whatever is in them,
 * the app goes on. A private key never leaves its thread unless it is asked for.
 * @param program the built `credential-worker`
 */
export function credentialThreads(program: string): CredentialThreads {
  // What a thread answers is what `performCredentialJob` gives for the same name.
  const job =
    <N extends CredentialJobName>(name: N) =>
    (input: CredentialJobs[N]['input']) =>
      run(program, { name, input } as CredentialOrder) as Promise<CredentialJobs[N]['output']>
  return {
    inspect: job('inspect'),
    makePkcs12: job('makePkcs12'),
    extractPem: job('extractPem'),
  }
}
