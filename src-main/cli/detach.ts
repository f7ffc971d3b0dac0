import { spawn } from 'node:child_process'
import { CoffretError, isFailureCode } from '../contract/errors'
import type { ListenerStatus } from '../kv/listener'

/** What the program in the background says once, to the one that started it. */
type Report =
  | { readonly kind: 'ready'; readonly status: ListenerStatus }
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string }

/** The one thing that it is told: through a pipe, since arguments and environment can be read by others. */
interface Order {
  readonly passphrase: Uint8Array
}

/**
 * Starts this program once more, in the background and in a session of its own.
 * @param passphrase is handed over and wiped
 * @returns its process id, once it accepts connections
 * @throws CoffretError what it failed with
 */
export async function startDetached(
  program: string,
  options: readonly string[],
  passphrase: Uint8Array,
): Promise<{ readonly pid: number; readonly status: ListenerStatus }> {
  const child = spawn(process.execPath, [program, 'serve', ...options, '--detached'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  })
  try {
    const report = await new Promise<Report>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) =>
        reject(new CoffretError('internal', `it ended at once (${signal ?? code})`)),
      )
      child.once('message', (message) => resolve(message as Report))
      child.send({ passphrase } satisfies Order, () => passphrase.fill(0))
    })
    if (report.kind === 'failed') throw failureOf(report)
    return { pid: child.pid ?? 0, status: report.status }
  } finally {
    passphrase.fill(0)
    if (child.connected) child.disconnect()
    child.unref()
  }
}

function failureOf({ code, message }: Extract<Report, { kind: 'failed' }>): CoffretError {
  return new CoffretError(isFailureCode(code) ? code : 'internal', message)
}

/** The side of the program in the background. */
export class DetachedSide {
  readonly #order: Promise<Order>

  constructor() {
    if (process.send === undefined) {
      throw new CoffretError('invalid', '--detached is for the program itself: use --detach')
    }
    this.#order = new Promise((resolve, reject) => {
      process.once('message', (message) => resolve(message as Order))
      process.once('disconnect', () =>
        reject(new CoffretError('cancelled', 'the program that started this one is gone')),
      )
    })
  }

  /** @throws CoffretError `cancelled` */
  async passphrase(): Promise<Uint8Array> {
    return (await this.#order).passphrase
  }

  ready(status: ListenerStatus): Promise<void> {
    return this.#say({ kind: 'ready', status })
  }

  failed(error: unknown): Promise<void> {
    const { code, message } = error as Error & { code?: string }
    return this.#say({ kind: 'failed', code, message })
  }

  #say(report: Report): Promise<void> {
    return new Promise((resolve) => {
      if (process.send === undefined || !process.connected) return resolve()
      process.send(report, undefined, {}, () => {
        if (process.connected) process.disconnect()
        resolve()
      })
    })
  }
}
