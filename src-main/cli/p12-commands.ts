import { readFileSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { CredentialReport, Pkcs12Profile } from '../contract/calls'
import { CoffretError } from '../contract/errors'
import type { RandomBytes } from '../env'
import type { CredentialThreads } from '../pki/credential-threads'
import { problemText, reportText } from './credential-text'
import { readNewPassword, readPassword } from './password'
import type { Terminal } from './ports'
import { placeFile } from './private-file'

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

/** The largest file that is read, in bytes. */
const maxFileBytes = 1_048_576

const notes = `
A password comes from a file, from the standard input (-), or is asked for; one final line end is not part
of it. Exit codes: 0 done, 1 it could not be done, 2 it was asked for wrongly.`

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
    .option('--name <text>', 'how stores show it; else its own name, or that of its subject')
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

/** @throws CoffretError `not_found`, `too_large`, `storage` */
function readFiles(paths: readonly string[]): { name: string; bytes: Uint8Array }[] {
  return paths.map((path) => {
    try {
      if (statSync(path).size > maxFileBytes) {
        throw new CoffretError('too_large', `${path} is larger than 1 MiB`)
      }
      return { name: basename(path), bytes: readFileSync(path) }
    } catch (cause) {
      if (cause instanceof CoffretError) throw cause
      const { code = '' } = cause as NodeJS.ErrnoException
      const failure = code === 'ENOENT' ? 'not_found' : 'storage'
      throw new CoffretError(failure, `${path} cannot be read: ${code}`, { cause })
    }
  })
}

function checkOneInput(...files: readonly (string | undefined)[]): void {
  if (files.filter((file) => file === '-').length > 1) {
    throw new CoffretError('invalid', 'only one password can come from the standard input')
  }
}

/** What files hold, and the password that opens them: asked for only when they need one. */
async function open(
  files: { name: string; bytes: Uint8Array }[],
  passwordFile: string | undefined,
  option: string,
  ports: P12Ports,
): Promise<{ report: CredentialReport; password: string | undefined }> {
  const request = { question: 'Password of the key or PKCS#12 file: ', option, file: passwordFile }
  const given = passwordFile === undefined ? undefined : await readPassword(request, ports.terminal)
  const report = await ports.credentials.inspect({ files, password: given })
  if (given !== undefined || !report.problems.includes('key-encrypted')) {
    return { report, password: given }
  }
  const password = await readPassword(request, ports.terminal)
  return { report: await ports.credentials.inspect({ files, password }), password }
}

/** @throws CoffretError `key_mismatch`, `wrong_password`, `invalid`: in words, with both fingerprints */
function checkSound(report: CredentialReport): void {
  if (report.problems.length === 0) return
  const [problem] = report.problems
  const { mismatch } = report
  const code =
    problem === 'key-mismatch'
      ? 'key_mismatch'
      : problem === 'wrong-password' || problem === 'key-encrypted'
        ? 'wrong_password'
        : 'invalid'
  const prints = mismatch ? ` (certificate ${mismatch.certificate}, key ${mismatch.key})` : ''
  throw new CoffretError(code, `${problemText(report)}${prints}`)
}

function nameOf({ friendlyName, certificates: [leaf] }: CredentialReport): string {
  const commonName = /CN=([^,+\\]+)/.exec(leaf?.subject ?? '')?.[1]
  const okms = leaf?.okmsDomainId === undefined ? undefined : `okms ${leaf.okmsDomainId}`
  const name = friendlyName ?? okms ?? commonName ?? 'credential'
  // PKCS#12 counts in the first 65,536 characters of Unicode.
  return name.replace(/[\0\ud800-\udfff]/g, '').slice(0, 128)
}

async function create(flags: CreateFlags, ports: P12Ports): Promise<void> {
  const { passwordFile, keyPasswordFile, profile, json } = flags
  checkOneInput(passwordFile, keyPasswordFile)
  const paths = [flags.cert, flags.key, flags.chain].filter((path) => path !== undefined)
  const files = readFiles(paths)
  const opened = await open(files, keyPasswordFile, '--key-password-file', ports)
  const { report, password: keyPassword } = opened
  checkSound(report)
  const question = 'Password of the new PKCS#12 file: '
  const request = { question, option: '--password-file', file: passwordFile }
  const password = await readNewPassword(request, ports.terminal)
  const friendlyName = flags.name ?? nameOf(report)
  const made = { files, keyPassword, password, friendlyName, profile }
  const bytes = await ports.credentials.makePkcs12(made)
  const file = write(flags.out, bytes, flags, ports)
  const { warnings } = report
  if (json) ports.terminal.print(JSON.stringify({ file, profile, name: friendlyName, warnings }))
  else ports.terminal.print([`created ${file} (${profile})`, ...warningLines(report)].join('\n'))
}

const warningLines = (report: CredentialReport): string[] =>
  reportText({ ...report, files: [], certificates: [], problems: [], key: undefined })
    .split('\n')
    .filter((line) => line.startsWith('warning: '))

function write(
  out: string,
  bytes: Uint8Array,
  { force }: { readonly force?: true },
  { random }: P12Ports,
): string {
  const file = resolve(out)
  const unique = Buffer.from(random(8)).toString('hex')
  placeFile(file, bytes, { unique, mayReplace: force === true })
  bytes.fill(0)
  return file
}

async function show(paths: readonly string[], flags: ShowFlags, ports: P12Ports): Promise<void> {
  const files = readFiles(paths)
  const { report } = await open(files, flags.passwordFile, '--password-file', ports)
  ports.terminal.print(flags.json ? JSON.stringify(report) : reportText(report))
  const isClosed = report.problems.some((one) => ['wrong-password', 'key-encrypted'].includes(one))
  if (isClosed) throw new CoffretError('wrong_password', problemText(report))
  if (report.files.every(({ problem }) => problem !== undefined)) {
    throw new CoffretError('invalid', 'no certificate and no key was found')
  }
}

async function extract(
  paths: readonly string[],
  flags: ExtractFlags,
  ports: P12Ports,
): Promise<void> {
  const { passwordFile, newPasswordFile, out, json } = flags
  checkOneInput(passwordFile, newPasswordFile)
  const files = readFiles(paths)
  const { report, password } = await open(files, passwordFile, '--password-file', ports)
  checkSound(report)
  const request = { question: '', option: '--new-password-file', file: newPasswordFile }
  const newKeyPassword =
    newPasswordFile === undefined ? undefined : await readPassword(request, ports.terminal)
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
