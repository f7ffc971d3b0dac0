import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { Agent } from 'node:https'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock, systemRandom } from '../../src-main/env'
import { LocalVault } from '../../src-main/vault/local-vault'
import { send, type WireReply } from '../http/served-vault'
import { passphrase } from '../vault/new-vault'
import { CommandFolder, buildCommand, readReady, type Ready } from './built-command'

buildCommand()

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)

/** A request with the token of a ready file. */
function ask(
  ready: Ready,
  path: string,
  more: Parameters<typeof send>[0] = {},
): Promise<WireReply> {
  const ca = readFileSync(ready.caFile)
  const port = Number(new URL(ready.address).port)
  return send({ ca, headers: { 'X-Vault-Token': ready.token }, ...more, path }, { port })
}

/** The names of the credentials that a vault holds. */
async function credentialsOf(file: string): Promise<string[]> {
  const vault = LocalVault.open({ file, clock: systemClock, random: systemRandom })
  try {
    await vault.unlockWithPassphrase(passphrase)
    return vault.credentials.list().map(({ name }) => name)
  } finally {
    vault.close()
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('vault create', () => {
  test('makes a vault with both mounts, and its recovery words in a private file', async () => {
    const place = new CommandFolder()
    const words = join(place.folder, 'words')
    const known = ['vault', 'create', 'test.coffret', '--passphrase-file', place.passphraseFile]
    const made = await place.run(...known, '--recovery-file', words, '--json')
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(made.out)).toMatchObject({ file: place.vault, recoveryFile: words })
    expect(readFileSync(words, 'utf8').trim().split(' ')).toHaveLength(24)
    expect([mode(words), mode(place.vault)]).toEqual(['600', '600'])
    const options = { file: place.vault, clock: systemClock, random: systemRandom }
    const vault = LocalVault.open(options)
    onTestFinished(() => vault.close())
    await vault.unlockWithRecoveryWords(readFileSync(words, 'utf8'))
    expect((await vault.mounts.list()).map(({ name, version }) => [name, version])).toEqual([
      ['kv', 1],
      ['secret', 2],
    ])
  })

  test('puts no recovery words into a pipe, and replaces nothing', async () => {
    const place = new CommandFolder()
    const words = ['vault', 'create', place.vault, '--passphrase-file', place.passphraseFile]
    const made = await place.run(...words)
    expect(made.code).toBe(0)
    expect(made.err).toContain('no recovery words were kept')
    expect((made.out + made.err).split(' ').length).toBeLessThan(50)
    const before = readFileSync(place.vault)
    const again = await place.run(...words, '--recovery-file', join(place.folder, 'words'))
    expect(again).toMatchObject({ code: 1, err: expect.stringMatching(/^coffret: .+\n$/) })
    expect(readFileSync(place.vault).equals(before)).toBe(true)
    expect(existsSync(join(place.folder, 'words'))).toBe(false)
  })

  test('asks for a new passphrase twice in a terminal, and shows the words there', async () => {
    const place = new CommandFolder()
    const answers = [
      ['New passphrase: ', 'canary typed\r'],
      ['Once more: ', 'canary typed\r'],
    ] as const
    const { code, shown } = await place.type(['vault', 'create', place.vault], answers)
    expect(code).toBe(0)
    expect(shown).not.toContain('canary')
    expect(shown).toMatch(/^([a-z]+ ){23}[a-z]+\r$/m)
    const vault = LocalVault.open({ file: place.vault, clock: systemClock, random: systemRandom })
    onTestFinished(() => vault.close())
    await vault.unlockWithPassphrase(new TextEncoder().encode('canary typed'))
  })

  test('takes the passphrase from the standard input, whenever it comes', async () => {
    const place = new CommandFolder()
    const words = ['vault', 'create', place.vault, '--passphrase-file', '-', '--json']
    const made = await place.feed(words, 'canary ', 'typed\r\n')
    expect(made.code).toBe(0)
    expect(JSON.parse(made.out)).toMatchObject({ file: place.vault })
    const wrong = await place.feed(['serve', '--vault', place.vault, '--passphrase-file', '-'], 'x')
    expect(wrong.code).toBe(3)
  })

  test('without a terminal and a passphrase file it says what to do', async () => {
    const place = new CommandFolder()
    const made = await place.run('vault', 'create', place.vault)
    expect(made).toMatchObject({ code: 3, err: expect.stringContaining('give --passphrase-file') })
    expect(existsSync(place.vault)).toBe(false)
  })
})

describe('serve', () => {
  test('tells of itself in a private file, serves, and ends with a signal without a trace', async () => {
    const place = new CommandFolder()
    await place.create()
    const { child, ended, ready, readyFile } = await place.serve()
    expect(ready.pid).toBe(child.pid)
    expect(ready.address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const { caFile, clientCert, clientKey, socket } = ready
    const files = [readyFile, caFile, clientCert, clientKey, socket]
    expect(files.map(mode)).toEqual(files.map(() => '600'))
    expect(mode(join(socket, '..'))).toBe('700')
    const body = '{"data":{"n":1}}'
    expect((await ask(ready, '/v1/secret/data/a', { method: 'POST', body })).status).toBe(200)
    const certified = { cert: readFileSync(clientCert), key: readFileSync(clientKey), headers: {} }
    const rest = await ask(ready, `/api/${ready.okmsId}/v2/secret/a`, certified)
    expect(JSON.parse(rest.text)).toMatchObject({ path: 'a' })
    expect((await ask(ready, '/v1/secret/data/a', { headers: {} })).status).toBe(403)
    child.kill('SIGTERM')
    expect(await ended).toEqual({ code: 0, signal: null })
    expect(files.filter((file) => existsSync(file))).toEqual([])
    expect(readdirSync(join(place.runtime, 'coffret'))).toEqual([])
    expect(await credentialsOf(place.vault)).toEqual([])
  })

  test('two of them serve one vault, and the token of one is nothing to the other once it has ended', async () => {
    const place = new CommandFolder()
    await place.create()
    const first = await place.serve('one.json')
    const second = await place.serve('two.json')
    const body = '{"data":{"n":1}}'
    await ask(first.ready, '/v1/secret/data/a', { method: 'POST', body })
    const { token } = first.ready
    const asFirst = { headers: { 'X-Vault-Token': token } }
    expect((await ask(second.ready, '/v1/secret/data/a', asFirst)).status).toBe(200)
    first.child.kill('SIGINT')
    expect(await first.ended).toEqual({ code: 0, signal: null })
    expect((await ask(second.ready, '/v1/secret/data/a', asFirst)).status).toBe(403)
    expect((await ask(second.ready, '/v1/secret/data/a')).status).toBe(200)
    second.child.kill('SIGTERM')
    expect(await second.ended).toEqual({ code: 0, signal: null })
  })

  test('what a killed one has left opens nothing any more, also where the vault is served already', async () => {
    const place = new CommandFolder()
    await place.create()
    const [killed, other] = [await place.serve('one.json'), await place.serve('two.json')]
    const { token, clientCert, clientKey } = killed.ready
    const [cert, key] = [readFileSync(clientCert), readFileSync(clientKey)]
    const statuses = async () => {
      const target = '/v1/secret/data/a'
      const byToken = await ask(other.ready, target, { headers: { 'X-Vault-Token': token } })
      const byCertificate = await ask(other.ready, target, { cert, key, headers: {} })
      return [byToken.status, byCertificate.status]
    }
    expect(await statuses()).toEqual([404, 404])
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(await statuses()).toEqual([403, 403])
    expect((await ask(other.ready, '/v1/secret/data/a')).status).toBe(404)
  })

  test('what a killed one has left is removed by the next', async () => {
    const place = new CommandFolder()
    await place.create()
    const first = await place.serve()
    first.child.kill('SIGKILL')
    await first.ended
    expect(existsSync(first.ready.clientKey)).toBe(true)
    const second = await place.serve('two.json')
    expect(existsSync(first.ready.clientKey)).toBe(false)
    const headers = { 'X-Vault-Token': first.ready.token }
    expect((await ask(second.ready, '/v1/secret/data/a', { headers })).status).toBe(403)
    second.child.kill('SIGTERM')
    await second.ended
    expect(await credentialsOf(place.vault)).toEqual([])
  })

  test('a signal answers what is under way', async () => {
    const place = new CommandFolder()
    await place.create()
    const { child, ended, ready } = await place.serve()
    const agent = new Agent({ keepAlive: true, maxSockets: 8 })
    onTestFinished(() => agent.destroy())
    const write = async (n: number) => {
      const body = JSON.stringify({ data: { n } })
      const sending = { agent, method: 'POST', body }
      return ask(ready, `/v1/secret/data/${n}`, sending).then(
        ({ status }) => status,
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      )
    }
    const written = Array.from({ length: 100 }, (_, n) => write(n))
    await written[10]
    child.kill('SIGTERM')
    const results = await Promise.all(written)
    expect(await ended).toEqual({ code: 0, signal: null })
    const again = await place.serve('again.json')
    const listed = await ask(again.ready, '/v1/secret/metadata/', { method: 'LIST' })
    const there = (JSON.parse(listed.text) as { data: { keys: string[] } }).data.keys
    again.child.kill('SIGTERM')
    await again.ended
    // Acknowledged is written; what was refused never came to an answer.
    results.forEach((result, n) => {
      if (result === 200) expect(there).toContain(String(n))
      else expect(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']).toContain(result)
    })
    // Answered before the signal came; of the others there may be none.
    expect(results[10]).toBe(200)
  })

  test('--detach returns once it serves, and leaves it in the background', async () => {
    const place = new CommandFolder()
    await place.create()
    const readyFile = join(place.folder, 'ready.json')
    const known = ['serve', '--vault', 'test.coffret', '--passphrase-file', 'passphrase']
    const words = [...known, '--listen', '127.0.0.1:0', '--ready-file', 'ready.json', '--detach']
    const begun = await place.run(...words, '--json')
    expect(begun).toMatchObject({ code: 0, err: '' })
    const { pid, address } = JSON.parse(begun.out) as Ready
    onTestFinished(() => void (isRunning(pid) && process.kill(pid, 'SIGKILL')))
    const ready = readReady(readyFile)
    expect(ready).toMatchObject({ pid, address })
    expect((await ask(ready, '/v1/sys/health')).status).toBe(200)
    const told = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'utf8'))
    expect(told.join('')).not.toContain('canary')
    process.kill(pid, 'SIGTERM')
    await expect.poll(() => isRunning(pid)).toBe(false)
    expect(existsSync(readyFile)).toBe(false)
    expect(await credentialsOf(place.vault)).toEqual([])
  })

  test('what goes wrong is one line with what to do, in the background too', async () => {
    const place = new CommandFolder()
    await place.create()
    const { child, ended, ready } = await place.serve()
    const wrong = place.write('wrong', 'not it\n')
    const known = ['serve', '--vault', place.vault, '--passphrase-file']
    const taken = ['--listen', ready.address.replace('https://', '')]
    const free = ['--listen', '127.0.0.1:0']
    const failures: [string[], number, RegExp][] = [
      [[...known, wrong, ...free], 3, /passphrase opens no key slot/],
      [[...known, wrong, ...free, '--detach'], 3, /passphrase opens no key slot/],
      [
        [...known, place.passphraseFile, ...taken],
        1,
        new RegExp(`taken by .*process ${child.pid}`),
      ],
      [[...known, place.passphraseFile, ...taken, '--detach'], 1, /taken by/],
      [[...known, place.passphraseFile, ...free, '--socket', ready.socket], 1, /in use by/],
      [['serve', '--vault', wrong, '--passphrase-file', wrong], 1, /not|vault/],
      [[...known, place.passphraseFile, '--listen', '0.0.0.0:8250'], 2, /this computer only/],
      [[...known, place.passphraseFile, '--listen', '127.0.0.1:65536'], 2, /127\.0\.0\.1:PORT/],
      [['serve'], 2, /--vault/],
      [['nonsense'], 2, /unknown command/],
    ]
    const ends = await Promise.all(failures.map(([words]) => place.run(...words)))
    failures.forEach(([words, code, problem], at) => {
      const { err, out } = ends[at]!
      expect({ words, code: ends[at]!.code, out }).toEqual({ words, code, out: '' })
      expect(err).toMatch(problem)
      expect(err).toMatch(/^coffret: [^\n]+\n$/)
    })
    // None of them has taken anything from the one that runs.
    expect((await ask(ready, '/v1/sys/health')).status).toBe(200)
    child.kill('SIGTERM')
    await ended
    expect(readdirSync(join(place.runtime, 'coffret'))).toEqual([])
    expect(await credentialsOf(place.vault)).toEqual([])
  })
})

test.each<[readonly string[], string, number]>([
  [['serve', '--vault', 'missing', '--passphrase-file', 'passphrase'], 'not_found', 1],
  [['serve', '--vault', 'passphrase', '--passphrase-file', 'passphrase'], 'not_a_vault', 1],
  [['vault', 'create', 'passphrase', '--passphrase-file', 'passphrase'], 'exists', 1],
  [['p12', 'show', 'missing'], 'not_found', 1],
  [['browser', 'import', 'none', 'missing'], 'not_found', 1],
  [['serve'], 'invalid', 2],
  [['nonsense'], 'invalid', 2],
])('%j --json says a failure in JSON too: %s', async (words, errorCode, code) => {
  const place = new CommandFolder()
  const ended = await place.run(...words, '--json')
  expect(ended.code).toBe(code)
  expect(ended.out).toMatch(/^[^\n]+\n$/)
  expect(JSON.parse(ended.out)).toEqual({
    error: { code: errorCode, message: expect.stringMatching(/./) },
  })
  expect(ended.err).toMatch(/^coffret: [^\n]+\n$/)
})

test('help and version are no failures', async () => {
  const place = new CommandFolder()
  const help = await place.run('serve', '--help')
  expect(help.code).toBe(0)
  expect(help.out).toMatch(/Exit codes: 0/)
  expect(help.out).not.toContain('--detached')
  expect(await place.run('--version')).toMatchObject({ code: 0, out: '0.1.0\n' })
})
