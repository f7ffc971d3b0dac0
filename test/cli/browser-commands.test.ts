import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addBrowserCommands } from '../../src-main/cli/browser-commands'
import { BrowserStoreId, type BrowserList } from '../../src-main/contract/browser-calls'
import { CoffretError } from '../../src-main/contract/errors'
import { EpochMs } from '../../src-main/contract/model'
import type {
  BrowserImportRequest,
  BrowserRemovalRequest,
  BrowserStores,
} from '../../src-main/pki/browsers/import'
import { temporaryFolder } from '../vault/new-vault'

const fingerprintOf = (start: string): string =>
  (start + '00'.repeat(32)).slice(0, 64).replace(/..(?=.)/g, '$&:')

const certificate = {
  nickname: 'Coffret - prod (0a1b2c3d)',
  subject: 'CN=client',
  sha256Fingerprint: fingerprintOf('0A1B2C3D'),
  validTo: EpochMs.parse(1_800_000_000_000),
}
const twin = { ...certificate, sha256Fingerprint: fingerprintOf('0A1B2C3DFF') }

const list: BrowserList = {
  system: 'linux',
  stores: [
    {
      ...{ id: BrowserStoreId.parse('firefox:p.default'), browser: 'firefox', name: 'default' },
      ...{ program: 'LibreWolf', commands: [['pk12util', '-d', 'sql:/home/me/a profile']] },
      ...{ packaging: 'system', path: '/home/me/a profile', isDefault: true, exists: true },
      ...{ isRunning: true, certificates: [certificate, twin] },
    },
  ],
}
const missingTools = {
  ...{ package: 'libnss3-tools', command: ['sudo', 'apt', 'install', 'libnss3-tools'] },
}

/** The commands over browsers that remember what they were asked, and want these passwords. */
function commands(
  options: {
    primary?: string
    key?: string
    typed?: readonly string[]
    nobody?: true
    noTools?: true
    closed?: true
  } = {},
) {
  const { primary = '', key, typed = [], nobody, noTools, closed } = options
  const printed: string[] = []
  const asked: string[] = []
  const imports: Omit<BrowserImportRequest, 'databasePassword'>[] = []
  const removals: Omit<BrowserRemovalRequest, 'databasePassword'>[] = []
  const lines = [...typed]
  const check = (field: string, expected: string, given: string) => {
    if (expected !== given) throw new CoffretError('wrong_password', 'another one', { field })
  }
  const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)
  const browsers: BrowserStores = {
    list: async () => ({
      ...{ ...list, ...(noTools && { missingTools }) },
      ...(closed && {
        stores: list.stores.map((store) => ({ ...store, certificates: [], isClosed: true })),
      }),
    }),
    import: async ({ databasePassword, ...request }) => {
      if (key !== undefined) check('keyPassword', key, request.keyPassword ?? '')
      check('databasePassword', primary, text(databasePassword))
      imports.push(request)
      const ran = [['pk12util'], ['certutil', '-D', '-n', "it's a root"]]
      return { certificate, canBeRemoved: false, commands: ran, isRunning: true }
    },
    cancelImport: () => undefined,
    remove: async ({ databasePassword, ...request }) => {
      check('databasePassword', primary, text(databasePassword))
      removals.push(request)
    },
  }
  const terminal = {
    print: (line: string) => void printed.push(line),
    warn: () => undefined,
    isSeen: true,
    canAsk: nobody === undefined,
    askHidden: async (question: string) => {
      asked.push(question)
      return new TextEncoder().encode(lines.shift() ?? '')
    },
  }
  const folder = temporaryFolder()
  const put = (name: string, content: string) => {
    const file = join(folder, name)
    writeFileSync(file, content)
    return file
  }
  const run = (...words: string[]) => {
    const program = new Command().exitOverride()
    addBrowserCommands(program, { terminal, browsers })
    return program.parseAsync(['browser', ...words], { from: 'user' })
  }
  return { run, put, printed, asked, imports, removals }
}

test('the stores are listed with what Coffret put there, and with what is missing', async () => {
  const { run, printed } = commands({ noTools: true })
  await run('list')
  expect(printed).toEqual([
    'firefox:p.default  LibreWolf · default (default, running)',
    '  /home/me/a profile',
    `  ${certificate.nickname}  ${certificate.sha256Fingerprint}`,
    `  ${twin.nickname}  ${twin.sha256Fingerprint}`,
    'libnss3-tools is missing: sudo apt install libnss3-tools',
  ])
})

test('--json prints one line with everything', async () => {
  const { run, printed } = commands()
  await run('list', '--json')
  expect(printed.map((line): unknown => JSON.parse(line))).toEqual([list])
})

test('files are imported, and what was run can be typed into a shell', async () => {
  const { run, put, printed, imports, asked } = commands()
  await run('import', 'firefox:p.default', put('c.pem', 'C'), put('k.pem', 'K'), '--name', 'prod')
  const files = [
    { name: 'c.pem', bytes: new Uint8Array([0x43]) },
    { name: 'k.pem', bytes: new Uint8Array([0x4b]) },
  ]
  expect(imports).toEqual([
    { store: 'firefox:p.default', files, keyPassword: undefined, name: 'prod' },
  ])
  expect(printed.slice(0, 2)).toEqual([
    `runs: pk12util -d 'sql:/home/me/a profile'`,
    `ran for the chain: certutil -D -n 'it'\\''s a root'`,
  ])
  expect(printed.join('\n')).toContain('start it again')
  expect(asked).toEqual([])
})

