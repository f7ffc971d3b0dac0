import type { Command } from 'commander'
import {
  BrowserTarget,
  type BrowserStoreId,
  type BrowserGuide,
  type BrowserImport,
  type BrowserList,
  type BrowserStep,
  type BrowserStore,
} from '../contract/browser-calls'
import { CoffretError } from '../contract/errors'
import type { BrowserImportRequest, BrowserStores } from '../pki/browsers/import'
import { guideFor } from '../pki/browsers/steps'
import { readFiles } from './credential-input'
import { outcomeNote } from './failure'
import { checkOneInput, withPasswords, type PossiblePassword } from './password-source'
import type { Terminal } from './ports'

/** What the commands stand on. */
export interface BrowserCommandPorts {
  readonly terminal: Terminal
  readonly browsers: BrowserStores
}

interface Flags {
  readonly databasePasswordFile?: string
  readonly keyPasswordFile?: string
  readonly name?: string
  readonly json?: true
}

const passwordNote = `
A password file holds the password and nothing else; - is the standard input. Without one the terminal is
asked, once it turns out that a password is needed.`

/** Help ends with a line end of its own. */
const notes = passwordNote + outcomeNote

/** Adds `coffret browser` to the program: certificates in the browsers of this computer. */
export function addBrowserCommands(program: Command, ports: BrowserCommandPorts): void {
  const { terminal, browsers } = ports
  const browser = program.command('browser').description('Certificates in browsers.')
  const print = (flags: Flags, value: unknown, lines: () => readonly string[]) =>
    (flags.json ? [JSON.stringify(value)] : lines()).forEach((line) => terminal.print(line))

  browser
    .command('list')
    .description('Lists the certificate stores of browsers, and what Coffret put there.')
    .option('--json', 'prints one line of JSON')
    .action(async (flags: Flags) => {
      const list = await browsers.list()
      print(flags, list, () => listText(list))
    })
  browser
    .command('import')
    .description('Imports a certificate with its key into a store.')
    .argument('<store>', 'as `coffret browser list` names it')
    .argument('<files...>', 'certificate, key and chain; PEM, DER or PKCS#12')
    .option('--name <name>', 'part of its name in the browser', 'credential')
    .option('--key-password-file <file>', 'opens the key or the PKCS#12 file')
    .option('--database-password-file <file>', 'the primary password of Firefox')
    .option('--json', 'prints one line of JSON')
    .addHelpText('after', notes)
    .action(async (name: string, names: string[], flags: Flags) => {
      checkOneInput(flags.keyPasswordFile, flags.databasePasswordFile)
      const files = readFiles(names)
      const store = await find(name, browsers)
      // Before anything is run.
      if (!flags.json) commandsText('runs', store.commands).forEach((line) => terminal.print(line))
      const done = await importFiles(store.id, files, flags, ports)
      print(flags, done, () => importText(done, store.commands.length))
    })
  browser
    .command('remove')
    .description('Takes a certificate out that Coffret put there, with its key.')
    .argument('<store>', 'as `coffret browser list` names it')
    .argument('<fingerprint>', 'SHA-256 of the certificate, or its first 8 digits or more')
    .option('--database-password-file <file>', 'the primary password of Firefox')
    .option('--json', 'prints one line of JSON')
    .addHelpText('after', notes)
    .action(async (store: string, fingerprint: string, flags: Flags) => {
      const removed = await remove(store, fingerprint, flags, ports)
      print(flags, removed, () => [`removed ${removed.nickname}`])
    })
  browser
    .command('steps')
    .description('Tells how to import a PKCS#12 file by hand.')
    .argument('<target>', BrowserTarget.options.join(', '))
    .option('--json', 'prints one line of JSON')
    .action((target: string, flags: Flags) => {
      const guide = guideFor(targetNamed(target))
      print(flags, guide, () => guideText(guide))
    })
}

const databaseQuestion = (flags: Flags): PossiblePassword => ({
  field: 'databasePassword',
  file: flags.databasePasswordFile,
  question: 'Primary password of the browser: ',
})

async function find(name: string, browsers: BrowserStores): Promise<BrowserStore> {
  const { stores, missingTools } = await browsers.list()
  const found = stores.find(({ id }) => id === name)
  if (!found) {
    throw new CoffretError('not_found', 'no such certificate store: see coffret browser list')
  }
  if (!missingTools) return found
  const message = `the tools of NSS are not installed: ${typed(missingTools.command)}`
  throw new CoffretError('unsupported', message, { field: 'tools' })
}

