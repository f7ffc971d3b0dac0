import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect } from 'vitest'
import { CommandFolder, readReady } from '../../cli/built-command'

const run = promisify(execFile)

/** What every client shows that it can do, in this order. */
export const everyStep = [
  ...['state', 'put', 'get', 'list', 'patch', 'metadata', 'delete', 'undelete', 'rollback'],
  ...['destroy', 'version 1'],
]

/** A step that a client took, as it reports it. */
interface Step {
  readonly step: string
  readonly problem?: string
}

/** The path of something in this folder. */
export const inClients = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/**
 * A vault that the built command serves while the tests of a file run, on plain Node.
 * @returns the path of its ready file, and what that file says, once the tests run
 */
export function servedByCommand() {
  let serving: ReturnType<CommandFolder['begin']>
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'coffret-clients-'))
    const place = new CommandFolder(folder)
    await place.create()
    serving = place.begin()
    await serving.isReady()
  })
  afterAll(async () => {
    serving.child.kill('SIGTERM')
    const end = await serving.ended
    rmSync(folder, { recursive: true, force: true })
    expect(end).toEqual({ code: 0, signal: null })
  })
  return { readyFile: () => serving.readyFile, ready: () => readReady(serving.readyFile) }
}

/**
 * Runs a client to its end: what it could not do, in its own words.
 * @param words the program with its arguments
 */
export async function clientSteps(
  [program = '', ...words]: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<{ readonly names: readonly string[]; readonly problems: readonly Step[] }> {
  const { stdout } = await run(program, words, { env: { ...process.env, ...more } })
  const lines = stdout.split('\n').filter((line) => line !== '')
  const steps = lines.map((line) => JSON.parse(line) as Step)
  const problems = steps.filter(({ problem }) => problem !== undefined)
  return { names: steps.map(({ step }) => step), problems }
}

/** Whether a program runs and ends well. */
export function runs(program: string, ...words: string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
