import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { makeCertificate, makeKey, openssl } from '../pki/openssl'
import { buildCommand, CommandFolder } from './built-command'

buildCommand()

const command = fileURLToPath(new URL('../../out/main/cli.cjs', import.meta.url))
const pair = makeCertificate({ extensions: ['extendedKeyUsage=clientAuth'] })
const encryptedKey = openssl(['pkcs8', '-topk8', '-passout', 'pass:canary opens'], pair.key)

let place: CommandFolder
let out: string

beforeEach(() => {
  place = new CommandFolder()
  out = join(place.folder, 'out.p12')
  place.write('cert.pem', pair.certificate)
  place.write('key.pem', pair.key)
  place.write('encrypted.pem', encryptedKey)
  place.write('other.pem', makeKey())
  place.write('password', 'canary new\r\n')
})

const create = ['p12', 'create', '--cert', 'cert.pem', '--out', 'out.p12'] as const
const withKey = [...create, '--key', 'key.pem'] as const
const withEncrypted = [...create, '--key', 'encrypted.pem'] as const
const withPassword = ['--password-file', 'password'] as const
const keyQuestion = 'Password of the key or PKCS#12 file: '
const newQuestion = 'Password of the new PKCS#12 file: '

const opens = (passphrase: string): boolean => {
  createSecureContext({ pfx: readFileSync(out), passphrase })
  return true
}
/** What it left behind beside what was there. */
const made = () =>
  readdirSync(place.folder).filter(
    (name) => !/^(cert|key|encrypted|other)\.pem$|^pass|^run$/.test(name),
  )

describe('in a terminal', () => {
  test('asks for each password without showing it, for a new one twice', async () => {
    const { code, shown } = await place.type(withEncrypted, [
      [keyQuestion, 'canary opens\r'],
      [newQuestion, 'canary typed\r'],
      ['Once more: ', 'canary typed\r'],
    ])
    expect(shown).toBe(
      `${keyQuestion}\r\n${newQuestion}\r\nOnce more: \r\ncreated ${out} (modern)\r\n`,
    )
    expect(code).toBe(0)
    expect(opens('canary typed')).toBe(true)
  })

  test('takes answers that come all at once', async () => {
    const all = 'canary opens\rcanary typed\rcanary typed\r'
    const { code } = await place.type(withEncrypted, [[keyQuestion, all]])
    expect(code).toBe(0)
    expect(opens('canary typed')).toBe(true)
  })

  test('asks instead of reading a line that would be shown', async () => {
    const words = [...withKey, '--password-file', '-']
    const { code, shown } = await place.type(words, [
      [newQuestion, 'canary typed\r'],
      ['Once more: ', 'canary typed\r'],
    ])
    expect(code).toBe(0)
    expect(shown).not.toContain('canary')
  })

  test.each<[string, readonly (readonly [string, string])[], number]>([
    ['Ctrl+C', [[keyQuestion, 'canary\u0003']], 1],
    [
      'Ctrl+C at the second question',
      [
        [keyQuestion, 'canary opens\r'],
        [newQuestion, 'canary\u0003'],
      ],
      1,
    ],
    [
      'two that differ',
      [
        [keyQuestion, 'canary opens\r'],
        [newQuestion, 'canary one\r'],
        ['Once more: ', 'canary two\r'],
      ],
      1,
    ],
    [
      'an empty one',
      [
        [keyQuestion, 'canary opens\r'],
        [newQuestion, '\r'],
      ],
      1,
    ],
    ['a wrong one', [[keyQuestion, 'canary\r']], 3],
  ])('%s leaves nothing behind', async (_, answers, code) => {
    const ended = await place.type(withEncrypted, answers)
    expect(ended.code).toBe(code)
    expect(ended.shown).toMatch(/\r\ncoffret: [^\n]+\r\n$/)
    expect(ended.shown).not.toContain('canary')
    expect(made()).toEqual([])
  })
})