test('what is run is said before it is run, also when that fails', async () => {
  const { run, put, printed } = commands({ primary: 'first', nobody: true })
  await expect(run('import', 'firefox:p.default', put('c.pem', 'C'))).rejects.toThrow()
  expect(printed).toEqual([`runs: pk12util -d 'sql:/home/me/a profile'`])
})

test.each([
  ['import', 'c.pem'],
  ['remove', '0a1b2c3dff'],
])('without the tools %s says how to install them', async (command, what) => {
  const { run, put, imports, removals } = commands({ noTools: true })
  const done = run(command, 'firefox:p.default', command === 'import' ? put(what, 'C') : what)
  await expect(done).rejects.toMatchObject({
    ...{ code: 'unsupported', field: 'tools' },
    message: 'the tools of NSS are not installed: sudo apt install libnss3-tools',
  })
  expect([...imports, ...removals]).toEqual([])
})

test('a store that is not there is refused, with where to look', async () => {
  const { run, put, printed } = commands()
  await expect(run('import', 'chromium', put('c.pem', 'C'))).rejects.toMatchObject({
    ...{ code: 'not_found', message: 'no such certificate store: see coffret browser list' },
  })
  expect(printed).toEqual([])
})

test('passwords are read from files, without their line ends', async () => {
  const { run, put, imports, asked } = commands({ primary: 'first', key: 'second' })
  const primary = put('primary', 'first\n')
  const key = put('key', 'second')
  const flags = ['--database-password-file', primary, '--key-password-file', key]
  await run('import', 'firefox:p.default', put('c.pem', 'C'), ...flags)
  expect(imports).toMatchObject([{ keyPassword: 'second' }])
  expect(asked).toEqual([])
})

test('passwords are asked for once they are needed, each once', async () => {
  const { run, put, imports, asked } = commands({
    ...{ primary: 'first', key: 'second', typed: ['second', 'first'] },
  })
  await run('import', 'firefox:p.default', put('c.pem', 'C'))
  expect(imports).toHaveLength(1)
  expect(asked).toEqual([
    'Password of the key or the PKCS#12 file: ',
    'Primary password of the browser: ',
  ])
})

test.each([
  ['typed wrongly', { typed: ['wrong'] }],
  ['asked of nobody', { nobody: true as const }],
])('a password %s is refused', async (_, how) => {
  const { run, put, imports } = commands({ primary: 'first', ...how })
  await expect(run('import', 'firefox:p.default', put('c.pem', 'C'))).rejects.toMatchObject({
    ...{ code: 'wrong_password', field: 'databasePassword' },
  })
  expect(imports).toEqual([])
})

test('a password cannot be given as an argument', async () => {
  const { run, put } = commands()
  for (const flag of ['--key-password', '--database-password', '--password']) {
    const done = run('import', 'firefox:p.default', put('c.pem', 'C'), `${flag}=x`)
    await expect(done).rejects.toMatchObject({ code: 'commander.unknownOption' })
  }
})

test('a file that is missing is named', async () => {
  const { run } = commands()
  await expect(run('import', 'firefox:p.default', '/nowhere/c.pem')).rejects.toMatchObject({
    code: 'not_found',
    message: '/nowhere/c.pem cannot be read: no such file or folder',
  })
})

test('a file without an end is not read to its end', async () => {
  const { run, imports } = commands()
  const done = run('import', 'firefox:p.default', '/dev/zero')
  await expect(done).rejects.toMatchObject({ code: 'too_large' })
  expect(imports).toEqual([])
})

test('two passwords cannot both come from the standard input', async () => {
  const { run, put, printed } = commands()
  const flags = ['--key-password-file', '-', '--database-password-file', '-']
  const done = run('import', 'firefox:p.default', put('c.pem', 'C'), ...flags)
  await expect(done).rejects.toMatchObject({ code: 'invalid', field: 'usage' })
  expect(printed).toEqual([])
})

test('of a store that does not open nobody says that a certificate is not in it', async () => {
  const { run, printed } = commands({ closed: true })
  const done = run('remove', 'firefox:p.default', certificate.sha256Fingerprint)
  await expect(done).rejects.toMatchObject({ code: 'busy', field: 'store' })
  await run('list')
  expect(printed[0]).toContain('(default, running, does not open: close the browser)')
})

test('a certificate is removed by its fingerprint, or by a beginning that only it has', async () => {
  const { run, removals, printed } = commands({ primary: 'p', typed: ['p'] })
  await run('remove', 'firefox:p.default', '0a:1b:2c:3d:ff')
  expect(removals).toEqual([
    { store: 'firefox:p.default', sha256Fingerprint: twin.sha256Fingerprint },
  ])
  expect(printed).toEqual([`removed ${twin.nickname}`])
})

test.each([
  ['0a1b2c3d', 'invalid'],
  ['0a1b2c', 'invalid'],
  ['not hexadecimal', 'invalid'],
  ['deadbeef', 'not_found'],
])('a fingerprint %j is refused: %s', async (fingerprint, code) => {
  const { run, removals } = commands()
  await expect(run('remove', 'firefox:p.default', fingerprint)).rejects.toMatchObject({ code })
  expect(removals).toEqual([])
})

test('steps are numbered, with the commands of the system', async () => {
  const { run, printed } = commands()
  await run('steps', 'edge-windows')
  expect(printed[0]).toBe('PKCS#12 profile: modern')
  expect(printed[1]).toBe('1. Type edge://certificate-manager/clientcerts into the address bar.')
  expect(printed.at(-2)).toBe('or: certutil -user -importPFX client.p12')
  await expect(run('steps', 'netscape')).rejects.toMatchObject({ code: 'invalid' })
})
