import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { CoffretError } from '../contract/errors'
import { defaultPort } from '../http/loopback'
import type { ListenerStatus } from '../kv/listener'
import { addBrowserCommands } from './browser-commands'
import { DetachedSide, startDetached } from './detach'
import { exitCodeOf, exitCodes, failureJson, failureText, outcomeNote } from './failure'
import { addP12Commands } from './p12-commands'
import { readPassphrase } from './passphrase'
import type { CommandPorts, Terminal } from './ports'
import { serve, type ServeOptions, type Serving } from './serve-command'
import { spokenTerminal } from './spoken-terminal'
import { createVault } from './vault-create-command'

/** What the parser makes of the options of `serve`. */
interface ServeFlags extends Omit<ServeOptions, 'port'> {
  readonly listen: number
  readonly json?: true
  readonly detach?: true
  readonly detached?: true
}

interface CreateFlags {
  readonly passphraseFile?: string
  readonly recoveryFile?: string
  readonly json?: true
}

const passphraseNote = `
A passphrase file holds the passphrase and nothing else; one final line end is not part of it. - is the
standard input.`

/** Help ends with a line end of its own. */
const notes = passphraseNote + outcomeNote

/**
 * Runs a command to its end.
 * @param words what came behind the name of the program
 * @returns the exit code: see {@link exitCodes}
 */
export async function runCommand(words: readonly string[], ports: CommandPorts): Promise<number> {
  const isJson = asksForJson(words)
  const terminal = spokenTerminal(ports.terminal, { isJson })
  try {
    await programOf({ ...ports, terminal }).parseAsync([...words], { from: 'user' })
    return exitCodes.done
  } catch (error) {
    const isUsage = error instanceof CommanderError
    if (isUsage && error.exitCode === 0) return exitCodes.done
    // What there is to say about a wrong use is said already.
    if (!isUsage) terminal.warn(failureText(error))
    if (isJson && !terminal.hasPrinted) {
      sayFailure(isUsage ? new CoffretError('invalid', usageProblem(error)) : error, terminal)
    }
    return isUsage ? exitCodes.usage : exitCodeOf(error)
  }
}

/** Whatever else is wrong with the words: a program that asked for JSON reads it. */
function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end === -1 ? undefined : end).includes('--json')
}

/** Without the beginning that is for people. */
const usageProblem = ({ message }: CommanderError): string => message.replace(/^error: /, '')

function sayFailure(error: unknown, terminal: Terminal): void {
  try {
    terminal.print(JSON.stringify(failureJson(error)))
  } catch {
    // The standard output itself may be what failed, which is said already.
  }
}

function programOf(ports: CommandPorts): Command {
  const program = new Command('coffret')
    .description(
      'Serves vaults to programs on this computer, and works with certificates and keys.',
    )
    .version(ports.version)
    .addHelpText('after', outcomeNote)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => ports.terminal.print(text.trimEnd()),
      writeErr: (text) => ports.terminal.warn(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'coffret: ')),
    })
  addServe(program, ports)
  addVaultCreate(program.command('vault').description('Vault files.'), ports)
  addBrowserCommands(program, ports)
  addP12Commands(program, ports)
  return program
}

function addServe(program: Command, ports: CommandPorts): void {
  program
    .command('serve')
    .description('Serves a vault over TLS on this computer only, until SIGTERM or Ctrl+C.')
    .requiredOption('--vault <file>', 'the vault file')
    .option('--passphrase-file <file>', 'the passphrase; without it the terminal is asked')
    .addOption(
      new Option('--listen <address>', '127.0.0.1:PORT, and [::1] there too; 0 for any free port')
        .argParser(parseListen)
        .default(defaultPort, `127.0.0.1:${defaultPort}`),
    )
    .option('--socket <path>', 'where the Unix socket is made (a private folder unless told)')
    .option('--ready-file <file>', 'writes how to reach it, with credentials that end with it')
    .option('--detach', 'returns once it accepts connections, and leaves it in the background')
    .option('--json', 'prints one line of JSON')
    .addOption(new Option('--detached').hideHelp())
    .addHelpText('after', notes)
    .action(async (flags: ServeFlags) => {
      const options = { ...flags, port: flags.listen }
      if (flags.detached) await serveDetached(options, ports)
      else if (flags.detach) await detach(options, flags, ports)
      else await serveHere(options, flags, ports)
    })
}