describe('passwords', () => {
  test.each([
    ['a line', ['canary new\n']],
    ['a line of Windows', ['canary new\r\n']],
    ['no line end', ['canary new']],
    ['several pieces', ['cana', 'ry new', '\n']],
  ])('come from the standard input as %s', async (_, chunks) => {
    const ended = await place.feed([...withKey, '--password-file', '-'], ...chunks)
    expect(ended).toMatchObject({ code: 0, err: '' })
    expect(opens('canary new')).toBe(true)
  })

  test.each<[string, readonly string[], RegExp]>([
    [
      'an empty standard input',
      ['--password-file', '-'],
      /password of the standard input is empty/,
    ],
    ['an endless one', ['--password-file', '/dev/zero'], /longer than 1024 bytes/],
    ['a file that is not there', ['--password-file', 'missing'], /missing cannot be read: no such/],
  ])('are not %s', async (_, words, problem) => {
    const ended = await place.feed([...withKey, ...words])
    expect(ended).toMatchObject({ code: 1, out: '', err: expect.stringMatching(problem) })
    expect(made()).toEqual([])
  })

  test('are in no list of processes: there is no option for one', async () => {
    const ended = await place.run(...withKey, '--password', 'canary')
    expect(ended).toMatchObject({ code: 2, err: expect.stringMatching(/unknown option/) })
  })
})

test.each<[string, readonly string[], object]>([
  ['a wrong password', [...withEncrypted, '--key-password-file', 'password'], { code: 3 }],
  ['a missing one', withEncrypted, { code: 3, err: /a password is needed: give --key-password/ }],
  [
    'a mismatch',
    [...create, '--key', 'other.pem'],
    { err: /(certificate ([0-9A-F]{2}:){31}.*, key ([0-9A-F]{2}:){31})/ },
  ],
  [
    'a chain that is none',
    [...withKey, '--chain', 'password'],
    { err: /password: no certificate/ },
  ],
  ['no certificate', [...withKey, '--cert', 'password'], { err: /no certificate/ }],
  ['an endless file', [...withKey, '--cert', '/dev/zero'], { err: /larger than 1048576 bytes/ }],
  ['a missing folder', [...withKey, '--out', 'no/out.p12'], { err: /no such file or folder/ }],
  ['a folder', [...withKey, '--out', 'run'], { err: /there already/ }],
  ['a device', [...withKey, '--out', '/dev/full', '--force'], { err: /no file to be replaced/ }],
  [
    'a link to a device',
    [...withKey, '--out', '/dev/stdout', '--force'],
    { err: /no file to be replaced/ },
  ],
  ['the name of a folder', [...withKey, '--out', 'new/'], { code: 2, err: /name of a file/ }],
  ['the standard output', [...withKey, '--out', '-'], { code: 2, err: /name of a file/ }],
  ['an emoji as name', [...withKey, '--name', '🔑'], { code: 2, err: /U\+FFFF/ }],
  ['no name', [...withKey, '--name', ' '], { code: 2, err: /1 to 128/ }],
])(
  '%s is refused in words, and nothing is made',
  async (
    _,
    words,
    {
      code = 1,
      err = /./,
    }: {
      code?: number
      err?: RegExp
    },
  ) => {
    const text = await place.run(...words, ...withPassword)
    expect(text).toEqual({ code, out: '', err: expect.stringMatching(err) })
    expect(text.err).toMatch(/^coffret: [^\n]+\n$/)
    const json = await place.run(...words, ...withPassword, '--json')
    expect(json).toMatchObject({ code, err: text.err })
    expect(JSON.parse(json.out)).toEqual({
      error: { code: expect.any(String), message: expect.any(String) },
    })
    expect(json.out + json.err).not.toMatch(/canary|PRIVATE/)
    expect(made()).toEqual([])
  },
)

