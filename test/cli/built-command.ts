import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, onTestFinished } from 'vitest'
import { temporaryFolder } from '../vault/new-vault'

const root = fileURLToPath(new URL('../..', import.meta.url))
const command = join(root, 'out/main/cli.cjs')
const run = promisify(execFile)

/** What a ready file says. */
export interface Ready {
  readonly pid: number
  readonly address: string
  readonly okmsId: string
  readonly caFile: string
  readonly clientCert: string
  readonly clientKey: string
  readonly token: string
  readonly socket: string
}

/** How a command ended. */
export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Builds the program before the tests of a file, unless what is built is of these sources. */
export function buildCommand(): void {
  beforeAll(() => run(process.execPath, [join(root, 'resources/bootstrap/build.mjs')]))
}

/** A folder with a passphrase file, and the program in it, with folders of its own for what it keeps. */
export class CommandFolder {
  readonly folder: string
  readonly runtime: string
  readonly passphraseFile: string
  readonly vault: string
  readonly environment: NodeJS.ProcessEnv

  /** @param folder one that is removed when the test ends, unless told */
  constructor(folder = temporaryFolder()) {
    this.folder = folder
    this.runtime = join(folder, 'run')
    this.passphraseFile = this.write('passphrase', 'canary-passphrase-7f3a\n')
    this.vault = join(folder, 'test.coffret')
    const own = { XDG_CONFIG_HOME: join(folder, 'config'), XDG_RUNTIME_DIR: this.runtime }
    this.environment = { ...process.env, ...own }
    mkdirSync(this.runtime, { mode: 0o700 })
    chmodSync(this.runtime, 0o700)
  }

  write(name: string, content: string | Uint8Array): string {
    const file = join(this.folder, name)
    writeFileSync(file, content, { mode: 0o600 })
    return file
  }

  /**
   * Runs it to its end in a terminal of its own, in front of which somebody types.
   * @param answers what is asked, and what is typed once it is there
   * @returns what the terminal showed
   */
  async type(
    words: readonly string[],
    answers: readonly (readonly [string, string])[],
  ): Promise<{ code: number | null; shown: string }> {
    const line = [process.execPath, command, ...words].map((word) => `'${word}'`).join(' ')
    const options = { env: this.environment, cwd: this.folder }
    const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], options)
    onTestFinished(() => void child.kill('SIGKILL'))
    const left = [...answers]
    let shown = ''
    let seen = 0
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString()
      const [question, answer] = left[0] ?? []
      if (question === undefined || !shown.slice(seen).includes(question)) return
      seen = shown.length
      left.shift()
      child.stdin.write(answer)
    })
    const { code } = await endOf(child)
    return { code, shown }
  }

  /** Runs it to its end, with something on its standard input. */
  async feed(words: readonly string[], ...chunks: readonly string[]): Promise<Ended> {
    const options = { env: this.environment, cwd: this.folder }
    const child = spawn(process.execPath, [command, ...words], options)
    const told = Promise.all([text(child.stdout), text(child.stderr)])
    for (const chunk of chunks) child.stdin.write(chunk)
    child.stdin.end()
    const { code } = await endOf(child)
    const [out, err] = await told
    return { code: code ?? -1, out, err }
  }

  /** Runs it to its end. */
  async run(...words: string[]): Promise<Ended> {
    const options = { env: this.environment, cwd: this.folder }
    try {
      const { stdout, stderr } = await run(process.execPath, [command, ...words], options)
      return { code: 0, out: stdout, err: stderr }
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      return { code, out: stdout, err: stderr }
    }
  }

  /** Starts it: who calls it ends it. */
  start(...words: string[]) {
    const options = { env: this.environment, cwd: this.folder }
    const child = spawn(process.execPath, [command, ...words], options)
    child.stdin.end()
    return { child, ended: endOf(child) }
  }

  async create(): Promise<void> {
    const words = ['vault', 'create', this.vault, '--passphrase-file', this.passphraseFile]
    expect((await this.run(...words)).code).toBe(0)
  }

  /** Serves until the test ends; see {@link begin}. */
  async serve(name = 'ready.json', ...more: string[]) {
    const serving = this.begin(name, ...more)
    onTestFinished(() => void serving.child.kill('SIGKILL'))
    await serving.isReady()
    return { ...serving, ready: readReady(serving.readyFile) }
  }

  /** Begins to serve: who calls it ends it. */
  begin(name = 'ready.json', ...more: string[]) {
    const readyFile = join(this.folder, name)
    const known = ['serve', '--vault', this.vault, '--passphrase-file', this.passphraseFile]
    const words = [...known, '--listen', '127.0.0.1:0', '--ready-file', readyFile, ...more]
    const options = { env: this.environment, cwd: this.folder }
    const child = spawn(process.execPath, [command, ...words], options)
    child.stdin.end()
    let problem = ''
    child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()))
    const ended = endOf(child)
    const endedEarly = ended.then(() => {
      throw new Error(`it does not serve: ${problem}`)
    })
    endedEarly.catch(() => undefined)
    // It says where it serves once it does.
    const told = once(child.stdout, 'data')
    const isReady = () => Promise.race([told, endedEarly])
    return { child, ended, readyFile, isReady }
  }
}

export function readReady(file: string): Ready {
  return JSON.parse(readFileSync(file, 'utf8')) as Ready
}

function endOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
}
