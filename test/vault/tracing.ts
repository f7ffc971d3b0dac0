import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a program asked of the system while it was traced, a line each, without the process number. */
export type Trace = readonly string[]

/**
 * Traces a running program with strace while `work` runs.
 * @param options of strace: which calls, and what is to be done to them
 * @param work gets what was traced so far
 */
export async function traced<T>(
  pid: number,
  options: readonly string[],
  work: (soFar: () => string) => Promise<T>,
): Promise<{ result: T; trace: Trace }> {
  const folder = mkdtempSync(join(tmpdir(), 'coffret-trace-'))
  const output = join(folder, 'trace')
  const args = ['-f', '-y', '-s', '16', '-o', output, ...options, '-p', String(pid)]
  const strace = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise<void>((resolve) => strace.on('close', () => resolve()))
  try {
    await attached(strace)
    const result = await work(() => readFileSync(output, 'utf8'))
    strace.kill('SIGINT')
    await ended
    return { result, trace: linesOf(output) }
  } finally {
    strace.kill('SIGINT')
    rmSync(folder, { recursive: true, force: true })
  }
}

function attached(strace: ReturnType<typeof spawn>): Promise<void> {
  let said = ''
  return new Promise((resolve, reject) => {
    strace.on('error', (cause) =>
      reject(new Error('strace is missing (Debian: apt-get install strace)', { cause })),
    )
    strace.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (/attached( with \d+ threads)?\n/.test(said)) resolve()
    })
    strace.on('close', () => reject(new Error(`strace may not trace here: ${said.trim()}`)))
  })
}

function linesOf(output: string): string[] {
  const lines = readFileSync(output, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => line.replace(/^\d+ +/, ''))
}