describe('the file', () => {
  test('is of its owner alone, whatever the mask', async () => {
    const before = process.umask(0)
    try {
      await place.run(...withKey, ...withPassword)
    } finally {
      process.umask(before)
    }
    expect(statSync(out).mode & 0o777).toBe(0o600)
  })

  test('may have the longest name there is', async () => {
    const name = 'x'.repeat(255)
    expect((await place.run(...withKey, '--out', name, ...withPassword)).code).toBe(0)
    expect(made()).toEqual([name])
  })

  test('in the place of a link replaces the link, and only when told', async () => {
    const target = place.write('password-target', 'mine')
    symlinkSync(target, out)
    expect((await place.run(...withKey, ...withPassword)).code).toBe(1)
    expect((await place.run(...withKey, ...withPassword, '--force')).code).toBe(0)
    expect(readFileSync(target, 'utf8')).toBe('mine')
    expect(opens('canary new')).toBe(true)
  })

  /** The program, while the system does this to its calls. */
  const traced = (inject: string, ...words: readonly string[]): number | null => {
    const known = ['--follow-forks', '--quiet=all', '-o', '/dev/null', '-e', `inject=${inject}`]
    const options = { env: place.environment, cwd: place.folder, stdio: 'pipe' } as const
    try {
      execFileSync('strace', [...known, process.execPath, command, ...words], options)
      return 0
    } catch (error) {
      return (error as { status: number | null }).status
    }
  }

  test.each(['fsync:signal=KILL', 'link:signal=KILL', 'link:error=ENOSPC', 'fsync:error=EIO'])(
    'is not there when writing it ends with %s',
    (inject) => {
      expect(traced(inject, ...withKey, ...withPassword)).not.toBe(0)
      expect(existsSync(out)).toBe(false)
    },
  )

  test.each(['fsync:signal=KILL', 'rename:signal=KILL', 'rename:error=ENOSPC'])(
    'that is there stays whole when replacing it ends with %s',
    async (inject) => {
      await place.run(...withKey, ...withPassword)
      const before = readFileSync(out)
      expect(traced(inject, ...withKey, ...withPassword, '--force')).not.toBe(0)
      expect(readFileSync(out).equals(before)).toBe(true)
    },
  )

  // The second is how Windows says it of a stick.
  test.each(['EPERM', 'EISDIR', 'EOPNOTSUPP'])(
    'is made where links are refused with %s',
    (error) => {
      expect(traced(`link:error=${error}`, ...withKey, ...withPassword)).toBe(0)
      expect(opens('canary new')).toBe(true)
      expect(made()).toEqual(['out.p12'])
    },
  )

  test('leaves nothing where neither a link nor a new name is to be had', () => {
    expect(traced('link,rename:error=EPERM', ...withKey, ...withPassword)).toBe(1)
    expect(made()).toEqual([])
  })

  // The first is the file, the second its folder.
  test.each(['EINVAL', 'EACCES'])('is there when its folder answers %s to fsync', (error) => {
    expect(traced(`fsync:error=${error}:when=2`, ...withKey, ...withPassword)).toBe(0)
    expect(opens('canary new')).toBe(true)
  })

  test('is refused at once in a folder that cannot be written, before a password is asked for', () => {
    // No password: it would be the missing password that is refused, with 3.
    expect(traced('access:error=EROFS', ...withEncrypted)).toBe(1)
    expect(made()).toEqual([])
  })
})

describe('what is printed', () => {
  test('is one line of JSON, also when a file stays closed', async () => {
    await place.run(...withKey, ...withPassword)
    const shown = await place.run('p12', 'show', 'out.p12', '--json')
    expect(shown).toMatchObject({ code: 3, err: expect.stringMatching(/give --password-file/) })
    expect(JSON.parse(shown.out)).toMatchObject({
      files: [{ name: 'out.p12', found: ['pkcs12'] }],
      error: { code: 'wrong_password' },
    })
  })

  test('is told to have been lost on a full disk', () => {
    const full = openSync('/dev/full', 'w')
    try {
      const stdio = ['ignore', full, 'pipe'] as const
      const options = { cwd: place.folder, stdio: [...stdio], env: place.environment }
      const words = [command, 'p12', 'extract', 'cert.pem', 'key.pem']
      expect(() => execFileSync(process.execPath, words, options)).toThrow(
        expect.objectContaining({
          status: 1,
          stderr: Buffer.from('coffret: the standard output cannot be written: the disk is full\n'),
        }),
      )
    } finally {
      closeSync(full)
    }
  })

  test('holds no control sequence of a certificate, a file name or an argument', async () => {
    const evil = '\u001b[2J\u009b2K\u202e'
    const { certificate, key } = makeCertificate({ subject: `/CN=a${evil}b` })
    const name = `n${evil}.pem`
    place.write(name, Buffer.concat([certificate, key]))
    const ends = await Promise.all([
      place.run('p12', 'show', name),
      place.run('p12', 'show', name, '--json'),
      place.run('p12', 'show', `${name}-missing`, '--json'),
      place.run('p12', 'create', '--cert', name, '--out', `${name}.p12`, ...withPassword),
      place.run(evil),
    ])
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 1, 0, 2])
    const all = ends.map(({ out: printed, err }) => printed + err).join('')
    expect(all).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(all).toContain('\\1b[2J\\c2\\9b2K\\e2\\80\\ae')
    // To a program nothing is lost.
    expect(JSON.parse(ends[2].out)).toMatchObject({
      error: { message: expect.stringContaining(evil) },
    })
  })
})
