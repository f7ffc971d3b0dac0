import { Worker } from 'node:worker_threads'
import { CoffretError, isFailureCode } from '../../contract/errors'
import type { FolderPath, MountName } from '../../contract/model'
import type { Progress } from '../../contract/search'
import type { SearchRequest } from '../../kv/search-request'
import type { Environment, JobOptions } from '../jobs/jobs'
import {
  closedError,
  openIndex,
  type SearchOrder,
  type SearchRunner,
  type SearchSession,
} from './search-session'

/** What an index answers. */
type SearchQuestion =
  | { readonly name: 'build' }
  | { readonly name: 'query'; readonly request: SearchRequest }
  | { readonly name: 'folders'; readonly mount: MountName; readonly limit: number }
  | { readonly name: 'countBelow'; readonly mount: MountName; readonly folder: FolderPath }

/** What the thread of a search index is told. */
export type SearchMessage =
  | { readonly kind: 'ask'; readonly id: number; readonly question: SearchQuestion }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close' }

/** What is handed to the thread of a search index. */
export interface SearchStart {
  readonly kind: 'search'
  readonly order: SearchOrder
  /** The built `search-worker`. */
  readonly program: string
  /** One 32-bit number: whether the thread has the file open. */
  readonly state: SharedArrayBuffer
}

/** What {@link SearchStart.state} says. */
const fileStates = { unopened: 0, open: 1, closed: 2 } as const

/** How long closing waits for the thread: it looks up every few milliseconds. */
const closingMs = 250

/** What it says. The progress of number 0 is that of the index. */
export type SearchReply =
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | {
      readonly kind: 'failed'
      readonly id: number
      readonly code: string | undefined
      readonly message: string
    }

/** Somebody who waits for a reply. */
interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  readonly onProgress: (progress: Progress) => void
}

/** What is opened and thrown away while the index is built shall not stay: more makes it no faster. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 }

/**
 * Keeps each search index in a thread of its own, so that this one is never blocked, and locking gives
 * all of its memory back. Its keys lie in memory that both threads see: closing overwrites them at once,
 * whatever the thread is doing. The thread is never terminated: where that hits it inside the driver of
 * the file, the driver ends the whole process.
 * @param program the built `search-worker`
 */
export function searchThreads(program: string): SearchRunner {
  return (order, onProgress) => new ThreadedSearch(program, order, onProgress)
}

class ThreadedSearch implements SearchSession {
  readonly #worker: Worker
  readonly #keys: Uint8Array[]
  readonly #state = new SharedArrayBuffer(4)
  readonly #waiting = new Map<number, Waiting>()
  #last = 0
  #isClosed = false

  constructor(program: string, order: SearchOrder, onProgress: (progress: Progress) => void) {
    const { record, name, header } = order.keys
    const keys = { record: shared(record), name: shared(name), header: shared(header) }
    this.#keys = Object.values(keys)
    const workerData: SearchStart = {
      ...{ kind: 'search', program, state: this.#state },
      order: { ...order, keys },
    }
    this.#worker = new Worker(program, { workerData, resourceLimits })
    // A vault that is only searched keeps no program alive.
    this.#worker.unref()
    this.#worker.on('message', (reply: SearchReply) => this.#hear(reply, onProgress))
    this.#worker.on('error', (error) => this.#end(error))
    this.#worker.on('exit', () => this.#end(new CoffretError('storage', 'the search ended')))
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  build() {
    return this.#ask({ name: 'build' }) as ReturnType<SearchSession['build']>
  }

  query(request: SearchRequest, options?: JobOptions) {
    const answer = this.#ask({ name: 'query', request }, options)
    return answer as ReturnType<SearchSession['query']>
  }

  folders(mount: MountName, limit: number) {
    return this.#ask({ name: 'folders', mount, limit }) as ReturnType<SearchSession['folders']>
  }

  countBelow(mount: MountName, folder: FolderPath) {
    const answer = this.#ask({ name: 'countBelow', mount, folder })
    return answer as ReturnType<SearchSession['countBelow']>
  }

  close(): void {
    if (this.#isClosed) return
    this.#end(closedError())
    this.#post({ kind: 'close' })
    // Whoever quits or deletes the file next must not meet a thread that still works on it.
    Atomics.wait(new Int32Array(this.#state), 0, fileStates.open, closingMs)
  }

  async #ask(question: SearchQuestion, options: JobOptions = {}): Promise<unknown> {
    if (this.#isClosed) throw closedError()
    const { onProgress = () => undefined, signal } = options
    if (signal?.aborted === true) throw new CoffretError('cancelled', 'the search was cancelled')
    const id = (this.#last += 1)
    const cancel = () => this.#post({ kind: 'cancel', id })
    signal?.addEventListener('abort', cancel)
    this.#worker.ref()
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject, onProgress })
        this.#post({ kind: 'ask', id, question })
      })
    } finally {
      signal?.removeEventListener('abort', cancel)
      this.#waiting.delete(id)
      if (this.#waiting.size === 0) this.#worker.unref()
    }
  }

  #post(message: SearchMessage): void {
    this.#worker.postMessage(message)
  }

  #hear(reply: SearchReply, onProgress: (progress: Progress) => void): void {
    const waiting = this.#waiting.get(reply.id)
    if (reply.kind === 'progress') (waiting?.onProgress ?? onProgress)(reply.progress)
    else if (reply.kind === 'done') waiting?.resolve(reply.result)
    else waiting?.reject(failureOf(reply))
  }

  #end(error: unknown): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const key of this.#keys) key.fill(0)
    for (const { reject } of this.#waiting.values()) reject(error)
  }
}

/**
 * The other end: answers what it is asked, in the thread of an index.
 * @returns what takes the messages
 */
export function serveSearch(
  { order, state, program }: SearchStart,
  environment: Environment,
  say: (reply: SearchReply) => void,
): (message: SearchMessage) => Promise<void> {
  const cancels = new Map<number, AbortController>()
  const onProgress = (progress: Progress) => say({ kind: 'progress', id: 0, progress })
  let opened: ReturnType<typeof openIndex> | undefined
  const run = (id: number, question: SearchQuestion, signal: AbortSignal): Promise<unknown> => {
    opened ??= openIndex(order, environment, onProgress, program)
    tell(state, fileStates.open)
    const { index } = opened
    if (question.name === 'build') return index.build()
    if (question.name === 'folders') return index.folders(question.mount, question.limit)
    if (question.name === 'countBelow') return index.countBelow(question.mount, question.folder)
    const tellProgress = (progress: Progress) => say({ kind: 'progress', id, progress })
    return index.query(question.request, { signal, onProgress: tellProgress })
  }
  return async (message) => {
    if (message.kind === 'close') {
      opened?.close()
      return tell(state, fileStates.closed)
    }
    const { id } = message
    if (message.kind === 'cancel') return cancels.get(id)?.abort()
    const cancel = new AbortController()
    cancels.set(id, cancel)
    try {
      say({ kind: 'done', id, result: await run(id, message.question, cancel.signal) })
    } catch (error) {
      const { code, message: text } = error as Error & { code?: string }
      say({ kind: 'failed', id, code, message: text })
    } finally {
      cancels.delete(id)
    }
  }
}

function tell(state: SharedArrayBuffer, value: number): void {
  const cell = new Int32Array(state)
  Atomics.store(cell, 0, value)
  Atomics.notify(cell, 0)
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  bytes.fill(0)
  return copy
}

function failureOf({ code, message }: Extract<SearchReply, { kind: 'failed' }>): Error {
  return isFailureCode(code) ? new CoffretError(code, message) : new Error(message)
}
