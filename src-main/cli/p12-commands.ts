import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CredentialReport, Pkcs12Profile } from '../contract/calls'
import { CoffretError } from '../contract/errors'
import type { RandomBytes } from '../env'
import type { CredentialThreads } from '../pki/credential-threads'
import { failureOf, openFiles } from './credential-input'
import { leftOut, reportText, warningLines } from './credential-text'
import { failureJson, outcomeNote } from './failure'
import { readNewPassword } from './password'
import { checkOneInput } from './password-source'
import type { Terminal } from './ports'
import { checkPlace, placeFile } from './private-file'

/** What these commands stand on. */
export interface P12Ports {
  readonly terminal: Terminal
  /** The files come from anywhere: they are read in threads with limits. */
  readonly credentials: CredentialThreads
  readonly random: RandomBytes
}

interface CreateFlags {
  readonly cert: string
  readonly key?: string
  readonly chain?: string
  readonly out: string
  readonly profile: Pkcs12Profile
  readonly name?: string
  readonly passwordFile?: string
  readonly keyPasswordFile?: string
  readonly force?: true
  readonly json?: true
}

interface ShowFlags {
  readonly passwordFile?: string
  readonly json?: true
}

interface ExtractFlags extends ShowFlags {
  readonly out?: string
  readonly newPasswordFile?: string
  readonly force?: true
}

const passwordNote = `
A password comes from a file, from the standard input (-), or is asked for; one final line end is not part
of it.`

/** Help ends with a line end of its own. */
const notes = passwordNote + outcomeNote

/** The longest name that a PKCS#12 file is given, in characters. */
const maxNameLength = 128

/** Adds `p12 create`, `p12 show` and `p12 extract`. */
export function addP12Commands(program: Command, ports: P12Ports): void {
  const p12 = program.command('p12').description('Certificates and keys, and PKCS#12 files.')
  p12
    .command('create')
    .description('Makes a PKCS#12 file, or one with another password or profile of another.')
    .requiredOption('--cert <file>', 'the certificate: PEM, DER, a PKCS#12 file or a ZIP')
    .option('--key <file>', 'the private key, when it is not in the same file')
    .option('--chain <file>', 'certificates of authorities, in any order')
    .requiredOption('--out <file>', 'the file to make (0600)')
    .addOption(
      new Option('--profile <name>', 'compatible: for macOS and old Windows')
        .choices(['modern', 'compatible'])
        .default('modern'),
    )
    .option(
      '--name <text>',
      'how stores show it; else its own name, or that of its subject',
      parseName,
    )
    .option('--password-file <file>', 'the password of the file to make')
    .option('--key-password-file <file>', 'the password of an encrypted key or PKCS#12 file')
    .option('--force', 'replaces a file that is there')
    .option('--json', 'prints one line of JSON')
    .addHelpText('after', notes)
    .action((flags: CreateFlags) => create(flags, ports))
  p12
    .command('show')
    .description('Says what files hold: certificates, keys, PKCS#12, ZIP.')
    .argument('<file...>')
    .option('--password-file <file>', 'the password of an encrypted key or PKCS#12 file')
    .option('--json', 'prints one line of JSON')
    .addHelpText('after', notes)
    .action((files: string[], flags: ShowFlags) => show(files, flags, ports))
  p12
    .command('extract')
    .description('Takes the private key and its certificates out as PEM.')
    .argument('<file...>')
    .option('--password-file <file>', 'the password of the file')
    .option('--out <file>', 'the file to make (0600); else the standard output')
    .option('--new-password-file <file>', 'encrypts the key; without it the key is in the clear')
    .option('--force', 'replaces a file that is there')
    .option('--json', 'prints one line of JSON')
    .addHelpText('after', notes)
    .action((files: string[], flags: ExtractFlags) => extract(files, flags, ports))
}

/**
 * The file to make.
 * @throws CoffretError `invalid` with the field `usage` for what names a folder, or the standard output
 */
function placeOf(out: string): string {
  if (out !== '' && out !== '-' && !/[/\\]$/.test(out)) return resolve(out)
  const message = `--out takes the name of a file, and “${out}” is none`
  throw new CoffretError('invalid', message, { field: 'usage' })
}

/** @throws InvalidArgumentError for what PKCS#12 or the programs that read it do not take */
function parseName(text: string): string {
  const isTaken = text.trim() !== '' && text.length <= maxNameLength
  if (isTaken && !/[\0\ud800-\udfff]/.test(text)) return text
  throw new InvalidArgumentError('It is 1 to 128 characters up to U+FFFF, so no emoji.')
}

