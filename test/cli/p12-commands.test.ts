import { createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { Command } from 'commander'
import { beforeEach, describe, expect, test } from 'vitest'
import { CredentialReport } from '../../src-main/contract/calls'
import { addP12Commands } from '../../src-main/cli/p12-commands'
import { systemClock as clock, systemRandom as random } from '../../src-main/env'
import { inspectCredentials, makePkcs12 } from '../../src-main/pki/credential-tools'
import type { CredentialThreads } from '../../src-main/pki/credential-threads'
import { extractPem } from '../../src-main/pki/pem-extraction'
import { folder, makeAuthority, makeCertificate, makeKey, openssl, put } from '../pki/openssl'

const root = makeAuthority('root')
const pair = makeCertificate({ issuer: root, extensions: ['extendedKeyUsage=clientAuth'] })
const certificate = put(pair.certificate)
const key = put(pair.key)
const chain = put(root.certificate)
const encryptedKey = put(openssl(['pkcs8', '-topk8', '-passout', 'pass:opens it'], pair.key))
/** A cipher that nobody uses. */
const camellia = openssl([
  ...['pkcs12', '-export', '-in', certificate, '-inkey', key, '-passout', 'pass:opens it'],
  ...['-keypbe', 'CAMELLIA-256-CBC', '-certpbe', 'CAMELLIA-256-CBC'],
])
const passwordFile = put('clé €\n')
const oldPasswordFile = put('opens it')

/** In this thread: what the threads do is tested beside them. */
const credentials: CredentialThreads = {
  inspect: async ({ files, password }) => inspectCredentials(files, password, clock.now()),
  makePkcs12: (input) => makePkcs12({ ...input, random, now: clock.now() }),
  extractPem: (input) => extractPem({ ...input, random, now: clock.now() }),
}

let printed: string[]
/** What somebody types, in turn. */
let typed: string[]
let asked: string[]
let count = 0
let out: string

beforeEach(() => {
  ;[printed, typed, asked] = [[], [], []]
  out = join(folder, `out-${++count}`)
})

async function run(...words: readonly string[]): Promise<string> {
  const program = new Command('coffret')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  const terminal = {
    print: (line: string) => void printed.push(line),
    warn: () => undefined,
    isSeen: false,
    canAsk: typed.length > 0,
    askHidden: async (question: string) => {
      asked.push(question)
      return new TextEncoder().encode(typed.shift())
    },
  }
  addP12Commands(program, { terminal, credentials, random })
  await program.parseAsync(['p12', ...words], { from: 'user' })
  return printed.join('\n')
}

const create = (...more: readonly string[]): Promise<string> =>
  run('create', '--cert', certificate, '--key', key, '--out', out, ...more)
const withPassword = ['--password-file', passwordFile] as const
const opens = (passphrase: string): boolean => {
  try {
    createSecureContext({ pfx: readFileSync(out), passphrase })
    return true
  } catch {
    return false
  }
}

describe('p12 create', () => {
  test('makes a file that only its owner reads, with the password of a file', async () => {
    expect(await create('--chain', chain, ...withPassword)).toBe(`created ${out} (modern)`)
    expect(statSync(out).mode & 0o777).toBe(0o600)
    expect([opens('clé €'), opens('clé €\n'), opens('')]).toEqual([true, false, false])
    const shown = openssl(['pkcs12', '-nokeys', '-in', out, '-passin', 'pass:clé €']).toString()
    expect(shown.match(/subject=.*/g)).toEqual(['subject=CN = app', 'subject=CN = root'])
    expect(shown).toContain('friendlyName: app')
    expect(readdirSync(folder).filter((name) => name.startsWith(`out-${count}.`))).toEqual([])
  })

  test('asks for passwords that no file gives, a new one twice', async () => {
    typed = ['opens it', 'new', 'new']
    await run('create', '--cert', certificate, '--key', encryptedKey, '--out', out)
    expect(asked).toEqual([
      'Password of the key or PKCS#12 file: ',
      'Password of the new PKCS#12 file: ',
      'Once more: ',
    ])
    expect(opens('new')).toBe(true)
  })

  test('takes the profile and the name', async () => {
    const text = await create(...withPassword, '--profile', 'compatible', '--name', 'é', '--json')
    const told = { file: out, profile: 'compatible', name: 'é', warnings: [], leftOut: [] }
    expect(JSON.parse(text)).toEqual(told)
  })

  test('makes another file of a PKCS#12 file, and keeps its name', async () => {
    await create('--name', 'mine', ...withPassword)
    const again = `${out}-again`
    const more = ['--key-password-file', passwordFile, '--password-file', oldPasswordFile, '--json']
    const text = await run('create', '--cert', out, '--out', again, ...more)
    expect(JSON.parse(text.split('\n').at(-1) ?? '')).toMatchObject({ name: 'mine' })
    out = again
    expect(opens('opens it')).toBe(true)
  })

  test('names the certificates that are not of the chain', async () => {
    const stranger = put(makeAuthority('stranger').certificate)
    const text = await create('--chain', stranger, ...withPassword)
    expect(text).toContain('left out, not of this chain: CN=stranger')
    expect(text).toContain('warning: a certificate of the chain is missing')
  })

  test('warns, and makes it all the same', async () => {
    const server = makeCertificate({ extensions: ['extendedKeyUsage=serverAuth'] })
    const files = ['--cert', put(server.certificate), '--key', put(server.key)]
    const text = await run('create', ...files, '--out', out, ...withPassword)
    expect(text).toContain('warning: the certificate is not meant to identify a client')
    expect(existsSync(out)).toBe(true)
  })

  test('replaces nothing unless it is told to', async () => {
    out = put('mine')
    await expect(create(...withPassword)).rejects.toMatchObject({ code: 'exists' })
    expect(readFileSync(out, 'utf8')).toBe('mine')
    await create('--force', ...withPassword)
    expect(opens('clé €')).toBe(true)
  })

  test.each<[string, () => readonly string[], object]>([
    ['for another key', () => ['--key', put(makeKey())], { code: 'key_mismatch' }],
    ['without a key', () => ['--key', chain], { code: 'invalid', message: 'no private key' }],
    [
      'of a kind of key that is not taken, which is named',
      () => ['--key', put(makeKey('RSA 1024'))],
      { code: 'unsupported', message: expect.stringContaining('of type RSA 1024') },
    ],
    [
      'of a file that stays closed to us, of which nothing is said to be missing',
      () => ['--cert', put(camellia), '--key-password-file', oldPasswordFile],
      { code: 'invalid', message: expect.stringMatching(/not accepted: export it again[^;]*$/) },
    ],
    ['for a file that is not there', () => ['--key', '/nowhere'], { code: 'not_found' }],
    [
      'for a wrong password',
      () => ['--key', encryptedKey, '--key-password-file', passwordFile],
      { code: 'wrong_password', message: 'wrong password' },
    ],
    [
      'when nobody can be asked',
      () => ['--key', encryptedKey],
      { code: 'wrong_password', message: expect.stringContaining('--key-password-file') },
    ],
    ['for an empty password', () => ['--password-file', put('\n')], { code: 'invalid' }],
    [
      'for two passwords of one input',
      () => ['--password-file', '-', '--key-password-file', '-'],
      {
        ...{ code: 'invalid', field: 'usage' },
      },
    ],
    ['for a profile that is none', () => ['--profile', 'x'], { code: 'commander.invalidArgument' }],
  ])('makes nothing %s', async (_, words, error) => {
    const all = ['create', '--cert', certificate, '--key', key, '--out', out, ...withPassword]
    await expect(run(...all, ...words())).rejects.toMatchObject(error)
    expect(existsSync(out)).toBe(false)
  })

  test('makes nothing of two passwords that differ', async () => {
    typed = ['one', 'other']
    await expect(create()).rejects.toMatchObject({ code: 'invalid' })
    expect(existsSync(out)).toBe(false)
  })
})

describe('p12 show', () => {
  test('says what a file holds', async () => {
    await create('--chain', chain, '--name', 'my\u001b[2Japp', ...withPassword)
    printed = []
    const text = await run('show', out, ...withPassword)
    expect(text).toContain(': PKCS#12 file, certificate, encrypted private key')
    expect(text).toContain('name: my\\1b[2Japp')
    expect(text).toMatch(/subject {5}CN=app\n {2}issuer {6}CN=root/)
    expect(text).toContain('uses        clientAuth')
    expect(text).toContain('private key: EC P-256, belongs to the first certificate')
    expect(text).not.toContain('\u001b')
  })

  test('says it in JSON, as the window is told', async () => {
    const report: unknown = JSON.parse(await run('show', certificate, key, '--json'))
    expect(CredentialReport.parse(report)).toEqual(report)
  })

  test('of what does not belong together, with both fingerprints', async () => {
    const text = await run('show', certificate, put(makeKey()))
    expect(text).toContain('problem: the private key belongs to another certificate')
    expect(text.match(/SHA-256: ([0-9A-F]{2}:){31}[0-9A-F]{2}$/gm)).toHaveLength(2)
  })

  test.each([
    ['a wrong password', () => encryptedKey, [...withPassword], 'wrong_password'],
    ['no certificate', () => put('hello'), [], 'invalid'],
    ['an empty file', () => put(''), [], 'invalid'],
  ])('fails for %s, after it has said so', async (_, file, more, code) => {
    await expect(run('show', file(), ...more)).rejects.toMatchObject({ code })
    expect(printed).toHaveLength(1)
  })

  test('does not read what is larger than 1 MiB', async () => {
    const large = put(new Uint8Array(1_048_577))
    await expect(run('show', large)).rejects.toMatchObject({ code: 'too_large' })
  })
})

describe('p12 extract', () => {
  beforeEach(async () => {
    await create('--chain', chain, ...withPassword)
    printed = []
  })

  test('prints the key and its certificates', async () => {
    const text = await run('extract', out, ...withPassword)
    expect(`${text}\n`).toBe(`${pair.key}${pair.certificate}${root.certificate}`)
  })

  test('writes them to a file of its owner, the key encrypted', async () => {
    const pem = `${out}.pem`
    const more = ['--new-password-file', oldPasswordFile, '--out', pem]
    expect(await run('extract', out, ...withPassword, ...more)).toBe(`created ${pem}`)
    expect(statSync(pem).mode & 0o777).toBe(0o600)
    const text = readFileSync(pem)
    expect(() => createPrivateKey(text)).toThrow()
    expect(createPrivateKey({ key: text, passphrase: 'opens it' }).asymmetricKeyType).toBe('ec')
    await expect(run('extract', out, ...withPassword, ...more)).rejects.toMatchObject({
      code: 'exists',
    })
  })

  test('prints them as JSON', async () => {
    const text = await run('extract', out, ...withPassword, '--json')
    expect(JSON.parse(text)).toEqual({
      key: pair.key.toString(),
      certificates: `${pair.certificate}${root.certificate}`,
    })
  })

  test('gives nothing for a wrong password', async () => {
    const wrong = ['--password-file', oldPasswordFile]
    await expect(run('extract', out, ...wrong)).rejects.toMatchObject({ code: 'wrong_password' })
    expect(printed).toEqual([])
  })
})
