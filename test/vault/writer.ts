import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A write that a writer acknowledged. */
export interface Acknowledged {
  readonly n: number
  readonly version: number
}

/** A program that writes one number after the other into a vault, once it is told to begin. */
export interface Writer {
  readonly acknowledged: readonly Acknowledged[]
  begin(): void
  /** Resolves after so many acknowledged writes, or when it ended. */
  reached(count: number): Promise<void>
  kill(): void
  /** How it ended: an exit code, or null when it was killed. */
  readonly ended: Promise<number | null>
}

/** What a writer writes. */
export interface WriterOrder {
  readonly file: string
  readonly words: readonly string[]
  /** A `#` in it stands for one of five. */
  readonly path: string
  readonly first: number
  readonly count: number
  /** How many it asks for at once; 1 unless told. */
  readonly atOnce?: number
}

/** @param program `writer-process`, built */
export function startWriter(program: string, order: WriterOrder): Writer {
  const { file, words, path, first, count, atOnce = 1 } = order
  const numbers = [first, count, atOnce].map(String)
  const args = [program, file, words.join(' '), path, ...numbers]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  // It may be killed before it has read that it is to begin.
  child.stdin.on('error', () => undefined)
  const acknowledged: Acknowledged[] = []
  let wake: () => void = () => undefined
  createInterface(child.stdout).on('line', (line) => {
    const [n, version] = line.split(' ').map(Number)
    // A line cut by the kill was not said.
    if (n !== undefined && version !== undefined && line.endsWith('.'))
      acknowledged.push({ n, version })
    wake()
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    acknowledged,
    begin: () => void child.stdin.end(),
    reached: (wanted) => {
      const enough = new Promise<void>((resolve) => {
        wake = () => acknowledged.length >= wanted && resolve()
        wake()
      })
      return Promise.race([enough, ended.then(() => undefined)])
    },
    kill: () => void child.kill('SIGKILL'),
    ended,
  }
}
