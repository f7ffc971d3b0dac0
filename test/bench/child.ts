import { spawn } from 'node:child_process'

/** What a program left behind. */
export interface Finished {
  readonly output: string
  /** From before its start to its end, in milliseconds. */
  readonly tookMs: number
}

/**
 * Runs a program and waits for its end.
 * @param input its standard input: where passphrases go, never among the arguments
 * @throws Error with what it said, when it fails
 */
export function runProgram(
  command: string,
  args: readonly string[],
  input: string,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let [output, problem] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      const tookMs = performance.now() - began
      if (code === 0) resolve({ output, tookMs })
      else reject(new Error(`bench: ${args[0] ?? command} ended with ${code}: ${problem.trim()}`))
    })
    // A program that ends early closes its input.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
