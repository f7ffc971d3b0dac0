import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { BrowserImport, BrowserList } from '../../src-main/contract/browser-calls'
import { certutil, credential } from '../pki/browsers/nss-home'
import { CommandFolder, buildCommand } from './built-command'

buildCommand()

/** The command in a home where a Chromium was started once, with a certificate and its key in files. */
function home() {
  const commands = new CommandFolder()
  const { environment, folder } = commands
  delete environment['XDG_DATA_HOME']
  Object.assign(environment, { HOME: folder, XDG_CONFIG_HOME: join(folder, '.config') })
  mkdirSync(join(folder, '.config/google-chrome'), { recursive: true })
  const { files, fingerprint } = credential()
  const names = files.map(({ name, bytes }) => commands.write(name, Buffer.from(bytes).toString()))
  return { commands, names, fingerprint, database: join(folder, '.local/share/pki/nssdb') }
}

test('a certificate goes into a browser and out again', async () => {
  const { commands, names, fingerprint, database } = home()
  const before = await commands.run('browser', 'list')
  expect(before).toMatchObject({ code: 0, err: '' })
  expect(before.out).toBe(`chromium  Google Chrome (no database yet)\n  ${database}\n`)

  const done = await commands.run('browser', 'import', 'chromium', ...names, '--name', 'prod')
  expect(done).toMatchObject({ code: 0, err: '' })
  const [first, second, third, last] = done.out.split('\n')
  expect([first, second, third].map((line) => line?.split(' -')[0])).toEqual([
    'runs: certutil',
    'runs: pk12util',
    'runs: certutil',
  ])
  expect(last).toMatch(new RegExp(`^imported as Coffret - prod \\(.{8}\\), ${fingerprint}$`))
  expect(certutil(database, ['-K'])).toContain('Coffret - prod')

  const list = await commands.run('browser', 'list', '--json')
  const { stores } = BrowserList.parse(JSON.parse(list.out))
  expect(stores[0]?.certificates.map((one) => one.sha256Fingerprint)).toEqual([fingerprint])
  const start = fingerprint.slice(0, 11)
  const removed = await commands.run('browser', 'remove', 'chromium', start, '--json')
  expect(z.object({ subject: z.string() }).parse(JSON.parse(removed.out)).subject).toContain(
    'client',
  )
  expect(() => certutil(database, ['-K'])).toThrow()
  expect(readdirSync(commands.runtime)).toEqual([])
})

test('the result of an import is one line of JSON', async () => {
  const { commands, names, fingerprint } = home()
  const { code, out } = await commands.run('browser', 'import', 'chromium', ...names, '--json')
  expect(code).toBe(0)
  const { certificate, canBeRemoved } = BrowserImport.parse(JSON.parse(out))
  expect([certificate.sha256Fingerprint, canBeRemoved]).toEqual([fingerprint, true])
})

test('a failure ends with 1, wrong words with 2, and both say why', async () => {
  const { commands, names, fingerprint, database } = home()
  const unknown = await commands.run('browser', 'import', 'netscape', ...names)
  expect(unknown).toMatchObject({ code: 1, out: '' })
  expect(unknown.err).toBe('coffret: no such certificate store: see coffret browser list\n')
  expect((await commands.run('browser', 'import', 'chromium')).code).toBe(2)
  const missing = await commands.run('browser', 'remove', 'chromium', fingerprint)
  expect(missing).toMatchObject({ code: 1 })

  mkdirSync(database, { recursive: true })
  for (const name of ['cert9.db', 'key4.db']) commands.write(`.local/share/pki/nssdb/${name}`, 'x')
  const damaged = await commands.run('browser', 'import', 'chromium', ...names)
  expect(damaged.code).toBe(1)
  expect(damaged.err).toContain('is damaged; nothing was changed')
  expect(damaged.err).not.toContain('vault')
})

test('no password is left behind by an import that is ended, nor for long by one that is killed', async () => {
  const { commands, names } = home()
  const { folder, environment, runtime } = commands
  const tools = join(folder, 'bin')
  const [started, held] = [join(folder, 'started'), join(folder, 'held')]
  mkdirSync(tools)
  execFileSync('mkfifo', [started, held])
  // It says who it is, and waits until it is told to end.
  commands.write('bin/pk12util', `#!/bin/sh\necho $$ > ${started}\nread line < ${held}\n`)
  execFileSync('chmod', ['755', join(tools, 'pk12util')])
  const path = environment['PATH']
  const interrupt = async (signal: 'SIGTERM' | 'SIGKILL') => {
    environment['PATH'] = `${tools}:${path}`
    const { child, ended } = commands.start('browser', 'import', 'chromium', ...names)
    const tool = Number(await readFile(started, 'utf8'))
    onTestFinished(() => void spawnSync('kill', [`${tool}`]))
    const [left = ''] = readdirSync(runtime)
    expect(readFileSync(join(runtime, left, 'password'), 'utf8')).toMatch(/^[0-9a-f]{48}$/)
    child.kill(signal)
    expect(await ended).toEqual({ code: null, signal })
    environment['PATH'] = path
    return readdirSync(runtime)
  }
  expect(await interrupt('SIGTERM')).toEqual([])
  expect(await interrupt('SIGKILL')).toHaveLength(1)
  await commands.run('browser', 'list')
  expect(readdirSync(runtime)).toEqual([])
})