function nameOf({ friendlyName, certificates: [leaf] }: CredentialReport): string {
  const commonName = /CN=([^,+\\]+)/.exec(leaf?.subject ?? '')?.[1]
  const okms = leaf?.okmsDomainId === undefined ? undefined : `okms ${leaf.okmsDomainId}`
  const name = friendlyName ?? okms ?? commonName ?? 'credential'
  // PKCS#12 counts in the first 65,536 characters of Unicode.
  return name.replace(/[\0\ud800-\udfff]/g, '').slice(0, maxNameLength)
}

async function create(flags: CreateFlags, ports: P12Ports): Promise<void> {
  const { passwordFile, keyPasswordFile, profile, json } = flags
  checkOneInput(passwordFile, keyPasswordFile)
  checkPlace(placeOf(flags.out), { mayReplace: flags.force === true })
  const paths = [flags.cert, flags.key, flags.chain].filter((path) => path !== undefined)
  const keySource = { file: keyPasswordFile, option: '--key-password-file' }
  const { files, report, password: keyPassword } = await openFiles(paths, keySource, ports)
  checkSound(report, keySource.option)
  const question = 'Password of the new PKCS#12 file: '
  const request = { question, option: '--password-file', file: passwordFile }
  const password = await readNewPassword(request, ports.terminal)
  const friendlyName = flags.name ?? nameOf(report)
  const content = { files, keyPassword, password, friendlyName, profile }
  const bytes = await ports.credentials.makePkcs12(content)
  const file = write(flags.out, bytes, flags, ports)
  const { warnings } = report
  const others = leftOut(report)
  const made = { file, profile, name: friendlyName, warnings, leftOut: others }
  const lines = others.map((subject) => `left out, not of this chain: ${subject}`)
  const text = [`created ${file} (${profile})`, ...lines, ...warningLines(report)].join('\n')
  ports.terminal.print(json ? JSON.stringify(made) : text)
}

/** @throws CoffretError `key_mismatch`, `wrong_password`, `invalid`: in words, with both fingerprints */
function checkSound(report: CredentialReport, option: string): void {
  const failure = failureOf(report, option)
  if (failure) throw failure
}

function write(
  out: string,
  bytes: Uint8Array,
  { force }: { readonly force?: true },
  { random }: P12Ports,
): string {
  const file = placeOf(out)
  const unique = Buffer.from(random(8)).toString('hex')
  placeFile(file, bytes, { unique, mayReplace: force === true })
  bytes.fill(0)
  return file
}

async function show(paths: readonly string[], flags: ShowFlags, ports: P12Ports): Promise<void> {
  const source = { file: flags.passwordFile, option: '--password-file' }
  const { report } = await openFiles(paths, source, ports)
  const failure = failureToShow(report, source.option)
  // One line, whatever comes of it: what could be seen, and what could not.
  const told = failure ? { ...report, ...failureJson(failure) } : report
  ports.terminal.print(flags.json ? JSON.stringify(told) : reportText(report))
  if (failure) throw failure
}

/** A file may hold a certificate alone; one that stayed closed, or held nothing, was not shown. */
function failureToShow(report: CredentialReport, option: string): CoffretError | undefined {
  const isClosed = report.problems.some((one) => ['wrong-password', 'key-encrypted'].includes(one))
  if (isClosed) return failureOf(report, option)
  if (report.files.some(({ problem }) => problem === undefined)) return undefined
  return new CoffretError('invalid', 'no certificate and no key was found')
}

async function extract(
  paths: readonly string[],
  flags: ExtractFlags,
  ports: P12Ports,
): Promise<void> {
  const { passwordFile, newPasswordFile, out, json } = flags
  checkOneInput(passwordFile, newPasswordFile)
  if (out !== undefined) checkPlace(placeOf(out), { mayReplace: flags.force === true })
  const source = { file: passwordFile, option: '--password-file' }
  const { files, report, password } = await openFiles(paths, source, ports)
  checkSound(report, source.option)
  const question = 'New password of the private key: '
  const request = { question, option: '--new-password-file', file: newPasswordFile }
  const newKeyPassword =
    newPasswordFile === undefined ? undefined : await readNewPassword(request, ports.terminal)
  const asked = { files, keyPassword: password, newKeyPassword }
  const { key, certificates } = await ports.credentials.extractPem(asked)
  const text = (pem: Uint8Array): string => Buffer.from(pem).toString('latin1')
  if (out !== undefined) {
    const file = write(out, Buffer.concat([key, certificates]), flags, ports)
    ports.terminal.print(json ? JSON.stringify({ file }) : `created ${file}`)
  } else if (json) {
    ports.terminal.print(JSON.stringify({ key: text(key), certificates: text(certificates) }))
  } else ports.terminal.print(`${text(key)}${text(certificates)}`.trimEnd())
  key.fill(0)
}
