import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { KeptVault } from '../workplace'
import type { Target } from './order'

/** What a server is: Node alone, ours, or ours without the audit log. */
export type ServerKind = 'bare' | 'logged' | 'unlogged'

/** What a server is told when it begins; any further message asks for its memory. */
export interface ServerOrder extends KeptVault {
  readonly kind: ServerKind
}

/** What it says. */
export type ServerReport =
  | { readonly kind: 'ready'; readonly target: Target }
  /** Bytes that are resident after a garbage collection. */
  | { readonly kind: 'memory'; readonly resident: number }

/** A server in a process of its own. */
export class BenchServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly target: Target,
  ) {}

  static async start(programs: string, order: ServerOrder): Promise<BenchServer> {
    const program = join(programs, 'api-server.cjs')
    const child = fork(program, [], { execArgv: [...process.execArgv, '--expose-gc'] })
    const report = await reportAfter(child, order)
    if (report.kind !== 'ready') throw new Error('bench: a server did not start')
    return new BenchServer(child, report.target)
  }

  /** What is resident, in bytes. */
  async memory(): Promise<number> {
    const report = await reportAfter(this.child, 'memory')
    if (report.kind !== 'memory') throw new Error('bench: a server does not tell its memory')
    return report.resident
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit')
    this.child.disconnect()
    await ended
  }
}

function reportAfter(child: ChildProcess, message: ServerOrder | 'memory'): Promise<ServerReport> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`bench: a server ended with ${code}`))
    child.once('exit', ended)
    child.once('message', (report) => {
      child.off('exit', ended)
      resolve(report as ServerReport)
    })
    child.send(message)
  })
}
