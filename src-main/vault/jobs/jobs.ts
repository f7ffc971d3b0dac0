import type { VaultId } from '../../contract/model'
import { CoffretError } from '../../contract/errors'
import type { Progress } from '../../contract/search'
import { SecretKey } from '../../crypto/secret-key'
import type { Clock, RandomBytes } from '../../env'
import { Continuity, type ContinuityOrder } from '../continuity'
import { Database } from '../database'
import { vaultJobs } from './job-table'
import { progressOf } from './progress'
import { UnlockedVault, wipeKeys } from '../unlocked-vault'

/** How far a job is. `total` is 0 while it is not known. */
export type JobProgress = Progress

/** What the one who waits for a job hands in. */
export interface JobOptions {
  /** Called at most every 50 ms, and once at the end. */
  readonly onProgress?: (progress: JobProgress) => void
  /** Ends the job with `cancelled` at its next step. */
  readonly signal?: AbortSignal
}

/** The time and the random source of the thread. */
export interface Environment {
  readonly clock: Clock
  readonly random: RandomBytes
}

/** What a job works on: its own connection to the file, and its own copy of the keys. */
export interface JobContext extends Environment {
  readonly vault: UnlockedVault
  readonly database: Database
  /** Tells how far the job is; cheap enough for every item. */
  readonly report: (done: number, total: number) => void
  /** To be called for every item. @throws CoffretError `cancelled` */
  readonly checkCancelled: () => void
}

/**
 * Long work on an unlocked vault, synchronous, in whatever thread. While it holds a transaction nobody
 * else can write, so it reads in slices of a few milliseconds.
 */
export type Job<I, O> = (context: JobContext, input: I) => O

/** The name of a job. */
export type JobName = keyof typeof vaultJobs

/** What a job takes and gives: both can be sent to another thread. */
export type JobInput<N extends JobName> = Parameters<(typeof vaultJobs)[N]>[1]
export type JobOutput<N extends JobName> = ReturnType<(typeof vaultJobs)[N]>

/** A job as it is sent to another thread. */
export interface JobOrder {
  readonly job: JobName
  readonly file: string
  readonly vaultId: VaultId
  readonly busyTimeoutMs: number
  /** Copies of the keys; whoever runs the job wipes them. */
  readonly keys: { readonly [K in 'record' | 'name' | 'header']: Uint8Array }
  readonly input: unknown
  /** In whose name it writes to the vault's own file; absent for other files, and when nobody remembers. */
  readonly continuity?: ContinuityOrder
}

/** Runs jobs: in this thread, or in one of its own. @throws CoffretError also `cancelled` */
export type JobRunner = (order: JobOrder, options: JobOptions) => Promise<unknown>

/** What a job tells while it runs. */
export interface JobWatch {
  readonly onProgress: (progress: JobProgress) => void
  readonly isCancelled: () => boolean
}

/** Runs a job in this thread, from its opening of the file to the wiping of its keys. */
export function performJob(order: JobOrder, watch: JobWatch, environment: Environment): unknown {
  const keys = {
    record: new SecretKey(order.keys.record),
    name: new SecretKey(order.keys.name),
    header: new SecretKey(order.keys.header),
  }
  let database: Database | undefined
  try {
    database = Database.openAgain(order.file, order.busyTimeoutMs)
    const { vaultId } = order
    const held = order.continuity && {
      continuity: Continuity.ordered(vaultId, database.identity, order.continuity),
    }
    const vault = UnlockedVault.enter(database, vaultId, keys, { ...environment, ...held })
    const { report, flush } = progressOf(watch, environment.clock)
    const checkCancelled = () => {
      if (watch.isCancelled()) throw new CoffretError('cancelled', `${order.job} was cancelled`)
    }
    const job = vaultJobs[order.job] as Job<unknown, unknown>
    const context = { ...environment, vault, database, report, checkCancelled }
    checkCancelled()
    const result = job(context, order.input)
    flush()
    return result
  } finally {
    wipeKeys(keys)
    database?.close()
  }
}

/** Runs jobs in the calling thread, which they block: for the command line and tests. */
export function jobsHere(environment: Environment): JobRunner {
  return async (order, { onProgress = () => undefined, signal }) => {
    const watch = { onProgress, isCancelled: () => signal?.aborted ?? false }
    return performJob(order, watch, environment)
  }
}