function importFiles(
  store: BrowserStoreId,
  files: BrowserImportRequest['files'],
  flags: Flags,
  { terminal, browsers }: BrowserCommandPorts,
): Promise<BrowserImport> {
  const { name = '', keyPasswordFile: file } = flags
  const question = 'Password of the key or the PKCS#12 file: '
  const questions = [databaseQuestion(flags), { field: 'keyPassword', file, question }]
  return withPasswords(questions, terminal, async ([databasePassword, key]) => {
    const keyPassword = key && Buffer.from(key).toString('utf8')
    key?.fill(0)
    return browsers.import({ store, files, keyPassword, name, databasePassword })
  })
}

async function remove(
  name: string,
  fingerprint: string,
  flags: Flags,
  { terminal, browsers }: BrowserCommandPorts,
): Promise<BrowserStore['certificates'][number]> {
  const start = fingerprint.replaceAll(':', '').toUpperCase()
  if (!/^[0-9A-F]{8,64}$/.test(start)) {
    throw new CoffretError('invalid', 'a fingerprint is 8 to 64 hexadecimal digits')
  }
  const { id: store, certificates, isClosed } = await find(name, browsers)
  if (isClosed) {
    const message = 'the certificate database of the browser does not open'
    throw new CoffretError('busy', message, { field: 'store' })
  }
  const matching = certificates.filter(({ sha256Fingerprint }) =>
    sha256Fingerprint.replaceAll(':', '').startsWith(start),
  )
  const [only] = matching
  if (!only) throw new CoffretError('not_found', 'Coffret put no such certificate into this store')
  if (matching.length > 1) throw new CoffretError('invalid', 'several certificates begin like this')
  const { sha256Fingerprint } = only
  await withPasswords([databaseQuestion(flags)], terminal, ([databasePassword]) =>
    browsers.remove({ store, sha256Fingerprint, databasePassword }),
  )
  return only
}

function targetNamed(name: string): BrowserTarget {
  const target = BrowserTarget.safeParse(name)
  if (target.success) return target.data
  throw new CoffretError('invalid', `a target is one of ${BrowserTarget.options.join(', ')}`)
}

/** A command as it can be typed into a shell. */
const typed = (command: readonly string[]): string =>
  command
    .map((word) => (/^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ')

/** Run in a private folder, where the passwords lie as files. */
const commandsText = (start: string, commands: readonly (readonly string[])[]): string[] =>
  commands.map((command) => `${start}: ${typed(command)}`)

const titleOf = ({ program, name }: BrowserStore): string =>
  [program, name].filter((part) => part !== '').join(' · ')

function listText({ system, stores, missingTools }: BrowserList): string[] {
  const lines = stores.flatMap((store) => {
    const notes = [
      ...(store.isDefault && store.name !== '' ? ['default'] : []),
      ...(store.isRunning ? ['running'] : []),
      ...(store.exists ? [] : ['no database yet']),
      ...(store.isClosed ? ['does not open: close the browser'] : []),
    ]
    return [
      `${store.id}  ${titleOf(store)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`,
      `  ${store.path}`,
      ...store.certificates.map((one) => `  ${one.nickname}  ${one.sha256Fingerprint}`),
    ]
  })
  if (system !== 'linux') return ['Coffret imports by itself on Linux only: coffret browser steps']
  const install =
    missingTools && `${missingTools.package} is missing: ${typed(missingTools.command)}`
  return [...(lines.length > 0 ? lines : ['no browser found']), ...(install ? [install] : [])]
}

function importText(
  { certificate, canBeRemoved, commands, isRunning }: BrowserImport,
  said: number,
): string[] {
  return [
    ...commandsText('ran for the chain', commands.slice(said)),
    `imported as ${certificate.nickname}, ${certificate.sha256Fingerprint}`,
    ...(canBeRemoved
      ? []
      : ['its subject was there before under this name, so Coffret will not remove it']),
    ...(isRunning ? ['the browser is running: start it again to see the certificate'] : []),
  ]
}

function guideText({ profile, steps, commands }: BrowserGuide): string[] {
  return [
    `PKCS#12 profile: ${profile}`,
    ...steps.map((step, index) => `${index + 1}. ${stepText(step)}`),
    ...commands.map(({ text }) => `or: ${text}`),
  ]
}

function stepText(step: BrowserStep): string {
  switch (step.kind) {
    case 'open-address':
      return `Type ${step.address} into the address bar.`
    case 'open-program':
      return `Open ${step.program}.`
    case 'press':
      return `Choose ${step.labels.map((label) => `“${label}”`).join(', then ')}.`
    case 'choose-file':
      return `Choose the .${step.extension} file.`
    case 'type-password':
      return 'Type the password of the file.'
    case 'restart-browser':
      return 'Start the browser again.'
  }
}