function addVaultCreate(vault: Command, ports: CommandPorts): void {
  vault
    .command('create')
    .description('Creates a vault with the mounts secret/ and kv/.')
    .argument('<file>', 'the vault file; it must not be there yet')
    .option('--passphrase-file <file>', 'the passphrase; without it the terminal is asked twice')
    .option('--recovery-file <file>', 'where the recovery words go; it must not be there yet')
    .option('--json', 'prints one line of JSON')
    .addHelpText('after', notes)
    .action(async (file: string, flags: CreateFlags) => {
      const made = await createVault(file, flags, ports)
      ports.terminal.print(
        flags.json ? JSON.stringify(made) : `created ${made.file} (OKMS domain ${made.okmsId})`,
      )
    })
}

/** @returns the port @throws InvalidArgumentError for any address that is not of this computer alone */
function parseListen(text: string): number {
  const [, port] = /^(?:127\.0\.0\.1|\[::1\]|localhost):(\d{1,5})$/.exec(text) ?? []
  if (port !== undefined && Number(port) <= 65_535) return Number(port)
  throw new InvalidArgumentError('It is 127.0.0.1:PORT: Coffret listens on this computer only.')
}

async function serveHere(
  options: ServeOptions,
  { json }: ServeFlags,
  ports: CommandPorts,
): Promise<void> {
  const ended = endSignal()
  // Somebody may have to be asked: who ends the program then gets no question answered.
  const givenUp = ended.then(() => {
    throw new CoffretError('cancelled', 'ended while it was starting')
  })
  const passphrase = () => Promise.race([readPassphrase(options, ports.terminal), givenUp])
  const serving = await serve(options, ports, passphrase)
  ports.terminal.print(statusText(process.pid, serving.status, json))
  await ended
  await serving.end()
}

async function serveDetached(options: ServeOptions, ports: CommandPorts): Promise<void> {
  const ended = endSignal()
  const side = new DetachedSide()
  let serving: Serving
  try {
    serving = await serve(options, ports, () => side.passphrase())
  } catch (error) {
    await side.failed(error)
    throw error
  }
  await side.ready(serving.status)
  await ended
  await serving.end()
}

async function detach(
  options: ServeOptions,
  { json }: ServeFlags,
  ports: CommandPorts,
): Promise<void> {
  const passphrase = await readPassphrase(options, ports.terminal)
  const { pid, status } = await startDetached(ports.program, argumentsOf(options), passphrase)
  ports.terminal.print(statusText(pid, status, json))
}

function argumentsOf({ vault, port, socket, readyFile }: ServeOptions): readonly string[] {
  return [
    ...['--vault', vault, '--listen', `127.0.0.1:${port}`],
    ...(socket === undefined ? [] : ['--socket', socket]),
    ...(readyFile === undefined ? [] : ['--ready-file', readyFile]),
  ]
}

function statusText(pid: number, status: ListenerStatus, json: true | undefined): string {
  const { address, socketFile, fingerprint } = status
  if (json) return JSON.stringify({ pid, address, socket: socketFile, fingerprint })
  return [
    `serving at ${address} (process ${pid})`,
    ...(socketFile === undefined ? [] : [`socket ${socketFile}`]),
    `certificate authority SHA-256 ${fingerprint}`,
  ].join('\n')
}

/** Listened for from the beginning, so that what is begun is also ended. */
function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.on(signal, () => resolve())
  })
}
