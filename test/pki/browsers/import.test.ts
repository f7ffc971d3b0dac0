import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type KeyType, put as putFile } from '../openssl'
import {
  bytes,
  certutil,
  chromium,
  credential,
  firefox,
  homeWithChromium,
  homeWithFirefox,
  importInto,
  storesOf,
} from './nss-home'
import { type TemporaryHome, chromiumLock, temporaryHome } from './temporary-home'

describe('an import', () => {
  test.each<KeyType>(['RSA 2048', 'EC P-256', 'EC P-384', 'EC P-521'])(
    'of %s is there afterwards, as NSS itself says',
    async (type) => {
      const made = homeWithChromium()
      const { files, fingerprint } = credential({ type })
      const done = await importInto(storesOf(made), chromium, files)
      expect(done).toMatchObject({
        certificate: { sha256Fingerprint: fingerprint },
        canBeRemoved: true,
        isRunning: false,
      })
      const { nickname } = done.certificate
      expect(nickname).toMatch(/^Coffret - prod \([0-9a-f]{8}\)$/)
      expect(certutil(made.database, ['-K'])).toContain(nickname)
      expect(certutil(made.database, ['-L'])).toMatch(/^Coffret - prod \(\w+\)\s+u,u,u\s*$/m)
      const pem = certutil(made.database, ['-L', '-n', nickname, '-a'])
      expect(new X509Certificate(pem).fingerprint256).toBe(fingerprint)
    },
  )

  test('makes the database that Chromium would make, for its owner alone', async () => {
    const made = homeWithChromium()
    await importInto(storesOf(made), chromium, credential().files)
    for (const name of ['cert9.db', 'key4.db']) {
      expect(statSync(join(made.database, name)).mode & 0o777).toBe(0o600)
    }
    expect(statSync(made.database).mode & 0o777).toBe(0o700)
  })

  test('makes no database for a browser that is not there', async () => {
    const made = temporaryHome()
    const done = importInto(storesOf(made), chromium, credential().files)
    await expect(done).rejects.toMatchObject({ code: 'not_found', field: 'store' })
    expect(readdirSync(made.folder)).toEqual([])
  })

  test('is listed with the store', async () => {
    const made = homeWithChromium()
    const stores = storesOf(made)
    expect((await stores.list()).stores).toMatchObject([{ exists: false, certificates: [] }])
    const { certificate } = await importInto(stores, chromium, credential().files)
    expect(await stores.list()).toMatchObject({
      system: 'linux',
      stores: [{ id: 'chromium', exists: true, certificates: [certificate] }],
    })
    expect(await stores.list()).not.toHaveProperty('missingTools')
    expect(await stores.list()).not.toHaveProperty(['stores', 0, 'isClosed'])
  })

  test('twice is there once', async () => {
    const made = homeWithChromium()
    const stores = storesOf(made)
    const { files } = credential()
    const first = await importInto(stores, chromium, files)
    const second = await importInto(stores, chromium, files)
    expect(second.certificate).toEqual(first.certificate)
    expect(certutil(made.database, ['-K']).match(/^</gm)).toHaveLength(1)
  })

  test('brings a chain without its root', async () => {
    const made = homeWithChromium()
    const { files, authority } = credential()
    await importInto(storesOf(made), chromium, [...files, authority])
    const names = certutil(made.database, ['-L'])
    expect(names).toContain('Coffret - prod')
    expect(names).not.toContain('Test root')
  })

  test('leaves a root that was there before', async () => {
    const made = homeWithChromium()
    const { files, authority } = credential()
    mkdirSync(made.database, { recursive: true })
    certutil(made.database, ['-N', '--empty-password'])
    certutil(made.database, ['-A', '-n', 'mine', '-t', 'C,,', '-i', putFile(authority.bytes)])
    await importInto(storesOf(made), chromium, [...files, authority])
    expect(certutil(made.database, ['-L'])).toMatch(/^mine\s+C,,\s*$/m)
  })

  test('runs what the list said before, word for word', async () => {
    const made = homeWithChromium()
    const stores = storesOf(made)
    const at = ['-d', `sql:${made.database}`]
    const shown = [
      ['pk12util', '-i', 'client.p12', ...at, '-w', 'password', '-k', 'database-password'],
      ['certutil', '-K', ...at, '-f', 'database-password'],
    ]
    const making = ['certutil', '-N', '--empty-password', ...at]
    for (const expected of [[making, ...shown], shown]) {
      expect((await stores.list()).stores).toMatchObject([{ commands: expected }])
      const { commands } = await importInto(stores, chromium, credential().files)
      expect(commands).toEqual(expected)
    }
  })

  test('into a database that cannot be written says so, and leaves nothing', async () => {
    const made = homeWithFirefox('')
    const home = { ...made.home, canWrite: (path: string) => !path.endsWith('key4.db') }
    const done = importInto(storesOf({ ...made, home }), firefox, credential().files)
    await expect(done).rejects.toMatchObject({ code: 'not_writable', field: 'store' })
    expect(certutil(made.database, ['-L'])).not.toContain('Coffret')
  })

  test('into a place where no database can be made says so', async () => {
    const made = homeWithChromium()
    made.put('.local/share', 'a file')
    const done = importInto(storesOf(made), chromium, credential().files)
    await expect(done).rejects.toMatchObject({ code: 'not_writable', field: 'store' })
  })

  test.each(['cert9.db', 'key4.db'])(
    'into a damaged %s says so, and changes nothing',
    async (name) => {
      const made = homeWithFirefox('')
      const file = join(made.database, name)
      writeFileSync(file, 'neither a database nor empty')
      const stores = storesOf(made)
      const done = importInto(stores, firefox, credential().files)
      await expect(done).rejects.toMatchObject({ code: 'corrupt', field: 'store' })
      expect(readFileSync(file, 'utf8')).toBe('neither a database nor empty')
      expect((await stores.list()).stores).toMatchObject([{ id: 'firefox:p', certificates: [] }])
    },
  )

  test('into a database that NSS cannot open is not called a fault of the vault', async () => {
    const made = homeWithFirefox('')
    const file = join(made.database, 'key4.db')
    const content = readFileSync(file)
    writeFileSync(file, content.fill(0xff, 100))
    const stores = storesOf(made)
    const done = importInto(stores, firefox, credential().files)
    await expect(done).rejects.toMatchObject({ code: 'busy', field: 'store' })
    // Not one that holds nothing.
    expect((await stores.list()).stores).toMatchObject([{ id: 'firefox:p', isClosed: true }])
  })

  test('says that the browser runs', async () => {
    const made = homeWithChromium()
    made.link('.config/chromium/SingletonLock', chromiumLock())
    const done = await importInto(storesOf(made), chromium, credential().files)
    expect(done.isRunning).toBe(true)
  })

  test('of a key that NSS does not know says so, and leaves nothing', async () => {
    const made = homeWithChromium()
    const done = importInto(storesOf(made), chromium, credential({ type: 'Ed25519' }).files)
    await expect(done).rejects.toMatchObject({ code: 'unsupported', field: 'files' })
    expect(certutil(made.database, ['-L'])).not.toContain('Coffret')
  })

  test('of files without a key makes no database', async () => {
    const made = homeWithChromium()
    const { files } = credential()
    const done = importInto(storesOf(made), chromium, files.slice(0, 1))
    await expect(done).rejects.toMatchObject({ code: 'invalid', field: 'files' })
    expect(existsSync(made.database)).toBe(false)
  })

  test('under a name with a colon, emoji or lines has a name that NSS can find', async () => {
    const made = homeWithChromium()
    const stores = storesOf(made)
    const { files, fingerprint } = credential()
    const { certificate } = await importInto(stores, chromium, files, { name: 'okms:\n🔑 équipe' })
    expect(certificate.nickname).toMatch(/^Coffret - okms équipe \(/)
    await stores.remove({
      ...{ store: chromium, sha256Fingerprint: fingerprint, databasePassword: undefined },
    })
    expect(certutil(made.database, ['-L'])).not.toContain('okms')
  })
})

describe('a primary password', () => {
  test.each(['simple', 'with:colon', 'NSS Certificate DB:x', ' é€ spaces ', '#'])(
    'of %j opens the store',
    async (password) => {
      const made = homeWithFirefox(password)
      const stores = storesOf(made)
      const { files, fingerprint } = credential()
      const databasePassword = bytes(password)
      const done = await importInto(stores, firefox, files, { databasePassword })
      expect(done.certificate.sha256Fingerprint).toBe(fingerprint)
      await stores.remove({
        ...{ store: firefox, sha256Fingerprint: fingerprint, databasePassword: bytes(password) },
      })
      expect((await stores.list()).stores).toMatchObject([{ certificates: [] }])
    },
  )

  test.each([undefined, 'wrong'])('is asked for: %j does not open it', async (password) => {
    const made = homeWithFirefox('right')
    const databasePassword = password === undefined ? undefined : bytes(password)
    const done = importInto(storesOf(made), firefox, credential().files, { databasePassword })
    await expect(done).rejects.toMatchObject({
      ...{ code: 'wrong_password', field: 'databasePassword' },
    })
    expect(certutil(made.database, ['-L'])).not.toContain('Coffret')
  })

  test('is asked for again to take a certificate out', async () => {
    const made = homeWithFirefox('right')
    const stores = storesOf(made)
    const { files, fingerprint } = credential()
    await importInto(stores, firefox, files, { databasePassword: bytes('right') })
    const removal = { store: firefox, sha256Fingerprint: fingerprint }
    await expect(stores.remove({ ...removal, databasePassword: undefined })).rejects.toMatchObject({
      code: 'wrong_password',
      field: 'databasePassword',
    })
    expect((await stores.list()).stores[0]?.certificates).toHaveLength(1)
  })
})

describe('secrets', () => {
  /** Tools that note what they are given, and what they find, before they do their work. */
  function recording(made: TemporaryHome) {
    const folder = join(made.folder, 'bin')
    const log = join(made.folder, 'log')
    mkdirSync(folder)
    for (const tool of ['certutil', 'pk12util']) {
      const real = execFileSync('which', [tool], { encoding: 'utf8' }).trim()
      const script = `#!/bin/bash
{ printf 'run %s\\n' ${tool}; printf 'arg %s\\n' "$@"; env | sed 's/^/env /'; tr '\\0' '\\n' </proc/$PPID/cmdline | sed 's/^/parent /'
for file in "$@"; do
  if [ -f "$file" ]; then
    stat -c 'mode %a %n' "$(realpath "$file")" "$(dirname "$(realpath "$file")")"
    printf 'content %s %s\\n' "$(basename "$file")" "$(head -c 100 "$file" | base64 -w0)"
  fi
done; } >>${log}
exec ${real} "$@"
`
      writeFileSync(join(folder, tool), script)
      chmodSync(join(folder, tool), 0o755)
    }
    const PATH = `${folder}:${made.environment['PATH'] ?? ''}`
    return {
      made: { ...made, environment: { ...made.environment, PATH } as TemporaryHome['environment'] },
      lines: (kind: string) =>
        readFileSync(log, 'utf8')
          .split('\n')
          .flatMap((line) => (line.startsWith(`${kind} `) ? line.slice(kind.length + 1) : [])),
    }
  }

  test('never stand among arguments or in the environment', async () => {
    const { made, lines } = recording(homeWithFirefox('primary-canary'))
    const stores = storesOf(made)
    const { files, fingerprint } = credential({ keyPassword: 'key-canary' })
    const databasePassword = bytes('primary-canary')
    const done = await importInto(stores, firefox, files, {
      databasePassword,
      keyPassword: 'key-canary',
    })
    await stores.remove({
      ...{ store: firefox, sha256Fingerprint: fingerprint },
      databasePassword: bytes('primary-canary'),
    })

    const contents = new Map(
      lines('content').map((line) => {
        const [name = '', base64 = ''] = line.split(' ')
        return [name, Buffer.from(base64, 'base64').toString('utf8')]
      }),
    )
    const password = contents.get('password') ?? ''
    expect(password).toMatch(/^[0-9a-f]{48}$/)
    expect(contents.get('database-password')).toBe('primary-canary')
    const open = [...lines('arg'), ...lines('env'), ...lines('parent'), JSON.stringify(done)]
    for (const secret of [password, 'primary-canary', 'key-canary', 'PRIVATE KEY']) {
      expect(open.filter((line) => line.includes(secret))).toEqual([])
    }
    expect(new Set(lines('run'))).toEqual(new Set(['certutil', 'pk12util']))
  })

  test('lie in files of ours alone, in memory, and are gone afterwards', async () => {
    const { made, lines } = recording(homeWithChromium())
    const runtime = made.environment['XDG_RUNTIME_DIR'] ?? ''
    await importInto(storesOf(made), chromium, credential().files)
    const modes = lines('mode').map((line) => line.split(' '))
    expect(modes.length).toBeGreaterThanOrEqual(6)
    for (const [mode, path = ''] of modes) {
      expect(mode).toBe(/\/coffret-browser-\d+-\w+$/.test(path) ? '700' : '600')
      expect(dirname(path).startsWith(runtime)).toBe(true)
    }
    expect(readdirSync(runtime)).toEqual([])
  })

  test('are gone after a failure too', async () => {
    const made = homeWithFirefox('right')
    await importInto(storesOf(made), firefox, credential().files).catch(() => undefined)
    expect(readdirSync(made.environment['XDG_RUNTIME_DIR'] ?? '')).toEqual([])
  })

  test('are not told by the words of a failure', async () => {
    const made = homeWithFirefox('right')
    const databasePassword = bytes('wrong-canary')
    const error: unknown = await importInto(storesOf(made), firefox, credential().files, {
      databasePassword,
    }).catch((reason: unknown) => reason)
    expect(String(error)).toMatch(
      /^CoffretError: the primary .* or wrong: pk12util failed: SEC_ERROR_\w+(, \w+)*$/,
    )
    expect(databasePassword.every((byte) => byte === 0)).toBe(true)
  })
})

describe('without the tools', () => {
  test('the package is named, and browsers are listed all the same', async () => {
    const made = homeWithChromium()
    const stores = storesOf({ ...made, environment: { ...made.environment, PATH: '/nowhere' } })
    const list = await stores.list()
    expect(list.stores).toHaveLength(1)
    expect(list.missingTools?.package).toMatch(/nss/)
    expect(list.missingTools?.command.at(-1)).toBe(list.missingTools?.package)
  })

  test('an import says so, and leaves nothing', async () => {
    const made = homeWithChromium()
    const stores = storesOf({ ...made, environment: { ...made.environment, PATH: '.:' } })
    await expect(importInto(stores, chromium, credential().files)).rejects.toMatchObject({
      ...{ code: 'unsupported', field: 'tools' },
    })
    expect(existsSync(made.database)).toBe(false)
    expect(readdirSync(made.environment['XDG_RUNTIME_DIR'] ?? '')).toEqual([])
  })
})

test.each(['darwin', 'win32'] as const)('on %s nothing is imported by itself', async (platform) => {
  const stores = storesOf(homeWithChromium(), platform)
  const list = await stores.list()
  expect(list.stores).toEqual([])
  expect(list.system).toBe(platform === 'darwin' ? 'macos' : 'windows')
  await expect(importInto(stores, chromium, credential().files)).rejects.toMatchObject({
    code: 'not_found',
  })
})
