import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import type { Answer, Question } from './asked-process'

/** A child that opened a vault, and answers one question after the other. */
export interface Asked {
  readonly pid: number
  /** Rejects when the child ended instead of answering. */
  ask(question: Question): Promise<Answer>
  /** Resolves with the signal or exit code that it ended with. */
  readonly ended: Promise<string>
  end(): Promise<void>
}

/** @param wrap a command that is to start the program, with its arguments */
export async function startAsked(
  program: string,
  file: string,
  words: readonly string[],
  wrap: readonly string[] = [],
): Promise<Asked> {
  const [command = '', ...args] = [...wrap, process.execPath, program, file, words.join(' ')]
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = endOf(child)
  const waiting: ((answer: Answer) => void)[] = []
  createInterface(child.stdout).on('line', (line) => waiting.shift()?.(JSON.parse(line) as Answer))
  const next = () =>
    Promise.race([
      new Promise<Answer>((resolve) => waiting.push(resolve)),
      ended.then((how) => Promise.reject(new Error(`the child ended: ${how}`))),
    ])
  const ready = next()
  await ready
  return {
    pid: child.pid ?? 0,
    ask: (question) => {
      const answer = next()
      child.stdin.write(`${JSON.stringify(question)}\n`)
      return answer
    },
    ended,
    end: async () => {
      child.stdin.end()
      await ended
    },
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) =>
    child.on('close', (code, signal) => resolve(signal ?? `code ${code}`)),
  )
}
